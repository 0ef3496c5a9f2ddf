/**
 * @file One running cluster, as the rest of the lab knows it.
 *
 * Beside `images.js` this is the only module that knows the engine, `@ngrok/webernetes`: another engine would be put
 * in here.
 */
import * as engine from "@ngrok/webernetes";

import { adapt, deletesPod } from "./adapt.js";
import { addDefaults } from "./defaults.js";
import { isNotThere, LabError, wordsOf } from "./errors.js";
import { History } from "./history.js";
import { imagesFor } from "./images.js";
import { kindOf, KINDS, isReady } from "./kinds.js";
import { ask, Load } from "./load.js";
import { Logs } from "./logs.js";
import { patchBetween, threeWay } from "./merge.js";
import { Pace } from "./pace.js";
import { snapshotOf } from "./snapshot.js";
import { Objects } from "./state.js";

// The engine's own types are written for bundlers, which find files without endings; they are not read.
const { Cluster } = /** @type {any} */ (engine);

const NAMESPACE = "default";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const MERGE = { headers: { "Content-Type": "application/merge-patch+json" } };
/** Milliseconds after which what follows from a start state is seen. */
const FIRST = 2000;
const WARM_UP = 20_000;
/** Events beyond this many are deleted, the oldest first: a real cluster keeps them for an hour. */
const EVENTS = 300;
/** How long a program takes to end once it is told to. */
const ENDS_IN = 1200;

/** @typedef {{time: number, command: string, verb: string, kind: string, name: string}} Deed */

/**
 * Starts a cluster and gives it objects.
 * @param {{nodes?: number, objects?: any[]}} [options]
 * @returns {Promise<Lab>} once the objects run, or had the time to
 */
export async function start({ nodes = 3, objects = [] } = {}) {
  const lab = new Lab(nodes);
  await lab.boot(objects);
  return lab;
}

export class Lab {
  /** @param {number} nodes how many */
  constructor(nodes) {
    this.logsOfAll = new Logs();
    const latencyProvider = {
      clusterNetworkRequestLatency: () => 0,
      clusterNetworkResponseLatency: () => 0,
      containerTerminationLatency: () => ENDS_IN,
    };
    this.cluster = new Cluster({ nodes, latencyProvider });
    for (const image of imagesFor(this.logsOfAll)) this.cluster.registerImage(image);
    this.clock = this.cluster.clock;
    adapt(this.cluster);
    this.cluster.pause();
    this.pace = new Pace(this.clock);
    this.objects = new Objects(this.pace.origin);
    this.history = new History(() => this.now);
    this.load = new Load(this);
    /** @type {Deed[]} what the student did */
    this.did = [];
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.informers = [];
    this.isTold = false;
  }

  async boot(objects) {
    let isUp = false;
    const up = this.cluster.init().then(() => (isUp = true));
    await this.pace.advance(10_000, () => isUp);
    await up;
    for (const node of (await this.cluster.api.corev1.listNode()).items) {
      const labels = { "kubernetes.io/hostname": node.metadata.name, "kubernetes.io/os": "linux" };
      await this.patch("Node", node.metadata.name, { metadata: { labels } });
    }
    this.watch();
    await this.pace.advance(FIRST);
    if (objects.length === 0) return;
    for (const object of objects) await this.put(structuredClone(object));
    const isSettled = () => this.state.pods.length > 0 && this.state.pods.every(isReady);
    await this.pace.advance(WARM_UP, isSettled);
    await this.pace.advance(FIRST / 2);
  }

  watch() {
    for (const { key, many } of KINDS) {
      const callback = (what, object) => this.note(key, what, object);
      const namespace = key === "nodes" ? undefined : NAMESPACE;
      this.informers.push(this.cluster.informer(many, callback, { namespace }));
    }
  }

  note(list, what, object) {
    this.objects.note(list, what, object);
    this.history.note(list, what, object);
    if (list === "pods" && what === "delete") this.logsOfAll.forget(object.metadata.uid);
    if (list === "events") this.forgetEvents();
    this.changed();
  }

  forgetEvents() {
    const events = this.objects.lists.get("events");
    if (!events || events.size <= EVENTS) return;
    const [oldest] = events.values();
    events.delete(oldest.metadata.uid);
    const { name, namespace } = oldest.metadata;
    this.cluster.api.corev1.deleteNamespacedEvent({ name, namespace }).catch(() => {});
  }

