/** @file What all checks share: verdicts, and words on Pods. */

import { isReady, podsOf } from "../kinds.js";
import { statusOf } from "../status.js";

/** @typedef {{isDone: boolean, share: number, words: string}} Verdict share: how much of the task is done, 0 to 1 */

/** @returns {Verdict} */
export const done = (words) => ({ isDone: true, share: 1, words });

/** @returns {Verdict} */
export const missing = (share, words) => ({ isDone: false, share, words });

/** The name of the Deployment and the Service that the tasks are about. */
export const NAME = "tiles";

export const deploymentOf = (state) => state.deployments.find((it) => it.metadata.name === NAME);

/** "1 Pod", "3 Pods", "no Pod". */
export function count(number, word = "Pod") {
  return `${number === 0 ? "no" : number} ${word}${number > 1 ? "s" : ""}`;
}

export const are = (number) => (number > 1 ? "are" : "is");

export const imagesOf = (spec) => spec.containers.map((it) => it.image).join(", ");

/**
 * What of a Deployment's Pods is not as it should be: too few wanted, some not ready, some of a version before.
 * @returns {string} nothing if all is well
 */
export function notReadyWords(state, deployment, wanted) {
  const { replicas, template } = deployment.spec;
  if (replicas !== wanted)
    return `The Deployment ${NAME} asks for ${count(replicas)}, and it should ask for ${wanted}.`;
  const all = podsOf(state, deployment).filter((it) => !it.metadata.deletionTimestamp);
  const pods = all.filter((it) => imagesOf(it.spec) === imagesOf(template.spec));
  const ready = pods.filter(isReady);
  const before = all.length - pods.length;
  if (ready.length === wanted && pods.length === wanted && !before) return "";
  const version = before ? ` ${imagesOf(template.spec)}` : "";
  const seen =
    `${ready.length} of the ${wanted} Pods wanted${version && ` of${version}`} ` +
    `${ready.length === 1 ? "is" : "are"} ready.`;
  const still = before ? ` ${count(before)} of another version ${before > 1 ? "are" : "is"} still there.` : "";
  const others = [...new Set(pods.filter((it) => !isReady(it)).map(statusOf))];
  const help = HELP[others.length === 1 ? others[0] : ""] ?? HELP.other;
  return `${seen}${still}${others.length ? ` Status of the others: ${others.join(", ")}.` : ""} ${help}`;
}

const HELP = {
  Running:
    "They run, but do not say that they are ready: kubectl describe pod shows what their readiness " +
    "probe gets, kubectl logs what the program says.",
  ErrImagePull:
    "The node cannot fetch the image: kubectl describe pod shows which one, kubectl help which ones there are.",
  ImagePullBackOff:
    "The node cannot fetch the image: kubectl describe pod shows which one, kubectl help which ones there are.",
  CrashLoopBackOff: "The program ends again and again: kubectl logs says why.",
  Pending: "No node may take them: kubectl describe pod says why.",
  other: "Give them a few seconds, or look with kubectl get pods.",
};
