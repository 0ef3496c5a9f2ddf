/** @file What happened to Pods and Deployments so far, for checks that ask about more than what is. */

import { isReady } from "./kinds.js";

/**
 * @typedef {object} PodStory
 * @property {string} name
 * @property {string} uid
 * @property {string} owner uid of the ReplicaSet, or ""
 * @property {string[]} images
 * @property {number} created milliseconds since the start, as all times here
 * @property {number} [ready] when it was ready first
 * @property {number} [deleted] when somebody asked for its end
 * @property {number} [gone] when it was gone
 * @property {number} restarts
 * @property {number} [restarted] when the last restart was seen
 */

export class History {
  /** @param {() => number} now */
  constructor(now) {
    this.now = now;
    /** @type {Map<string, PodStory>} */
    this.pods = new Map();
    /** @type {Map<string, {name: string, uid: string, created: number, gone?: number}>} */
    this.deployments = new Map();
  }

  /** @param {string} list @param {"add" | "update" | "delete"} what @param {any} object */
  note(list, what, object) {
    if (list === "pods") this.notePod(what, object);
    if (list === "deployments") {
      const { name, uid } = object.metadata;
      /** @type {{name: string, uid: string, created: number, gone?: number}} */
      const story = this.deployments.get(uid) ?? { name, uid, created: this.now() };
      if (what === "delete") story.gone = this.now();
      this.deployments.set(uid, story);
    }
  }

  notePod(what, pod) {
    const story = this.pods.get(pod.metadata.uid) ?? this.begin(pod);
    if (isReady(pod)) story.ready ??= this.now();
    if (pod.metadata.deletionTimestamp) story.deleted ??= this.now();
    if (what === "delete") {
      story.deleted ??= this.now();
      story.gone = this.now();
    }
    story.images = pod.spec.containers.map((it) => it.image);
    const restarts = sum((pod.status?.containerStatuses ?? []).map((it) => it.restartCount));
    if (restarts > story.restarts) [story.restarts, story.restarted] = [restarts, this.now()];
  }

  /** @returns {PodStory} */
  begin(pod) {
    const { name, uid, ownerReferences = [] } = pod.metadata;
    const owner = ownerReferences[0]?.uid ?? "";
    /** @type {PodStory} */
    const story = { name, uid, owner, images: [], created: this.now(), restarts: 0 };
    this.pods.set(uid, story);
    return story;
  }
}

function sum(numbers) {
  return numbers.reduce((total, it) => total + it, 0);
}
