/** @file The cluster in whole sentences: what is desired, what is there, and all of it as a list. */

import { WORDS } from "./model.js";

/** @typedef {import("./model.js").Model} Model */

/** @param {number} count @param {string} noun @returns {string} "1 pod", "3 pods" */
export function count(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** "a", "a and b", "a, b and c" @param {string[]} parts @returns {string} */
export function list(parts) {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** What students declared. @param {Model} model @returns {string} */
export function desired(model) {
  const parts = model.deployments.map(
    (it) => `${it.name}: ${count(it.wanted, "pod")} of version ${it.version}`,
  );
  parts.push(...model.replicaSets.filter((it) => !it.owner).map((it) => `${it.name}: ${count(it.wanted, "pod")}`));
  const alone = model.pods.filter((pod) => !pod.owner).map((pod) => `pod ${pod.name} of version ${pod.version}`);
  return [...parts, ...alone].join("; ") || "nothing yet";
}

/** What runs. @param {Model} model @returns {string} */
export function actual(model) {
  const parts = /** @type {(keyof typeof WORDS)[]} */ (Object.keys(WORDS))
    .map((state) => /** @type {const} */ ([state, model.pods.filter((pod) => pod.state === state).length]))
    .filter(([, many]) => many > 0)
    .sort(([one], [other]) => Number(other === "ready") - Number(one === "ready"))
    .map(([state, many]) => `${many} ${WORDS[state]}`);
  return parts.length > 0 ? list(parts) : "no pods";
}

/** Does the cluster have what was asked for, and nothing else? @param {Model} model */
export function isSettled(model) {
  return (
    model.deployments.every((it) => it.ready === it.wanted) &&
    model.replicaSets.every((it) => it.there === it.wanted) &&
    model.pods.every((pod) => pod.state === "ready" || pod.state === "completed")
  );
}

/**
 * The whole picture as sentences.
 *
 * @param {Model} model
 * @param {import("./picture.js").Load} [load]
 * @returns {string[]}
 */
export function inFull(model, load) {
  return [
    ...model.deployments.map(
      (it) => `Deployment ${it.name}: ${it.wanted} wanted, ${it.ready} ready, version ${it.version}.`,
    ),
    ...model.replicaSets
      .filter((it) => it.wanted > 0 || it.there > 0)
      .map((it) => `ReplicaSet ${it.name}: ${it.wanted} wanted, ${it.there} there, ${it.ready} ready, version ${it.version}.`),
    ...model.services.map(
      (it) => `Service ${it.name} selects ${it.selector || "nothing"} and has ${count(it.endpoints.length, "endpoint")}.`,
    ),
    ...(load?.service ? [asked(load)] : []),
    ...model.pods.filter((pod) => !pod.node).map((pod) => `No node yet: pod ${describe(pod)}.`),
    ...model.nodes.map((node) => {
      const here = model.pods.filter((pod) => pod.node === node.name).map(describe);
      return `${node.name}${node.isCordoned ? " (cordoned)" : ""}: ${here.join("; ") || "no pods"}.`;
    }),
  ];
}

/** @param {import("./picture.js").Load} load */
function asked({ service, ok, failed, byVersion, isOn }) {
  const versions = Object.entries(byVersion).map(([version, many]) => `${many} by version ${version}`);
  const answered = versions.length > 0 ? ` (${list(versions)})` : "";
  return `The load on Service ${service} ${isOn ? "runs" : "is stopped"}: ${ok} answered${answered}, ${failed} failed.`;
}

/** @param {import("./model.js").Pod} pod */
function describe(pod) {
  const restarts = pod.restarts > 0 ? `, ${count(pod.restarts, "restart")}` : "";
  return `${pod.name}, ${pod.word}, version ${pod.version}${restarts}`;
}
