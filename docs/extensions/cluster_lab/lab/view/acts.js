/** @file Who did what between two looks at a cluster, in sentences. */

import { count, list } from "./words.js";

/** @typedef {import("./model.js").Model} Model @typedef {import("./model.js").Pod} Pod @typedef {import("./model.js").Node} Node @typedef {import("./model.js").Service} Service */

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

/**
 * What happened between two models, in the order of cause and effect.
 *
 * @param {Model} before
 * @param {Model} after
 * @returns {Act[]}
 */
export function acts(before, after) {
  return [
    ...compared(before.nodes, after.nodes, { changed: cordoned }),
    ...compared(before.deployments, after.deployments, {
      added: declared,
      changed: (was, is) => (was.wanted === is.wanted && was.version === is.version ? [] : declared(is)),
      gone: ({ name }) => [{ actor: "api", words: `removes Deployment ${name}` }],
    }),
    ...compared(before.services, after.services, {
      added: exposed,
      changed: (was, is) => (was.selector === is.selector ? [] : exposed(is)),
      gone: ({ name }) => [{ actor: "api", words: `removes Service ${name}` }],
    }),
    ...compared(before.replicaSets, after.replicaSets, {
      added: (is) => [setAct(is, `creates ReplicaSet ${is.name}: ${count(is.wanted, "pod")} of version ${is.version}`)],
      changed: (was, is) =>
        was.wanted === is.wanted ? [] : [setAct(is, `scales ReplicaSet ${is.name} from ${was.wanted} to ${is.wanted}`)],
      gone: (was) => [setAct(was, `removes ReplicaSet ${was.name}`)],
    }),
    ...compared(before.pods, after.pods, {
      added: (is) => [created(is, after), ...progress(null, is, before, after)],
      changed: (was, is) => progress(was, is, before, after),
      gone,
    }),
    ...compared(before.services, after.services, {
      added: (is) => routed([], is),
      changed: (was, is) => routed(was.endpoints, is),
    }),
  ];
}

/**
 * Pairs what has the same name, and asks what became of it.
 *
 * @template {{name: string}} T
 * @param {T[]} before
 * @param {T[]} after
 * @param {{added?: (is: T) => Act[], changed: (was: T, is: T) => Act[], gone?: (was: T) => Act[]}} ask
 * @returns {Act[]}
 */
function compared(before, after, { added = () => [], changed, gone: left = () => [] }) {
  const old = new Map(before.map((it) => [it.name, it]));
  const now = new Set(after.map((it) => it.name));
  return [
    ...before.filter((it) => !now.has(it.name)).flatMap(left),
    ...after.flatMap((is) => {
      const was = old.get(is.name);
      return was ? changed(was, is) : added(is);
    }),
  ];
}

/** @param {Node} was @param {Node} is @returns {Act[]} */
function cordoned(was, is) {
  if (was.isCordoned === is.isCordoned) return [];
  const words = is.isCordoned ? "is cordoned: it gets no new pods" : "takes new pods again";
  return [{ actor: "api", words: `notes that ${is.name} ${words}` }];
}

/** @param {import("./model.js").Deployment} it @returns {Act[]} */
function declared({ name, wanted, version }) {
  const goal = `${count(wanted, "pod")} of version ${version}`;
  return [{ actor: "api", words: `stores the desired state of Deployment ${name}: ${goal}` }];
}

/** @param {Service} it @returns {Act[]} */
function exposed({ name, selector }) {
  return [{ actor: "api", service: name, words: `stores Service ${name}: pods with ${selector || "no label"}` }];
}

/** @param {import("./model.js").ReplicaSet} it @param {string} words @returns {Act} */
function setAct({ name, owner }, words) {
  return { actor: owner ? "deployment" : "api", set: name, words };
}

/** @param {Pod} pod @param {Model} after @returns {Act} */
function created(pod, after) {
  const set = after.replicaSets.find((it) => it.name === pod.owner);
  if (!set) return { actor: "api", pod: pod.name, words: `stores pod ${pod.name}` };
  const words = `creates pod ${pod.name}, as ${set.wanted} ${set.wanted === 1 ? "is" : "are"} wanted`;
  return { actor: "replicaset", pod: pod.name, words };
}

