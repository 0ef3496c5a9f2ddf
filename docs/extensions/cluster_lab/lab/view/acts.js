/** @file Who did what between two looks at a cluster, in sentences. */

import { count, list } from "./words.js";

/** @typedef {import("./model.js").Model} Model @typedef {import("./model.js").Pod} Pod */

/** @typedef {"api"|"deployment"|"replicaset"|"scheduler"|"endpoints"|"kubelet"} Actor */

/**
 * @typedef {object} Act
 * @property {Actor} actor
 * @property {string} [node] whose kubelet it is
 * @property {string} words what it did; goes on after the actor's name
 * @property {string} [pod] the pod it is about
 * @property {string} [set] the ReplicaSet it is about
 * @property {string} [service] the Service it is about
 */

/** @type {Record<Actor, string>} */
const NAMES = {
  api: "API server",
  deployment: "Deployment controller",
  replicaset: "ReplicaSet controller",
  scheduler: "Scheduler",
  endpoints: "EndpointSlice controller",
  kubelet: "kubelet",
};

/** Who it is, as it is called. @param {Act} act */
export function nameOf({ actor, node }) {
  return node ? `${NAMES[actor]} of ${node}` : NAMES[actor];
}

/** What happened between two models, in the order of cause and effect. @param {Model} before @param {Model} after @returns {Act[]} */
export function acts(before, after) {
  return [
    ...ofNodes(before, after),
    ...ofDeployments(before, after),
    ...ofServices(before, after),
    ...ofReplicaSets(before, after),
    ...ofPods(before, after),
    ...ofEndpoints(before, after),
  ];
}

/** @template {{name: string}} T @param {T[]} before @param {T[]} after @returns {{was: T|null, is: T|null}[]} */
function pairs(before, after) {
  const old = new Map(before.map((it) => [it.name, it]));
  const now = new Set(after.map((it) => it.name));
  return [
    ...before.filter((it) => !now.has(it.name)).map((was) => ({ was, is: null })),
    ...after.map((is) => ({ was: old.get(is.name) ?? null, is })),
  ];
}

/** @returns {Act[]} */
function ofNodes(before, after) {
  return pairs(before.nodes, after.nodes).flatMap(({ was, is }) => {
    if (!was || !is || was.isCordoned === is.isCordoned) return [];
    const words = is.isCordoned ? "is cordoned: it gets no new pods" : "takes new pods again";
    return [{ actor: "api", words: `notes that ${is.name} ${words}` }];
  });
}

/** @returns {Act[]} */
function ofDeployments(before, after) {
  return pairs(before.deployments, after.deployments).flatMap(({ was, is }) => {
    const name = (is ?? was).name;
    if (!is) return [{ actor: "api", words: `removes Deployment ${name}` }];
    if (was && was.wanted === is.wanted && was.version === is.version) return [];
    const goal = `${count(is.wanted, "pod")} of version ${is.version}`;
    return [{ actor: "api", words: `stores the desired state of Deployment ${name}: ${goal}` }];
  });
}

/** @returns {Act[]} */
function ofServices(before, after) {
  return pairs(before.services, after.services).flatMap(({ was, is }) => {
    const name = (is ?? was).name;
    if (!is) return [{ actor: "api", words: `removes Service ${name}` }];
    if (was && was.selector === is.selector) return [];
    return [{ actor: "api", service: name, words: `stores Service ${name}: pods with ${is.selector || "no label"}` }];
  });
}

/** @returns {Act[]} */
function ofReplicaSets(before, after) {
  return pairs(before.replicaSets, after.replicaSets).flatMap(({ was, is }) => {
    const { name, owner } = is ?? was;
    const actor = owner ? "deployment" : "api";
    if (!is) return [{ actor, words: `removes ReplicaSet ${name}` }];
    if (!was) {
      const words = `creates ReplicaSet ${name} for version ${is.version}, with ${count(is.wanted, "pod")} wanted`;
      return [{ actor, set: name, words }];
    }
    if (was.wanted === is.wanted) return [];
    return [{ actor, set: name, words: `scales ReplicaSet ${name} from ${was.wanted} to ${is.wanted}` }];
  });
}

