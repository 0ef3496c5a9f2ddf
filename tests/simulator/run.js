/**
 * @file The command: `node tests/simulator/run.js --sessions 1000000 --seed 1` plays so many sessions,
 * with all cores; `--replay SEED` shows all that happens in one, made short where it failed.
 */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker, isMainThread, parentPort } from "node:worker_threads";

import { addTally, emptyTally, playMany, playPlan, shortened } from "./sessions.js";
import { planOf } from "./student.js";

/** So many sessions a worker plays before it tells how it went. */
const BATCH = 500;

/** So many failures are shown in full. */
const SHOWN = 20;

if (isMainThread) await command();
else await work();

async function command() {
  const { values } = parseArgs({
    options: {
      sessions: { type: "string", default: "10000" },
      seed: { type: "string", default: "1" },
      workers: { type: "string", default: String(availableParallelism()) },
      replay: { type: "string" },
      whole: { type: "boolean", default: false },
    },
  });
  if (values.replay !== undefined) return replay(Number(values.replay), values.whole);
  const [first, sessions, workers] = [values.seed, values.sessions, values.workers].map(Number);
  return playAll(first, sessions, workers);
}

/** @param {number} seed @param {boolean} isWhole is the plan played as it is, though it fails? */
async function replay(seed, isWhole) {
  const plan = planOf(seed);
  const { failure } = await playPlan(plan);
  const shown = failure && !isWhole ? await shortened(plan) : plan;
  const { session, failure: same } = await playPlan(shown, true);
  say(JSON.stringify(plan.setting));
  say(session.world.trace?.join("\n") ?? "");
  say(same ? same.words : "nothing was wrong");
  if (same) process.exitCode = 1;
}

/** @param {number} first @param {number} sessions @param {number} workers */
async function playAll(first, sessions, workers) {
  const began = Date.now();
  const tally = emptyTally();
  let next = first;
  const end = first + sessions;
  const batch = () => {
    const count = Math.min(BATCH, end - next);
    next += count;
    return { first: next - count, count };
  };
  const told = (/** @type {import("./sessions.js").Tally} */ part) => {
    const shown = part.failures.slice(0, Math.max(0, SHOWN - tally.failures.length));
    for (const { seed, words } of shown) say(`seed ${seed}: ${words}`);
    addTally(tally, part);
    process.stderr.write(`\r${tally.sessions} of ${sessions} sessions, ${tally.failures.length} failed `);
  };
  await Promise.all(Array.from({ length: Math.max(1, workers) }, () => drive(batch, told)));
  process.stderr.write("\n");
  const { user, system } = process.cpuUsage();
  say(JSON.stringify({ ...tally, failures: countsOf(tally.failures) }, null, 2));
  say(`${Math.round((user + system) / 1e6)} s of processor time, ${Math.round((Date.now() - began) / 1000)} s`);
  if (tally.failures.length > 0) process.exitCode = 1;
}

/** @param {{invariant: string}[]} failures */
function countsOf(failures) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { invariant } of failures) counts[invariant] = (counts[invariant] ?? 0) + 1;
  return counts;
}

/** Lets one worker play batch after batch. */
function drive(batch, told) {
  return /** @type {Promise<void>} */ (new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url));
    const go = () => {
      const { first, count } = batch();
      if (count > 0) worker.postMessage({ first, count });
      else worker.terminate().then(() => resolve(), reject);
    };
    worker.on("message", (part) => {
      told(part);
      go();
    });
    worker.on("error", reject);
    go();
  }));
}

async function work() {
  parentPort?.on("message", async ({ first, count }) => {
    parentPort?.postMessage(await playMany(first, count));
  });
}

/** @param {string} words */
function say(words) {
  process.stdout.write(`${words}\n`);
}