/** @param {Pod} pod @returns {Act[]} */
function gone(pod) {
  if (!pod.node) return [{ actor: "api", words: `removes pod ${pod.name}` }];
  return [kubeletAct(pod, `has stopped pod ${pod.name}; it is gone`)];
}

/** @param {Pod} pod @param {string} words @returns {Act} */
function kubeletAct({ name, node }, words) {
  return { actor: "kubelet", node: node ?? undefined, pod: name, words };
}

/** What a pod went through. @param {Pod|null} was @param {Pod} is @param {Model} before @param {Model} after @returns {Act[]} */
function progress(was, is, before, after) {
  /** @type {Act[]} */
  const found = [];
  if (is.node && !was?.node) {
    found.push({ actor: "scheduler", pod: is.name, words: `chooses ${is.node} for pod ${is.name}` });
  }
  if (is.state === "terminating" && was?.state !== "terminating") found.push(ended(is, before, after));
  else if (is.restarts > (was?.restarts ?? 0)) {
    found.push(kubeletAct(is, `restarts the container of pod ${is.name} (restart ${is.restarts})`));
  }
  const words = NEWS[is.state]?.(is);
  if (words && (is.state !== was?.state || is.word !== was.word)) found.push(kubeletAct(is, words));
  return found;
}

/** What a kubelet tells of a pod that comes into a state. @type {Partial<Record<string, (pod: Pod) => string>>} */
const NEWS = {
  pulling: (pod) => `pulls the image of pod ${pod.name}`,
  starting: (pod) => `starts pod ${pod.name}`,
  unready: (pod) => `runs pod ${pod.name}, which is not ready`,
  ready: (pod) => `finds pod ${pod.name} ready`,
  failing: (pod) => `cannot run pod ${pod.name}: ${pod.word}`,
  completed: (pod) => `tells that pod ${pod.name} has completed its work`,
};

/** Who wants a pod to end: its controller if there are too many, else whoever asked the API server. */
function ended(pod, before, after) {
  const set = after.replicaSets.find((it) => it.name === pod.owner);
  const had = before.replicaSets.find((it) => it.name === pod.owner)?.there ?? 0;
  if (!set || had <= set.wanted) {
    return { actor: /** @type {const} */ ("api"), pod: pod.name, words: `marks pod ${pod.name} for deletion` };
  }
  const words = `deletes pod ${pod.name}, as only ${set.wanted} ${set.wanted === 1 ? "is" : "are"} wanted`;
  return { actor: /** @type {const} */ ("replicaset"), pod: pod.name, words };
}

/** @param {string[]} old endpoints @param {Service} is @returns {Act[]} */
function routed(old, is) {
  const added = is.endpoints.filter((name) => !old.includes(name));
  const removed = old.filter((name) => !is.endpoints.includes(name));
  const parts = [
    added.length > 0 ? `adds ${pods(added)} to Service ${is.name}` : "",
    removed.length > 0 ? `takes ${pods(removed)} out of Service ${is.name}` : "",
  ].filter(Boolean);
  return parts.length > 0 ? [{ actor: "endpoints", service: is.name, words: list(parts) }] : [];
}

/**
 * What was warned of for the first time: a probe that fails once a second is told once.
 *
 * @param {any[]} events of a Lab's state
 * @param {Set<string>} known what was told; what is new is added
 * @param {Model} model
 * @returns {Act[]}
 */
export function warnings(events, known, model) {
  return events.flatMap(({ type, actor, about, message }) => {
    const key = `${about} ${message}`;
    if (type !== "Warning" || known.has(key)) return [];
    known.add(key);
    const pod = model.pods.find(({ name }) => about === `Pod/${name}`);
    const who = /** @type {Act["actor"]} */ (ACTORS[actor] ?? "api");
    return [{
      actor: who,
      node: who === "kubelet" ? pod?.node ?? undefined : undefined,
      pod: pod?.name,
      words: `warns of ${about.replace("/", " ")}: ${message.replace(/\.$/, "")}`,
    }];
  });
}

/** As events name who wrote them. @type {Record<string, Actor>} */
const ACTORS = {
  "kubelet": "kubelet",
  "default-scheduler": "scheduler",
  "replicaset-controller": "replicaset",
  "deployment-controller": "deployment",
};

/** One by its name, several by their number. @param {string[]} names */
function pods(names) {
  return names.length === 1 ? `pod ${names[0]}` : count(names.length, "pod");
}
