/** @file The tasks of the lab: each says what of it is seen in the cluster, and what is missing. */

import { isReady, podsOf } from "./kinds.js";

/** @typedef {{isDone: boolean, share: number, words: string}} Verdict */

const done = (words) => ({ isDone: true, share: 1, words });
const missing = (share, words) => ({ isDone: false, share, words });

/** @type {Map<string, {check: (lab: import("./cluster.js").Lab) => Verdict | Promise<Verdict>, load?: string}>} */
export const TASKS = new Map([
  ["k8s-first-pod", { check: firstPod }],
  ["k8s-three", { check: three }],
]);

function firstPod({ state }) {
  const pod = state.pods.find((it) => it.metadata.name === "first");
  if (!pod) return missing(0, "There is no Pod called first yet.");
  return isReady(pod) ? done("The Pod first runs and is ready.") : missing(0.5, "The Pod first is there, but not ready.");
}

function three({ state }) {
  const [deployment] = state.deployments;
  if (!deployment) return missing(0, "There is no Deployment yet.");
  const ready = podsOf(state, deployment).filter(isReady).length;
  return ready === 3 ? done("3 Pods are ready.") : missing(0.5, `${ready} Pods are ready.`);
}
