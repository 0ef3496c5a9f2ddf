/** @file The objects of the cluster as its watchers are told of them: plain, and sorted by when they were made. */

import { KINDS } from "./kinds.js";

/** @typedef {{time: number, actor: string, type: string, reason: string, about: string, message: string}} Happening */
/**
 * @typedef {object} State
 * @property {any[]} nodes
 * @property {any[]} pods
 * @property {any[]} deployments
 * @property {any[]} replicaSets
 * @property {any[]} services
 * @property {any[]} endpoints EndpointSlices
 * @property {Happening[]} events oldest first; times in milliseconds since the start
 */

export class Objects {
  /** @param {number} origin when the cluster's time began */
  constructor(origin) {
    this.origin = origin;
    /** @type {Map<string, Map<string, any>>} */
    this.lists = new Map(KINDS.map((kind) => [kind.key, new Map()]));
    /** @type {WeakMap<any, any>} what was made plain before */
    this.plain = new WeakMap();
    /** @type {State | undefined} */
    this.made = undefined;
  }

  /** @param {string} list @param {"add" | "update" | "delete"} what @param {any} object */
  note(list, what, object) {
    const { uid } = object.metadata;
    if (what === "delete") this.lists.get(list)?.delete(uid);
    else this.lists.get(list)?.set(uid, object);
    this.made = undefined;
  }

  /** @returns {State} */
  get state() {
    this.made ??= this.make();
    return this.made;
  }

  make() {
    const made = Object.fromEntries([...this.lists.keys()].map((key) => [key, this.all(key)]));
    made.nodes.sort((a, b) => a.metadata.name.localeCompare(b.metadata.name, "en", { numeric: true }));
    made.events = made.events.map((it) => this.happening(it));
    return /** @type {State} */ (/** @type {unknown} */ (made));
  }

  /** All objects of a list as the API gives them, as plain data. */
  all(key) {
    return [...(this.lists.get(key)?.values() ?? [])].map((object) => {
      if (!this.plain.has(object)) this.plain.set(object, JSON.parse(JSON.stringify(object)));
      return this.plain.get(object);
    });
  }

  happening(event) {
    const { type, reason, message, involvedObject: it } = event;
    const actor = event.source?.component || event.reportingComponent || "";
    const at = event.eventTime ?? event.lastTimestamp ?? event.metadata.creationTimestamp;
    return { time: Date.parse(at) - this.origin, actor, type, reason, about: `${it.kind}/${it.name}`, message };
  }
}
