/** @file Plays sessions by their seeds, and makes the plan of one that failed short. */

import { Violation } from "./checker.js";
import { Session, planOf } from "./student.js";

/** @typedef {import("./student.js").Plan} Plan */

/** @typedef {{seed: number, invariant: string, words: string}} Failure */

/**
 * @typedef {object} Tally of many sessions
 * @property {number} sessions
 * @property {Record<string, number>} steps taken
 * @property {Record<string, number>} requests by what became of them
 * @property {Record<string, number>} excused
 * @property {Failure[]} failures
 */

/** @returns {Tally} */
export function emptyTally() {
  return { sessions: 0, steps: {}, requests: {}, excused: {}, failures: [] };
}

/** @param {Tally} sum @param {Tally} other */
export function addTally(sum, other) {
  sum.sessions += other.sessions;
  sum.failures.push(...other.failures);
  for (const name of /** @type {const} */ (["steps", "requests", "excused"])) {
    for (const [key, count] of Object.entries(other[name])) sum[name][key] = (sum[name][key] ?? 0) + count;
  }
}

/**
 * Plays the sessions of some seeds.
 *
 * @param {number} first seed
 * @param {number} count
 * @param {{most?: number, only?: (plan: Plan) => boolean}} [options] no more are played after `most`
 *   failures; `only` says which are played at all
 */
export async function playMany(first, count, { most = Infinity, only = () => true } = {}) {
  const tally = emptyTally();
  for (let seed = first; seed < first + count && tally.failures.length < most; seed += 1) {
    const planned = planOf(seed);
    if (!only(planned)) continue;
    const { session, failure } = await playPlan(planned);
    const steps = {};
    for (const { what } of session.plan.steps) steps[what] = (steps[what] ?? 0) + 1;
    const { excused } = session.world.checker;
    const requests = session.world.network.met;
    addTally(tally, { sessions: 1, steps, requests, excused, failures: failure ? [failure] : [] });
  }
  return tally;
}

/** Plays one session; `failure` is null where nothing was wrong. @param {Plan} plan @param {boolean} [traces] */
export async function playPlan(plan, traces = false) {
  const session = new Session(plan, traces);
  /** @type {Failure|null} */
  let failure = null;
  try {
    await session.play();
  } catch (error) {
    const { seed } = plan;
    if (error instanceof Violation) failure = { seed, invariant: error.invariant, words: error.message };
    else failure = { seed, invariant: "broken", words: String(/** @type {any} */ (error)?.stack ?? error) };
  }
  return { session, failure };
}

/** The same failure with as few steps as leaving them out one by one comes to. @param {Plan} plan */
export async function shortened(plan) {
  const { failure } = await playPlan(plan);
  let [shortest, at] = [plan, plan.steps.length - 1];
  while (at >= 0) {
    const steps = shortest.steps.filter((_, n) => n !== at);
    const shorter = { ...shortest, steps };
    const found = (await playPlan(shorter)).failure;
    if (found && found.invariant === failure?.invariant) shortest = shorter;
    at -= 1;
  }
  return shortest;
}
