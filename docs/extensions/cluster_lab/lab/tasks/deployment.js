/** @file Checks: a first Pod, a Deployment of three, a Pod that is replaced, a manifest with wrong fields. */

import { isReady, podsOf } from "../kinds.js";
import { statusOf } from "../status.js";
import { count, deploymentOf, done, missing, NAME, notReadyWords } from "./verdict.js";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const FIRST = "first";
const THREE = 3;

export function firstPod({ state }) {
  const pod = state.pods.find((it) => it.metadata.name === FIRST);
  if (!pod) return missing(0, noFirst(state));
  if (pod.metadata.deletionTimestamp) return missing(0, `The Pod "${FIRST}" is being deleted.`);
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") {
    return missing(
      0.5,
      `The program of the Pod "${FIRST}" ended (${statusOf(pod)}). This task wants one that goes on ` +
        "running, such as the server of tiles.",
    );
  }
  if (!isReady(pod))
    return missing(
      0.5,
      `The Pod "${FIRST}" is there, but it is not ready: its status is ${statusOf(pod)}. kubectl ` +
        `describe pod ${FIRST} says at its end what happened.`,
    );
  return done(
    `The Pod "${FIRST}" runs on ${pod.spec.nodeName}. The scheduler chose the node, the kubelet of ` +
      "that node started the container.",
  );
}

function noFirst(state) {
  const others = state.pods.map((it) => it.metadata.name);
  if (state.deployments.length)
    return (
      "There is a Deployment, whose Pods have names of its own making. This task wants one Pod called " +
      `"${FIRST}", without a Deployment.`
    );
  if (others.length)
    return (
      `There is no Pod called "${FIRST}", only ${others.join(", ")}. The name stands in the manifest ` +
      "under metadata."
    );
  return (
    "There is no Pod yet: kubectl get pods shows none. The manifest in the editor is not in the " +
    "cluster until you apply it."
  );
}

export function threePods({ state }) {
  const deployment = deploymentOf(state);
  if (!deployment) {
    const alone = state.pods.filter((it) => !it.metadata.ownerReferences?.length);
    if (alone.length)
      return missing(
        0,
        `There ${alone.length > 1 ? "are" : "is"} ${count(alone.length)} without a Deployment: nobody ` +
          `would replace ${alone.length > 1 ? "them" : "it"}. This task wants a Deployment called "${NAME}" ` +
          "that keeps three.",
      );
    return missing(0, `There is no Deployment called "${NAME}" yet.`);
  }
  const words = notReadyWords(state, deployment, THREE);
  if (words) return missing(0.5, words);
  const nodes = new Set(podsOf(state, deployment).map((it) => it.spec.nodeName));
  return done(`The Deployment asks for 3 Pods, and 3 are ready, on ${count(nodes.size, "node")}.`);
}

export function healed({ state, history, did }) {
  const deployment = deploymentOf(state);
  if (!deployment)
    return missing(
      0,
      `The Deployment "${NAME}" is gone, and with it all that would bring Pods back. Start again, and ` +
        "delete one Pod only.",
    );
  const deleted = did
    .filter((it) => it.verb === "delete" && it.kind === "Pod")
    .map((it) => storyOf(history, it))
    .filter(Boolean);
  const kept = deleted.filter((it) => state.replicaSets.some((rs) => rs.metadata.uid === it.owner));
  if (kept.length === 0) return missing(0, notDeleted(did, deleted));
  const successor = [...history.pods.values()].find((it) =>
    kept.some((gone) => gone.owner === it.owner && it.created >= (gone.deleted ?? Infinity)),
  );
  if (!successor)
    return missing(
      0.5,
      `You deleted ${kept[0].name}. No Pod took its place yet: is the cluster paused, and does ` +
        "the Deployment still want as many Pods?",
    );
  const words = notReadyWords(state, deployment, THREE);
  if (words) return missing(0.75, words);
  return done(
    `You deleted ${kept[0].name}; ${successor.name} took its place. Nobody told the cluster to: the ` +
      "ReplicaSet's controller counted 2 where 3 were wanted.",
  );
}

/** The story of the Pod that a command deleted: the one of that name that was there then. */
function storyOf(history, deed) {
  return [...history.pods.values()].filter((it) => it.name === deed.name && it.created <= deed.time).at(-1);
}

function notDeleted(did, deleted) {
  if (deleted.length)
    return (
      "The Pod that you deleted belonged to no ReplicaSet that is still there, so nobody replaces it. " +
      "Delete one of the Pods of the Deployment."
    );
  const verbs = new Set(did.map((it) => `${it.verb} ${it.kind}`));
  if (verbs.has("delete ReplicaSet"))
    return (
      "You deleted the ReplicaSet; the Deployment made another one. This task is about one Pod: delete " +
      "one, and watch."
    );
  if (verbs.has("scale Deployment"))
    return (
      "Scaling changes how many Pods are wanted. This task leaves that as it is: delete one Pod, and " +
      "watch who acts."
    );
  if (verbs.has("drain Node"))
    return "Draining evicts all Pods of a node. This task is about one Pod: delete it yourself, and watch who acts.";
  return "No Pod of the Deployment was deleted yet. kubectl get pods shows their names.";
}

const PORT = 8080;

export function fieldRepaired({ state }) {
  const deployment = deploymentOf(state);
  if (!deployment)
    return missing(
      0,
      `There is no Deployment called "${NAME}": a manifest with a fault is refused whole. kubectl apply ` +
        "-f manifest.yaml names each line and what is wrong with it.",
    );
  const applied = JSON.parse(deployment.metadata.annotations?.[LAST_APPLIED] ?? "{}");
  const [container] = applied.spec?.template?.spec?.containers ?? [];
  if (applied.spec?.replicas === undefined)
    return missing(
      0.3,
      "The manifest was taken, but it no longer says how many Pods there should be. A line that is " +
        "wrong should be put right, not left out.",
    );
  if (!container?.ports?.some((it) => it.containerPort === PORT))
    return missing(
      0.5,
      `The manifest was taken, but the container no longer tells its port, ${PORT}. A line that is ` +
        "wrong should be put right, not left out.",
    );
  if (applied.spec.replicas !== THREE)
    return missing(
      0.5,
      `The manifest asks for ${count(applied.spec.replicas)}; at the beginning its author wanted ${THREE}.`,
    );
  const words = notReadyWords(state, deployment, THREE);
  if (words) return missing(0.75, words);
  return done(
    "The manifest is right now: 3 Pods are ready, as it says. If the API server ignored the " +
      "unknown field, there would be 1.",
  );
}
