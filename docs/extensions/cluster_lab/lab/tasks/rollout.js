/** @file Checks: a new version rolled out while requests go on, and a broken one taken back. */

import { isReady, podsOf } from "../kinds.js";
import { count, deploymentOf, done, imagesOf, missing, NAME, notReadyWords } from "./verdict.js";

const WANTED = 3;
const NEW = "tiles:2.0";
const BEFORE = "tiles:1.0";
const BROKEN = "tiles:2.1";
/** Requests within this many milliseconds around the change are looked at. */
const MARGIN = 2000;
/** Fewer requests than this say nothing about it. */
const ENOUGH = 10;

/** @param {import("../cluster.js").Lab} lab */
export function rolledOut(lab) {
  const { state, load } = lab;
  const deployment = deploymentOf(state);
  if (!deployment)
    return missing(
      0,
      `The Deployment "${NAME}" is gone: nothing serves any more. A new version does not need a new Deployment.`,
    );
  const image = imagesOf(deployment.spec.template.spec);
  if (image !== NEW) return missing(0, otherImage(state, deployment, image));
  const words = notReadyWords(state, deployment, WANTED);
  if (words) return missing(0.5, words);
  const { from, to } = change(lab);
  const asked = load.between(from - MARGIN, to + MARGIN);
  if (asked.length < ENOUGH)
    return missing(
      0.5,
      `All Pods run ${NEW}, but hardly any request was sent while they were exchanged ` +
        `(${asked.length}), so nobody knows whether one would have failed. Press "Start load", go back to ` +
        "the version before, and roll out again.",
    );
  const failed = asked.filter((it) => !it.ok);
  if (failed.length) return missing(0.6, failedWords(failed, asked, deployment));
  if (lab.now < to + MARGIN) return missing(0.9, "The last old Pod has only just gone. Look a moment longer.");
  return done(
    `All ${WANTED} Pods run ${NEW}, and none of the ${asked.length} requests sent meanwhile failed: ` +
      "an old Pod went only when a new one was ready.",
  );
}

function otherImage(state, deployment, image) {
  if (image === "tiles:1.0") return `The Deployment "${NAME}" still asks for ${image}; the new version is ${NEW}.`;
  const ready = podsOf(state, deployment).filter((it) => isReady(it) && imagesOf(it.spec) === image).length;
  return (
    `The Deployment "${NAME}" asks for ${image}, which is not the version wanted, ${NEW}. Of that one ` +
    `${count(ready)} ${ready > 1 ? "are" : "is"} ready.`
  );
}

/** When the Pods of now came, and the last of those before went. */
function change({ history, state, now }) {
  const stories = [...history.pods.values()].filter((it) => it.owner);
  const isNew = (it) => it.images.includes(NEW);
  let from = Infinity;
  let until = -Infinity;
  for (const it of stories.filter(isNew)) {
    // A gap without any Pod of the new version: it was taken back meanwhile, and rolled out again.
    if (it.created > until) from = it.created;
    until = Math.max(until, it.gone ?? Infinity);
  }
  const living = new Set(state.pods.map((it) => it.metadata.uid));
  const ready = stories.filter((it) => isNew(it) && living.has(it.uid)).map((it) => it.ready ?? now);
  const gone = stories.filter((it) => !isNew(it)).map((it) => it.gone ?? now);
  return { from, to: Math.max(...ready, ...gone) };
}

function failedWords(failed, asked, deployment) {
  const { strategy, template } = deployment.spec;
  const told =
    `All Pods run ${NEW}, but ${failed.length} of the ${asked.length} requests sent meanwhile failed ` +
    `(${failed[0].reason}).`;
  const again = "Go back to the version before, and roll out again.";
  if (strategy?.type === "Recreate")
    return `${told} The Deployment's strategy lets all old Pods go before the first new one comes. ${again}`;
  if (!template.spec.containers[0].readinessProbe)
    return (
      `${told} How should the Service know from when on a new Pod can answer? The manifest told it ` +
      `before. ${again}`
    );
  return (
    `${told} For a while there were no Pods that were ready: what did you do to the old ones? A ` +
    `Deployment exchanges them one after the other, if you let it. ${again}`
  );
}

/** @param {import("../cluster.js").Lab} lab */
export function rolledBack({ state, history }) {
  const deployment = deploymentOf(state);
  if (!deployment)
    return missing(
      0,
      `The Deployment "${NAME}" is gone: nothing serves any more. To go back, a Deployment has to be ` +
        "there, and it remembers its versions. Start again.",
    );
  const tried = [...history.pods.values()].filter((it) => it.owner && it.images.includes(BROKEN));
  if (tried.length === 0)
    return missing(
      0,
      `No Pod of ${BROKEN} was seen yet. Roll it out first, and look at what happens to the Pods that serve.`,
    );
  const story = history.deployments.get(deployment.metadata.uid);
  if (!story || story.created > tried[0].created)
    return missing(
      0.25,
      "The Deployment was deleted and made again: for a while nothing served, and its versions are " +
        "forgotten. Start again, and go back without deleting it.",
    );
  const image = imagesOf(deployment.spec.template.spec);
  if (image === BROKEN) {
    return missing(
      0.5,
      `The Deployment asks for ${BROKEN}, whose Pods never get ready. Meanwhile ` +
        `${serving(state, deployment)}. kubectl rollout history shows the versions that it remembers.`,
    );
  }
  if (image !== BEFORE)
    return missing(
      0.5,
      `The Deployment asks for ${image} now. That is a further change, not the way back: kubectl rollout ` +
        `history shows the versions that it remembers, and the one before ${BROKEN} is among them.`,
    );
  const words = notReadyWords(state, deployment, WANTED);
  if (words) return missing(0.75, words);
  return done(
    `All ${WANTED} Pods run ${image} again. While ${BROKEN} was stuck, the old Pods served on: the ` +
      "Deployment takes none away before a new one is ready.",
  );
}

function serving(state, deployment) {
  const ready = podsOf(state, deployment).filter((it) => isReady(it) && imagesOf(it.spec) !== BROKEN).length;
  return (
    `${count(ready)} of the version before ${ready > 1 ? "are" : "is"} ready and ` + `${ready > 1 ? "serve" : "serves"}`
  );
}
