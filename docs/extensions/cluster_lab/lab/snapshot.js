/** @file What of a cluster is kept to start again from there: the objects that somebody made. */

const SERVER_FIELDS = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "finalizers"];

/** @param {import("./state.js").State} state */
export function snapshotOf(state) {
  const made = [...state.deployments, ...state.replicaSets, ...state.pods, ...state.services];
  const closed = state.nodes.filter((it) => it.spec?.unschedulable);
  return [...closed.map(closedNode), ...made.filter(isTopLevel).map(cleaned)];
}

function isTopLevel(object) {
  return !object.metadata.ownerReferences?.length && !object.metadata.deletionTimestamp;
}

function cleaned(object) {
  const { status: _status, ...copy } = structuredClone(object);
  for (const field of SERVER_FIELDS) delete copy.metadata[field];
  const annotations = copy.metadata.annotations ?? {};
  for (const name of Object.keys(annotations)) {
    if (/^(deployment\.kubernetes\.io|kubectl\.kubernetes\.io)\//.test(name)) delete annotations[name];
  }
  if (copy.kind === "Pod") delete copy.spec.nodeName;
  if (copy.kind === "Service") {
    delete copy.spec.clusterIP;
    delete copy.spec.clusterIPs;
  }
  return copy;
}

function closedNode(node) {
  return { apiVersion: "v1", kind: "Node", metadata: { name: node.metadata.name }, spec: { unschedulable: true } };
}