/** @returns {Act[]} */
function ofPods(before, after) {
  return pairs(before.pods, after.pods).flatMap(({ was, is }) => ofPod(was, is, before, after));
}

/** @param {Pod|null} was @param {Pod|null} is @param {Model} before @param {Model} after @returns {Act[]} */
function ofPod(was, is, before, after) {
  const pod = is ?? was;
  const about = { pod: pod.name };
  const kubelet = { .../** @type {const} */ ({ actor: "kubelet" }), node: pod.node ?? undefined, ...about };
  if (!is) return [pod.node ? { ...kubelet, words: `has stopped pod ${pod.name}; it is gone` } : { actor: "api", words: `removes pod ${pod.name}` }];
  /** @type {Act[]} */
  const found = [];
  if (!was) found.push(created(is, after));
  if (is.node && !was?.node) {
    found.push({ actor: "scheduler", ...about, words: `chooses ${is.node} for pod ${is.name}` });
  }
  if (is.state === "terminating" && was?.state !== "terminating") found.push(ended(is, before, after));
  else if (is.restarts > (was?.restarts ?? 0)) {
    found.push({ ...kubelet, words: `restarts the container of pod ${is.name} (restart ${is.restarts})` });
  }
  const words = NEWS[is.state]?.(is);
  if (words && (is.state !== was?.state || is.word !== was.word)) found.push({ ...kubelet, words });
  return found;
}

/** What a kubelet tells of a pod that comes into a state. @type {Partial<Record<string, (pod: Pod) => string>>} */
const NEWS = {
  pulling: (pod) => `pulls the image of pod ${pod.name}`,
  starting: (pod) => `starts pod ${pod.name}`,
  unready: (pod) => `runs pod ${pod.name}, which is not ready yet`,
  ready: (pod) => `finds pod ${pod.name} ready`,
  failing: (pod) => `cannot run pod ${pod.name}: ${pod.word}`,
  completed: (pod) => `tells that pod ${pod.name} has completed its work`,
};

/** @param {Pod} pod @param {Model} after @returns {Act} */
function created(pod, after) {
  const set = after.replicaSets.find((it) => it.name === pod.owner);
  if (!set) return { actor: "api", pod: pod.name, words: `stores pod ${pod.name}` };
  return {
    actor: "replicaset",
    pod: pod.name,
    set: set.name,
    words: `creates pod ${pod.name}, as ${set.name} wants ${count(set.wanted, "pod")}`,
  };
}

/** @param {Pod} pod @param {Model} before @param {Model} after @returns {Act} */
function ended(pod, before, after) {
  const set = after.replicaSets.find((it) => it.name === pod.owner);
  const had = before.replicaSets.find((it) => it.name === pod.owner)?.there ?? 0;
  if (!set || had <= set.wanted) {
    return { actor: "api", pod: pod.name, words: `marks pod ${pod.name} for deletion` };
  }
  return {
    actor: "replicaset",
    pod: pod.name,
    set: set.name,
    words: `deletes pod ${pod.name}, as ${set.name} wants only ${set.wanted}`,
  };
}

/** @returns {Act[]} */
function ofEndpoints(before, after) {
  return pairs(before.services, after.services).flatMap(({ was, is }) => {
    if (!is) return [];
    const old = was?.endpoints ?? [];
    const added = is.endpoints.filter((name) => !old.includes(name));
    const removed = old.filter((name) => !is.endpoints.includes(name));
    const parts = [
      added.length > 0 ? `adds ${list(added)} to Service ${is.name}` : "",
      removed.length > 0 ? `takes ${list(removed)} out of Service ${is.name}` : "",
    ].filter(Boolean);
    if (parts.length === 0) return [];
    const pod = added[0] ?? removed[0];
    return [{ actor: "endpoints", service: is.name, pod, words: list(parts) }];
  });
}
