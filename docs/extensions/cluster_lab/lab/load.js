/** @file A client that asks a Service steadily, and counts what comes back. */

import { reasonOf } from "./reason.js";

/** Milliseconds of the cluster's time between two requests. */
const EVERY = 200;
/** After this time a client gives up. */
const PATIENCE = 1000;
/** How many outcomes are kept. */
const KEPT = 3000;

/** @typedef {{time: number, ok: boolean, version?: string, pod?: string, reason?: string}} Outcome */

/**
 * What came back so far; `recent` holds the last 30.
 * @returns {{sent: number, ok: number, failed: number, byVersion: Record<string, number>, recent: Outcome[]}}
 */
function none() {
  return { sent: 0, ok: 0, failed: 0, byVersion: {}, recent: [] };
}

export class Load {
  /** @param {import("./cluster.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.service = "";
    /** @type {Outcome[]} */
    this.outcomes = [];
    this.stats = none();
  }

  get isOn() {
    return this.service !== "";
  }

  /** Sets the counts to nothing. */
  reset() {
    this.outcomes = [];
    this.stats = none();
    this.lab.changed();
  }

  /** @param {string} service its name */
  start(service) {
    this.stop();
    this.service = service;
    this.timer = this.lab.clock.setInterval(() => this.askOnce(), EVERY);
  }

  stop() {
    if (this.timer !== undefined) this.lab.clock.clearInterval(this.timer);
    this.timer = undefined;
    this.service = "";
    this.lab.changed();
  }

  /** The outcomes from one moment on to another. */
  between(from, to = Infinity) {
    return this.outcomes.filter((it) => it.time >= from && it.time <= to);
  }

  async askOnce() {
    const { stats } = this;
    const time = this.lab.now;
    const outcome = { time, ...(await ask(this.lab, this.service)) };
    if (stats !== this.stats) return;
    stats.sent++;
    if (outcome.ok) {
      stats.ok++;
      const version = outcome.version ?? "?";
      stats.byVersion[version] = (stats.byVersion[version] ?? 0) + 1;
    } else stats.failed++;
    stats.recent = [...stats.recent, outcome].slice(-30);
    this.outcomes.push(outcome);
    if (this.outcomes.length > KEPT) this.outcomes.splice(0, KEPT / 10);
    this.lab.changed();
  }
}

/**
 * Asks a Service once, as a program on a node would.
 * @param {import("./cluster.js").Lab} lab
 * @param {string} name
 * @returns {Promise<{ok: boolean, version?: string, pod?: string, reason?: string}>}
 */
export async function ask(lab, name) {
  const service = lab.state.services.find((it) => it.metadata.name === name);
  if (!service) return { ok: false, reason: `no Service "${name}"` };
  const address = `${service.spec.clusterIP}:${service.spec.ports?.[0]?.port ?? 80}`;
  const patience = new Promise((resolve) => lab.clock.setTimeout(() => resolve(undefined), PATIENCE));
  try {
    const response = await Promise.race([lab.fetch(`http://${address}/`), patience]);
    if (!response) return { ok: false, reason: "no answer within a second" };
    const [version] = response.header?.["x-version"] ?? ["?"];
    const pod = /from (\S+)/.exec(response.body)?.[1];
    if (response.status < 400) return { ok: true, version, pod };
    return { ok: false, version, pod, reason: `HTTP ${response.status}` };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}
