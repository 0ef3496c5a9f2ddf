/** @file The tasks of the lab: each looks at the cluster and says what of it is done, and what is not. */

import { batchEnds } from "./tasks/batch.js";
import { fieldRepaired, firstPod, healed, threePods } from "./tasks/deployment.js";
import { drained } from "./tasks/node.js";
import { probeFixed } from "./tasks/probe.js";
import { rolledBack, rolledOut } from "./tasks/rollout.js";
import { endpointsFound } from "./tasks/service.js";

/** @typedef {import("./tasks/verdict.js").Verdict} Verdict */
/**
 * @typedef {object} Task
 * @property {(lab: import("./cluster.js").Lab) => Verdict | Promise<Verdict>} check lets no time go by
 */

/** @type {Map<string, Task>} */
export const TASKS = new Map([
  ["k8s-first-pod", { check: firstPod }],
  ["k8s-three", { check: threePods }],
  ["k8s-heal", { check: healed }],
  ["k8s-endpoints", { check: endpointsFound }],
  ["k8s-rollout", { check: rolledOut }],
  ["k8s-rollback", { check: rolledBack }],
  ["k8s-probe", { check: probeFixed }],
  ["k8s-field", { check: fieldRepaired }],
  ["k8s-drain", { check: drained }],
  ["k8s-complete", { check: batchEnds }],
]);
