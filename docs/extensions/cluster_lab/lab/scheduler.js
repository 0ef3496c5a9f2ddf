/** @file The scheduler: gives each Pod without a node the one with the fewest Pods, of those that may take it. */

import { isNotThere } from "./errors.js";

/**
 * The main loop of the scheduler, as a program of the cluster.
 * @param {any} ctx the engine's process
 * @param {Function} makeInformer the engine's
 * @param {{now(): Date, setTimeout(fn: () => void, ms: number): unknown}} clock the cluster's
 */
export async function schedule(ctx, makeInformer, clock) {
  const pods = makeInformer(ctx.kubeConfig, "/api/v1/pods", () => ctx.api.corev1.listPodForAllNamespaces());
  const nodes = makeInformer(ctx.kubeConfig, "/api/v1/nodes", () => ctx.api.corev1.listNode());
  const scheduler = new Scheduler({ api: ctx.api, clock }, pods, nodes);
  for (const informer of [pods, nodes]) {
    for (const verb of ["add", "update", "delete"]) informer.on(verb, () => scheduler.look());
    await informer.start();
  }
  try {
    return await ctx.waitUntilKilled();
  } finally {
    await pods.stop();
    await nodes.stop();
  }
}

/** Milliseconds after which a Pod that could not be placed is tried again. */
const AGAIN = 500;

class Scheduler {
  constructor(cluster, pods, nodes) {
    this.cluster = cluster;
    this.pods = pods;
    this.nodes = nodes;
    /** @type {Map<string, string>} nodes of Pods, by uid: also of those whose list does not say so yet */
    this.placed = new Map();
    /** @type {Map<string, string>} why a Pod has no node, as it was said last */
    this.told = new Map();
    this.isBusy = false;
    this.isAskedAgain = false;
  }

  /** Looks for Pods without a node, one look at a time. */
  async look() {
    this.isAskedAgain = true;
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.isAskedAgain) {
      this.isAskedAgain = false;
      for (const pod of this.waiting()) await this.place(pod);
    }
    this.isBusy = false;
  }

  waiting() {
    const isWaiting = (it) => !it.spec.nodeName && !it.metadata.deletionTimestamp && !this.placed.has(it.metadata.uid);
    return this.pods.list().filter(isWaiting);
  }

  async place(pod) {
    const { uid } = pod.metadata;
    const pods = this.pods
      .list()
      .map((it) => ({ ...it, spec: { ...it.spec, nodeName: it.spec.nodeName ?? this.placed.get(it.metadata.uid) } }));
    const { name, why } = choose(pod, this.nodes.list(), pods);
    try {
      if (name) {
        this.placed.set(uid, name);
        await bind(this.cluster, pod, name);
      } else if (this.told.get(uid) !== why) {
        this.told.set(uid, why);
        await refuse(this.cluster, pod, why);
      }
    } catch (error) {
      this.placed.delete(uid);
      this.told.delete(uid);
      // Somebody else changed the Pod at the same moment: another try is due, since no change will announce itself.
      if (!isNotThere(error)) this.cluster.clock.setTimeout(() => this.look(), AGAIN);
    }
  }
}

/**
 * The node for a Pod; or why there is none, in kube-scheduler's words.
 * @returns {{name?: string, why: string}}
 */
export function choose(pod, nodes, pods) {
  const wanted = Object.entries(pod.spec.nodeSelector ?? {});
  const isFit = (node) => wanted.every(([key, value]) => node.metadata.labels?.[key] === value);
  const closed = nodes.filter((node) => node.spec?.unschedulable);
  const open = nodes.filter((node) => !node.spec?.unschedulable);
  const fit = open.filter(isFit);
  const count = (node) => pods.filter((it) => it.spec.nodeName === node.metadata.name && isCounted(it)).length;
  const [best] = fit.map((node) => ({ node, pods: count(node) })).sort((a, b) => a.pods - b.pods);
  if (best) return { name: best.node.metadata.name, why: "" };
  const reasons = [];
  if (closed.length) reasons.push(`${closed.length} node(s) were unschedulable`);
  if (open.length) reasons.push(`${open.length} node(s) didn't match Pod's node affinity/selector`);
  const available = `0/${nodes.length} nodes are available`;
  const preemption = `preemption: ${available}: ${nodes.length} Preemption is not helpful for scheduling.`;
  return { why: `${available}: ${reasons.join(", ")}. ${preemption}` };
}

function isCounted(pod) {
  const isOver = ["Succeeded", "Failed"].includes(pod.status?.phase);
  return pod.metadata.namespace !== "kube-system" && !isOver && !pod.metadata.deletionTimestamp;
}

async function bind(ctx, pod, node) {
  const { name, namespace } = pod.metadata;
  const target = { apiVersion: "v1", kind: "Node", name: node };
  const body = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace }, target };
  await ctx.api.corev1.createNamespacedPodBinding({ name, namespace, body });
  await tell(ctx, pod, "Normal", "Scheduled", `Successfully assigned ${namespace}/${name} to ${node}`);
}

async function refuse(ctx, pod, message) {
  const { name, namespace } = pod.metadata;
  const conditions = (pod.status?.conditions ?? []).filter((it) => it.type !== "PodScheduled");
  const lastTransitionTime = ctx.clock.now();
  const scheduled = { type: "PodScheduled", status: "False", reason: "Unschedulable", message, lastTransitionTime };
  const body = { status: { phase: "Pending", conditions: [...conditions, scheduled] } };
  await ctx.api.corev1.patchNamespacedPodStatus({ name, namespace, body }, MERGE);
  await tell(ctx, pod, "Warning", "FailedScheduling", message);
}

const MERGE = { headers: { "Content-Type": "application/merge-patch+json" } };

async function tell(ctx, pod, type, reason, message) {
  const { name, namespace, uid } = pod.metadata;
  const now = ctx.clock.now();
  const component = "default-scheduler";
  const body = {
    metadata: { generateName: `${name}.`, namespace },
    involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace, uid },
    ...{ type, reason, message, count: 1, source: { component }, reportingComponent: component },
    ...{ eventTime: now, firstTimestamp: null, lastTimestamp: null },
  };
  await ctx.api.corev1.createNamespacedEvent({ namespace, body });
}
