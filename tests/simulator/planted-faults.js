/**
 * @file Faults that a test plants into the runtime (and one into the build), to see that the simulator
 * notices each: methods that do something else until the fault is taken out again.
 */

import { Scorm12 } from "../../scorm/runtime/lms/scorm12.js";
import { Lrs } from "../../scorm/runtime/lms/xapi.js";
import { Mirror } from "../../scorm/runtime/work/mirror.js";
import { Database } from "../../scorm/runtime/work/shelf.js";
import { Standing } from "../../scorm/runtime/work/standing.js";
import { BUILD } from "./release.js";

/**
 * @typedef {object} Fault
 * @property {string} name
 * @property {string[]} breaks which of the checker's invariants it may break
 * @property {(plan: import("./student.js").Plan) => boolean} [only] sessions that it may concern
 * @property {() => () => void} plant gives the function that takes the fault out again
 */

/**
 * Puts something else in the place of a method.
 *
 * @param {any} owner
 * @param {string} name
 * @param {(self: any, real: (...values: any[]) => any, ...values: any[]) => any} other
 */
function instead(owner, name, other) {
  const real = owner[name];
  owner[name] = function planted(/** @type {any[]} */ ...values) {
    return other(this, real.bind(this), ...values);
  };
  return () => void (owner[name] = real);
}

/** @type {Fault[]} */
export const FAULTS = [
  {
    name: "the copy is written only when the LMS has answered",
    breaks: ["lost", "lowered"],
    plant: () => instead(Standing.prototype, "keepCopy", (_self, real, state, isAcknowledged) =>
      isAcknowledged && real(state, true)),
  },
  {
    name: "the copy is deleted as soon as the LMS says that it has the work",
    breaks: ["lost"],
    plant: () => instead(Mirror.prototype, "write", (self, real, copy) =>
      copy.acknowledged ? self.remove() : real(copy)),
  },
  {
    name: "the copy is never read",
    breaks: ["lost"],
    plant: () => instead(Mirror.prototype, "read", () => null),
  },
  {
    name: "what the LMS holds is not taken up again",
    breaks: ["lost"],
    plant: () => instead(Scorm12.prototype, "open", (_self, real) => {
      const opened = real();
      return opened && { ...opened, state: "" };
    }),
  },
  {
    name: "the score that was recorded is forgotten",
    breaks: ["lowered"],
    plant: () => instead(Standing.prototype, "open", (self, real, ...values) => {
      real(...values);
      self.floor = null;
    }),
  },
  {
    name: "a status that was earned is forgotten",
    breaks: ["lowered"],
    plant: () => instead(Standing.prototype, "judge", (_self, real, isDone, score) =>
      isDone ? real(isDone, score) : "incomplete"),
  },
  {
    name: "tabs do not take in each other's work",
    breaks: ["lost", "lowered"],
    plant: () => instead(Standing.prototype, "absorb", () => false),
  },
  {
    name: "work from elsewhere is not merged",
    breaks: ["lost"],
    plant: () => instead(Standing.prototype, "add", () => {}),
  },
  {
    name: "the copy of one student is every student's",
    breaks: ["mistaken"],
    plant: () => {
      const everybody = (/** @type {string[]} */ [course, sco, , ...rest]) => [course, sco, "", ...rest];
      const undo = ["list", "change"].map((name) => instead(Database.prototype, name,
        (_self, real, place, ...values) => real(everybody(place), ...values)));
      return () => undo.forEach((it) => it());
    },
  },
  {
    name: "a choice is known by its place",
    breaks: ["mistaken"],
    plant: () => instead(BUILD, "keyOf", (_self, real, label, _words, place) => real(label, String(place), place)),
  },
  {
    name: "a document is written whatever another browser has written",
    breaks: ["lost", "lowered"],
    only: ({ setting: { format, tagging } }) => format === "cmi5" && tagging !== "none",
    plant: () => instead(Lrs.prototype, "write", (_self, real, resource, query, text) =>
      real(resource, query, text)),
  },
];
