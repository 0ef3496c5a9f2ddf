/** @file Check: a node is closed and empty, and all Pods run elsewhere. */

import { podsOf } from "../kinds.js";
import { count, deploymentOf, done, missing, NAME, notReadyWords } from "./verdict.js";

const NODE = "node-2";
const WANTED = 4;

/** @param {import("../cluster.js").Lab} lab */
export function drained({ state }) {
  const deployment = deploymentOf(state);
  if (!deployment)
    return missing(0, `The Deployment "${NAME}" is gone: the node is empty, but so is the service. Start again.`);
  const node = state.nodes.find((it) => it.metadata.name === NODE);
  const here = state.pods.filter((it) => it.spec.nodeName === NODE);
  const others = state.nodes
    .filter((it) => it.metadata.name !== NODE && it.spec?.unschedulable)
    .map((it) => it.metadata.name);
  if (!node?.spec?.unschedulable) return missing(0, openWords(here, others));
  const staying = here.filter((it) => !it.metadata.deletionTimestamp);
  if (staying.length)
    return missing(
      0.5,
      `${NODE} takes no new Pods any more, but ${count(staying.length)} still ` +
        `${staying.length > 1 ? "run" : "runs"} there: closing a node does not move what runs on it. ` +
        "kubectl get pods -o wide",
    );
  if (here.length) return missing(0.75, `${NODE} is closed, and its last Pods are ending. A moment.`);
  const words = notReadyWords(state, deployment, WANTED);
  if (words)
    return missing(
      0.75,
      words +
        (others.length
          ? ` ${others.join(" and ")} ${others.length > 1 ? "are" : "is"} closed too: where should the Pods go?`
          : ""),
    );
  const nodes = new Set(podsOf(state, deployment).map((it) => it.spec.nodeName));
  return done(
    `${NODE} is closed and empty, and all ${WANTED} Pods are ready on ` +
      `${[...nodes].sort().join(" and ")}: it could be switched off now.`,
  );
}

function openWords(here, others) {
  if (others.length)
    return (
      `${others.join(" and ")} ${others.length > 1 ? "are" : "is"} closed to new Pods, but the task is ` +
      `about ${NODE}, which is open.`
    );
  if (here.length === 0)
    return (
      `No Pod runs on ${NODE} at the moment, but it is open: the next new Pod may go there. kubectl get ` +
      "nodes shows its status."
    );
  return (
    `${NODE} is open, and ${count(here.length)} ${here.length > 1 ? "run" : "runs"} there. Deleting ` +
    "Pods alone does not help: new ones may come to the same node."
  );
}