  /** The objects of the cluster. */
  get state() {
    return this.objects.state;
  }

  /** Milliseconds of the cluster's time since its start. */
  get now() {
    return this.pace.now;
  }

  get speed() {
    return this.pace.speed;
  }

  set speed(speed) {
    this.pace.speed = Math.max(0, speed);
  }

  /**
   * Tells `fn` of changes: one call for all of a moment.
   * @param {() => void} fn
   * @returns {() => void} ends it
   */
  onChange(fn) {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  }

  changed() {
    if (this.isTold) return;
    this.isTold = true;
    setTimeout(() => {
      this.isTold = false;
      for (const fn of this.listeners) fn();
    });
  }

  /** Lets that much of the cluster's time go by at once. */
  async advance(ms, isEnough) {
    return this.pace.advance(ms, isEnough);
  }

  /**
   * Runs until the next thing happens that somebody would notice.
   * @param {number} [limit] milliseconds of the cluster's time
   * @returns {Promise<boolean>} whether anything did
   */
  async step(limit = 30_000) {
    const before = this.lookOf();
    return this.pace.advance(limit, () => this.lookOf() !== before);
  }

  /** What of the state can be seen: two that look the same differ in nothing that a student would notice. */
  lookOf() {
    const { pods, deployments, replicaSets, endpoints, nodes, services } = this.state;
    const of = (list, fn) => list.map((it) => [it.metadata.uid, fn(it)]);
    return JSON.stringify([
      of(pods, (it) => [
        it.status?.phase,
        it.spec.nodeName,
        isReady(it),
        Boolean(it.metadata.deletionTimestamp),
        (it.status?.containerStatuses ?? []).map((c) => [
          c.restartCount,
          Object.keys(c.state ?? {}),
          c.state?.waiting?.reason,
        ]),
      ]),
      of(deployments, (it) => [it.spec.replicas, it.status?.readyReplicas]),
      of(replicaSets, (it) => [it.spec.replicas, it.status?.readyReplicas]),
      of(endpoints, (it) => (it.endpoints ?? []).map((e) => [e.addresses, e.conditions?.ready])),
      of(nodes, (it) => Boolean(it.spec?.unschedulable)),
      of(services, (it) => it.spec.selector),
    ]);
  }

  /** The API's method for a kind, such as "read", "patch", "delete". */
  method(verb, kind) {
    const { api, method } = kindOf(kind);
    return (request, ...rest) => this.cluster.api[api][`${verb}${method}`](request, ...rest);
  }

  at(kind, name) {
    return kindOf(kind).isInNamespace ? { name, namespace: NAMESPACE } : { name };
  }

  /** @returns {Promise<any>} an object as the API server has it; nothing if there is none */
  async read(kind, name) {
    try {
      return JSON.parse(JSON.stringify(await this.method("read", kind)(this.at(kind, name))));
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  }

  async patch(kind, name, body) {
    return this.refusing(async () => {
      const patched = await this.method("patch", kind)({ ...this.at(kind, name), body }, MERGE);
      return JSON.parse(JSON.stringify(patched));
    });
  }

  /**
   * Applies manifests as `kubectl apply` does.
   * @param {any[]} objects
   * @returns {Promise<Array<{kind: string, name: string, what: "created" | "configured" | "unchanged"}>>}
   */
  async apply(objects) {
    const done = [];
    for (const object of objects) {
      const what = await this.refusing(() => this.put(structuredClone(object)));
      done.push({ kind: object.kind, name: object.metadata.name, what });
    }
    return done;
  }

  async put(object) {
    const { kind } = object;
    const { name } = object.metadata;
    if (kindOf(kind).isInNamespace) object.metadata.namespace = NAMESPACE;
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) throw new LabError(badName(kind, name));
    const live = await this.read(kind, name);
    const applied = { metadata: { annotations: { [LAST_APPLIED]: JSON.stringify(object) } } };
    if (!live) {
      await this.create(threeWay(object, {}, applied));
      return "created";
    }
    const last = JSON.parse(live.metadata.annotations?.[LAST_APPLIED] ?? "{}");
    const wanted = addDefaults(threeWay(live, last, object));
    const patch = patchBetween(live, wanted);
    if (!patch) return "unchanged";
    refuseOtherPod(live, wanted);
    await this.method("patch", kind)({ ...this.at(kind, name), body: threeWay(patch, {}, applied) }, MERGE);
    return "configured";
  }

