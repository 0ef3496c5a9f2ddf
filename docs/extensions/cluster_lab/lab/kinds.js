/** @file The kinds of objects that this cluster has, and what each is called where. */

/**
 * @typedef {object} Kind
 * @property {string} kind as a manifest says it
 * @property {string} apiVersion
 * @property {string} one the name on the command line, for one
 * @property {string} many … and for several
 * @property {string[]} short
 * @property {string} group behind the name, where kubectl tells what it did
 * @property {"corev1" | "appsv1" | "discoveryv1"} api
 * @property {string} method the end of the names of the API's methods
 * @property {boolean} isInNamespace
 * @property {string} key its list in the state of a lab
 */

/** @type {Kind[]} */
export const KINDS = [
  of("Pod", "v1", "pod", "pods", ["po"], "corev1"),
  of("Service", "v1", "service", "services", ["svc"], "corev1"),
  of("Deployment", "apps/v1", "deployment", "deployments", ["deploy"], "appsv1"),
  of("ReplicaSet", "apps/v1", "replicaset", "replicasets", ["rs"], "appsv1", "replicaSets"),
  { ...of("Node", "v1", "node", "nodes", ["no"], "corev1"), method: "Node", isInNamespace: false },
  of("EndpointSlice", "discovery.k8s.io/v1", "endpointslice", "endpointslices", [], "discoveryv1", "endpoints"),
  of("Event", "v1", "event", "events", ["ev"], "corev1"),
];

/** @returns {Kind} */
function of(kind, apiVersion, one, many, short, api, key = many) {
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
  return { kind, apiVersion, one, many, short, group, api, method: `Namespaced${kind}`, isInNamespace: true, key };
}

/** @param {string} kind one that this cluster has @returns {Kind} */
export function kindOf(kind) {
  return /** @type {Kind} */ (KINDS.find((it) => it.kind === kind));
}

/**
 * The kind that a word on the command line means.
 * @param {string} word such as "po", "pods", "deployment.apps"
 */
export function kindNamed(word) {
  const plain = word.toLowerCase().replace(/\.(apps|discovery\.k8s\.io)$/, "");
  return KINDS.find((it) => it.one === plain || it.many === plain || it.short.includes(plain));
}

/** Objects as controllers see them: does a selector's every label stand in `labels`? */
export function matches(selector, labels) {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels?.[key] === value);
}

/** @param {any} pod */
export function isReady(pod) {
  const ready = pod.status?.conditions?.find((it) => it.type === "Ready");
  return ready?.status === "True" && !pod.metadata.deletionTimestamp;
}

/** The Pods that a ReplicaSet or Deployment keeps, by the owners that stand in them. */
export function podsOf(state, owner) {
  const isOwned = (object, by) => object.metadata.ownerReferences?.some((it) => it.uid === by.metadata.uid);
  const owners = owner.kind === "Deployment" ? state.replicaSets.filter((it) => isOwned(it, owner)) : [owner];
  return state.pods.filter((pod) => owners.some((it) => isOwned(pod, it)));
}
