/** @file Tells in a few sentences what has changed, at most once in a while: for screen readers. */

import { EMPTY } from "./model.js";
import { tell } from "./dom.js";
import { count, list } from "./words.js";

/** @typedef {import("./model.js").Model} Model @typedef {import("./model.js").Pod} Pod */

/** What changes within this time is told together (milliseconds). */
const BATCH = 1500;

/** More pods than this are counted, not named. */
const NAMED = 3;

/** Holds a live region, and fills it in batches. */
export class Announcer {
  #region;
  #told = EMPTY;
  #now = EMPTY;
  #failed = 0;
  #toldFailed = 0;
  #timer = 0;

  /** @param {HTMLElement} region has aria-live="polite" */
  constructor(region) {
    this.#region = region;
  }

  /** @param {Model} model the cluster as it is now @param {number} failed requests of the load that failed so far */
  update(model, failed) {
    this.#now = model;
    this.#failed = failed;
    this.#timer ||= window.setTimeout(() => this.#announce(), BATCH);
  }

  /** Says something at once. @param {string} words */
  say(words) {
    tell(this.#region, words);
  }

  close() {
    window.clearTimeout(this.#timer);
  }

  #announce() {
    this.#timer = 0;
    const failures = this.#failed > this.#toldFailed ? `${count(this.#failed - this.#toldFailed, "request")} failed.` : "";
    const words = [changed(this.#told, this.#now), failures].filter(Boolean).join(" ");
    this.#told = this.#now;
    this.#toldFailed = this.#failed;
    if (words) this.say(words);
  }
}

/**
 * What somebody who does not see the picture wants to know of what has changed.
 *
 * @param {Model} before
 * @param {Model} after
 * @returns {string} empty where it is not worth a word
 */
export function changed(before, after) {
  return [...ofNodes(before, after), ...ofPods(before, after), ...ofSums(before, after)].join(" ");
}

function ofNodes(before, after) {
  const was = new Map(before.nodes.map((node) => [node.name, node.isCordoned]));
  return after.nodes
    .filter(({ name, isCordoned }) => was.has(name) && was.get(name) !== isCordoned)
    .map(({ name, isCordoned }) => `${name} ${isCordoned ? "is cordoned" : "takes new pods again"}.`);
}

/** The kinds of news of pods, in the order in which they are told, and how each is told. */
const KINDS = /** @type {const} */ ({
  gone: { one: () => "is gone", many: "are gone" },
  terminating: { one: () => "is terminating", many: "are terminating" },
  pending: { one: () => "waits for a node", many: "wait for a node" },
  created: { one: (/** @type {Pod} */ pod) => `is new on ${pod.node}`, many: "are new" },
  restarted: { one: (/** @type {Pod} */ pod) => `was restarted, ${count(pod.restarts, "restart")} so far`, many: "were restarted" },
  unready: { one: () => "is no longer ready", many: "are no longer ready" },
  failing: { one: (/** @type {Pod} */ pod) => `is failing: ${pod.word}`, many: "are failing" },
  completed: { one: () => "has completed", many: "have completed" },
  ready: { one: (/** @type {Pod} */ pod) => `is ready on ${pod.node}`, many: "are ready" },
});

function ofPods(before, after) {
  const was = new Map(before.pods.map((pod) => [pod.name, pod]));
  const here = new Set(after.pods.map((pod) => pod.name));
  const kinds = /** @type {(keyof typeof KINDS)[]} */ (Object.keys(KINDS));
  return kinds.flatMap((kind) => {
    const pods =
      kind === "gone"
        ? before.pods.filter((pod) => !here.has(pod.name))
        : after.pods.filter((pod) => kindOf(was.get(pod.name), pod) === kind);
    return pods.length > 0 ? [sentence(KINDS[kind], pods)] : [];
  });
}

/** @param {Pod|undefined} was @param {Pod} is @returns {keyof typeof KINDS|null} */
function kindOf(was, is) {
  if (is.state === "failing") return was?.word === is.word ? null : "failing";
  if (is.restarts > (was?.restarts ?? 0)) return "restarted";
  if (is.state === was?.state) return null;
  if (is.state === "unready" && was?.state === "ready") return "unready";
  if (["ready", "completed", "terminating", "pending"].includes(is.state)) {
    return /** @type {keyof typeof KINDS} */ (is.state);
  }
  return was && was.state !== "pending" ? null : "created";
}

function sentence({ one, many }, pods) {
  if (pods.length === 1) return `Pod ${pods[0].short} ${one(pods[0])}.`;
  if (pods.length > NAMED) return `${pods.length} pods ${many}.`;
  return `Pods ${list(pods.map((pod) => pod.short))} ${many}.`;
}

/** The sums: of Deployments, and of Services' endpoints. */
function ofSums(before, after) {
  const sums = (model) => [
    ...model.deployments.map((it) => `${it.name}: ${it.ready} of ${it.wanted} ready, version ${it.version}.`),
    ...model.services.map((it) => `Service ${it.name}: ${count(it.endpoints.length, "endpoint")}.`),
  ];
  const old = new Set(sums(before));
  return sums(after).filter((words) => !old.has(words));
}