  async create(object) {
    const body = addDefaults(object);
    return this.method("create", object.kind)({ namespace: NAMESPACE, body });
  }

  async delete(kind, name, options = {}) {
    const request = { ...this.at(kind, name), ...options };
    if (kind === "Pod") return this.refusing(() => deletesPod.call(this.cluster.api.corev1, request));
    return this.refusing(() => this.method("delete", kind)(request));
  }

  /** Gives a Deployment another template for its Pods, whole. */
  async replaceTemplate(name, template) {
    const live = await this.read("Deployment", name);
    const spec = { template: patchBetween(live.spec.template, template) };
    return this.patch("Deployment", name, { spec });
  }

  async scale(kind, name, replicas) {
    return this.patch(kind, name, { spec: { replicas } });
  }

  async cordon(node, isClosed = true) {
    return this.patch("Node", node, { spec: { unschedulable: isClosed || null } });
  }

  /** The lines that a container wrote; nothing where it did not run (before). */
  logs(pod, container, isPrevious = false) {
    return this.logsOfAll.of(pod.metadata.uid, container, isPrevious);
  }

  /** Runs a command in a container. @returns {Promise<{exitCode: number, stdout: string, stderr: string}>} */
  async exec(pod, argv, container) {
    try {
      return await this.cluster.exec(NAMESPACE, pod, container, argv);
    } catch (error) {
      throw new LabError(wordsOf(error));
    }
  }

  fetch(url) {
    return this.cluster.fetch(url);
  }

  /** Asks a Service once; no time has to go by for it. */
  async ask(service) {
    return this.atOnce(ask(this, service), { ok: false, reason: "no answer" });
  }

  /** What an address answers: an HTTP status, or "refused". */
  async statusAt(url) {
    const asked = this.fetch(url).then(
      (it) => it.status,
      () => "refused",
    );
    return this.atOnce(asked, "refused");
  }

  /**
   * What a promise brings without any of the cluster's time going by.
   * @template T
   * @param {Promise<T>} promise
   * @param {T} otherwise
   * @returns {Promise<T>}
   */
  async atOnce(promise, otherwise) {
    const come = { is: false, value: otherwise };
    promise.then(
      (value) => Object.assign(come, { is: true, value }),
      () => {},
    );
    for (let round = 0; round < 10 && !come.is; round++) await this.pace.flush();
    return come.value;
  }

  /**
   * What a promise brings while so much of the cluster's time goes by.
   * @param {Promise<any>} promise
   * @param {number} ms
   */
  async within(promise, ms) {
    const come = { is: false, value: undefined };
    promise.then((value) => Object.assign(come, { is: true, value }));
    await this.advance(ms, () => come.is);
    return come.value;
  }

  /** Does what the API server may refuse; sees to it that its watchers know before this returns. */
  async refusing(action) {
    try {
      const result = await action();
      await this.pace.flush();
      return result;
    } catch (error) {
      throw error instanceof LabError ? error : new LabError(wordsOf(error));
    }
  }

  /** The objects that another cluster would have to be given to start from here. */
  snapshot() {
    return snapshotOf(this.state);
  }

  async close() {
    this.load.stop();
    this.listeners.clear();
    this.pace.close();
    for (const informer of this.informers) informer.stop().catch(() => {});
    const closed = this.cluster.close();
    this.clock.step(0);
    this.clock.clear();
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
}

/** The API server's refusal of a name, which the engine would take. */
function badName(kind, name) {
  return (
    `The ${kind} "${name}" is invalid: metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain must ` +
    "consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
  );
}

/** Refuses what the API server refuses of a Pod that exists, but the engine takes. */
function refuseOtherPod(live, wanted) {
  if (live.kind !== "Pod") return;
  const rest = (pod) => ({ ...pod.spec, containers: pod.spec.containers.map((it) => ({ ...it, image: "" })) });
  if (!patchBetween(rest(live), rest(wanted))) return;
  throw new LabError(
    `The Pod "${live.metadata.name}" is invalid: spec: Forbidden: pod updates may not change fields other than ` +
      "`spec.containers[*].image`. Delete the Pod, then apply the manifest again: a new Pod is made from it.",
  );
}
