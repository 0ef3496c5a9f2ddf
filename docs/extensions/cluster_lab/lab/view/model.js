/** @file What the picture and the words need to know of a cluster, read from its objects. */

/**
 * @typedef {"pending"|"pulling"|"starting"|"unready"|"ready"|"failing"|"terminating"|"completed"} PodState
 *
 * @typedef {object} Pod
 * @property {string} name
 * @property {string} short the end of its name, which tells it from its sisters
 * @property {string|null} owner its ReplicaSet
 * @property {string|null} node
 * @property {PodState} state
 * @property {string} word the state as students read it
 * @property {string} version the tag of its image
 * @property {number} restarts
 *
 * @typedef {{name: string, wanted: number, ready: number, version: string}} Deployment
 *
 * @typedef {object} ReplicaSet
 * @property {string} name
 * @property {string|null} owner its Deployment
 * @property {number} wanted
 * @property {number} there pods that are not about to end
 * @property {number} ready
 * @property {string} version
 * @property {number} revision
 *
 * @typedef {{name: string, port: string, selector: string, endpoints: string[]}} Service endpoints are ready pods
 * @typedef {{name: string, isCordoned: boolean}} Node
 *
 * @typedef {object} Model
 * @property {Node[]} nodes
 * @property {Pod[]} pods
 * @property {Deployment[]} deployments
 * @property {ReplicaSet[]} replicaSets the newest first
 * @property {Service[]} services
 */

/** The words of the states. */
export const WORDS = {
  pending: "pending",
  pulling: "pulling image",
  starting: "starting",
  unready: "not ready",
  ready: "ready",
  failing: "failing",
  terminating: "terminating",
  completed: "completed",
};

/** A model of a cluster without anything in it. @type {Model} */
export const EMPTY = { nodes: [], pods: [], deployments: [], replicaSets: [], services: [] };

/**
 * @param {any} state of a Lab: plain objects of Kubernetes
 * @returns {Model}
 */
export function read(state) {
  const pulling = beingPulled(state.events ?? []);
  const pods = state.pods.map((pod) => readPod(pod, pulling));
  return {
    nodes: state.nodes.map((node) => ({
      name: node.metadata.name,
      isCordoned: Boolean(node.spec?.unschedulable),
    })),
    pods,
    deployments: state.deployments.map((it) => ({
      name: it.metadata.name,
      wanted: it.spec.replicas ?? 1,
      ready: it.status?.readyReplicas ?? 0,
      version: versionOf(it.spec.template),
    })),
    replicaSets: state.replicaSets.map((it) => readReplicaSet(it, pods)).sort(byRevision),
    services: state.services
      .filter((it) => it.metadata.name !== "kubernetes")
      .map((it) => readService(it, state.endpoints ?? [])),
  };
}

/** The objects that a pod's image is still being pulled for: the last that its kubelet told of it. */
function beingPulled(events) {
  const last = new Map(events.filter(isOfContainer).map((event) => [event.about, event.reason]));
  return new Set([...last].filter(([, reason]) => reason === "Pulling").map(([about]) => about));
}

function isOfContainer({ reason }) {
  return ["Pulling", "Pulled", "Created", "Started", "Failed", "BackOff"].includes(reason);
}

/** @returns {Pod} */
function readPod(pod, pulling) {
  const { name } = pod.metadata;
  const statuses = pod.status?.containerStatuses ?? [];
  const [state, word] = stateOf(pod, statuses, pulling.has(`Pod/${name}`));
  return {
    name,
    short: name.split("-").at(-1),
    owner: ownerOf(pod, "ReplicaSet"),
    node: pod.spec.nodeName ?? null,
    state,
    word: word ?? WORDS[state],
    version: versionOf(pod),
    restarts: Math.max(0, ...statuses.map((status) => status.restartCount ?? 0)),
  };
}

/** @returns {[PodState, string?]} the state, and its word where the state alone does not say it */
function stateOf(pod, statuses, isPulling) {
  const phase = pod.status?.phase;
  const waiting = statuses.map((status) => status.state?.waiting?.reason).find(isBad);
  const ended = statuses.map((status) => status.state?.terminated).find(Boolean);
  if (pod.metadata.deletionTimestamp) return ["terminating"];
  if (phase === "Succeeded") return ["completed"];
  if (phase === "Failed") return ["failing", "failed"];
  if (waiting) return ["failing", waiting];
  if (ended?.exitCode === 0) return ["completed", "exited"];
  if (ended) return ["failing", `exit code ${ended.exitCode}`];
  if (!pod.spec.nodeName) return ["pending"];
  if (phase === "Running") return [isReady(pod) ? "ready" : "unready"];
  return [isPulling ? "pulling" : "starting"];
}

function isBad(reason) {
  return /Err|BackOff|Invalid/.test(reason ?? "");
}

function isReady(pod) {
  return pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

/** @returns {ReplicaSet} */
function readReplicaSet(it, pods) {
  const own = pods.filter((pod) => pod.owner === it.metadata.name && pod.state !== "terminating");
  return {
    name: it.metadata.name,
    owner: ownerOf(it, "Deployment"),
    wanted: it.spec.replicas ?? 1,
    there: own.length,
    ready: own.filter((pod) => pod.state === "ready").length,
    version: versionOf(it.spec.template),
    revision: Number(it.metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0),
  };
}

/** The newest first: by Deployment, then by revision. */
function byRevision(one, other) {
  return (one.owner ?? "").localeCompare(other.owner ?? "") || other.revision - one.revision;
}

/** @returns {Service} */
function readService(it, slices) {
  const own = slices.filter(
    (slice) => slice.metadata.labels?.["kubernetes.io/service-name"] === it.metadata.name,
  );
  const ready = own.flatMap((slice) => slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready);
  return {
    name: it.metadata.name,
    port: it.spec.ports?.map(({ port }) => port).join(", ") ?? "",
    selector: Object.entries(it.spec.selector ?? {}).map(([key, value]) => `${key}=${value}`).join(", "),
    endpoints: ready.map((endpoint) => endpoint.targetRef?.name).filter(Boolean),
  };
}

function ownerOf(object, kind) {
  return object.metadata.ownerReferences?.find((owner) => owner.kind === kind)?.name ?? null;
}

/** The tag of the first container's image; an image without one is "latest". */
function versionOf(withSpec) {
  const image = withSpec?.spec?.containers?.[0]?.image ?? "";
  return image.split("/").at(-1).split(":")[1] ?? "latest";
}
