/** @file The live picture: what is desired, who acts, and the nodes with their pods. */

import { draw } from "./dom.js";
import { assignSlots, columns, isQuiet, layout } from "./layout.js";
import * as things from "./things.js";

/** @typedef {import("./model.js").Model} Model @typedef {import("./layout.js").Layout} Layout @typedef {import("./layout.js").Box} Box */

/** @typedef {{isOn: boolean, sent: number, ok: number, failed: number, byVersion: Record<string, number>, recent: {ok: boolean, version?: string, pod?: string}[], service: string}} Load what was asked of a Service, and what came back */

/** How long a controller stays lit after it acted, and a pod that is gone is seen to go (milliseconds). */
const LIT = 1800;
const LEAVING = 450;

/** A pod that waits this long for a node is shown in the lane (milliseconds). */
const PATIENCE = 350;

/** Between the frame and what is drawn, on each side; the style sheet says the same. */
const PADDING = 12;

/** How long an answer is on its way in the picture (milliseconds). */
const FLIGHT = 450;

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

const LABELS = {
  api: "API server",
  deployment: "Deployment",
  replicaset: "ReplicaSet",
  scheduler: "Scheduler",
  endpoints: "EndpointSlice",
};

/** Draws into an SVG, and lets what moves glide. */
export class Picture {
  /** @type {Map<string, SVGGElement>} */
  #things = new Map();
  /** @type {Map<string, number>} */
  #lights = new Map();
  #slots = new Map();
  #rows = 0;
  #waiting = 0;
  #seen = 0;
  #hasLane = false;
  /** @type {Model|null} */
  #model = null;
  /** @type {Load|null} */
  #load = null;
  /** @type {Layout|null} */
  #layout = null;
  #layers;
  #observer;

  /** @param {HTMLElement} frame */
  constructor(frame) {
    this.frame = frame;
    const names = ["titles", "owners", "cards", "nodes", "lines", "pods", "beams"];
    this.#layers = new Map(names.map((name) => [name, draw("g", { class: name })]));
    this.svg = draw("svg", { "aria-hidden": "true", focusable: "false" }, ...this.#layers.values());
    frame.append(this.svg);
    this.#observer = new ResizeObserver(() => this.#redraw());
    this.#observer.observe(frame);
  }

  /** @param {Model} model @param {Load|null} load */
  show(model, load) {
    this.#model = model;
    this.#load = load;
    this.#watchLane();
    this.#redraw();
    this.#fly();
  }

  /** Lets each new answer run along the wire of the pod that gave it. */
  #fly() {
    const { sent = 0, recent = [], service = "" } = this.#load ?? {};
    const fresh = sent > this.#seen ? recent.slice(-(sent - this.#seen)) : [];
    this.#seen = sent;
    if (calm.matches) return;
    for (const { pod, ok } of fresh) {
      const line = this.#layout?.lines.find((it) => it.pod === pod && it.service === service);
      if (!line) continue;
      const flight = draw("path", { class: ok ? "flight" : "flight failed", d: line.path, pathLength: 100 });
      this.#layers.get("beams")?.append(flight);
      flight.animate({ strokeDashoffset: [6, -94] }, { duration: FLIGHT }).finished.finally(() => flight.remove());
    }
  }

  /** Forgets what was there: for a new cluster. */
  clear() {
    this.#rows = 0;
    this.#slots = new Map();
    for (const key of [...this.#things.keys()]) this.#drop(key, false);
  }

  /** Lights up who acts, with a beam to what it acts on. @param {import("./acts.js").Act} act */
  light(act) {
    const key = act.node ? `node/${act.node}` : `controller/${act.actor}`;
    const thing = this.#things.get(key);
    if (!thing) return;
    window.clearTimeout(this.#lights.get(key));
    thing.classList.add("acting");
    this.#lights.set(key, window.setTimeout(() => thing.classList.remove("acting"), LIT));
    this.#beam(act);
  }

  close() {
    this.#observer.disconnect();
    window.clearTimeout(this.#waiting);
    for (const timer of this.#lights.values()) window.clearTimeout(timer);
    this.svg.remove();
  }

  /** The lane opens when a pod has waited for a while, and closes with the last. */
  #watchLane() {
    const waits = this.#model?.pods.some((pod) => !pod.node) ?? false;
    if (!waits) {
      window.clearTimeout(this.#waiting);
      this.#waiting = 0;
      this.#hasLane = false;
    } else if (!this.#hasLane) {
      this.#waiting ||= window.setTimeout(() => {
        this.#hasLane = true;
        this.#redraw();
      }, PATIENCE);
    }
  }

  #redraw() {
    const model = this.#model;
    const width = Math.floor(this.frame.clientWidth - 2 * PADDING);
    if (!model || width <= 0) return;
    this.#slots = assignSlots(this.#slots, model);
    this.#rows = this.#rowsFor(model, width);
    this.#layout = layout(model, {
      width,
      slots: this.#slots,
      rows: this.#rows,
      hasLane: this.#hasLane,
      loaded: this.#load?.service ?? "",
    });
    this.#resize(this.#layout);
    this.#paint(model, this.#layout);
  }

  /** Places in each node, below each other: what stands below the picture should move seldom. */
  #rowsFor(model, width) {
    const many = columns(width);
    if (many > 1) return 1;
    const deepest = Math.max(2, ...[...this.#slots.values()].map(({ slot }) => slot + 1));
    const isMuchLess = isQuiet(model) && deepest < this.#rows - 1;
    return isMuchLess ? deepest : Math.max(deepest, this.#rows);
  }

  /** @param {Layout} places */
  #resize({ width, height }) {
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("width", String(width));
    this.svg.setAttribute("height", String(height));
  }

  /** @param {Model} model @param {Layout} places */
  #paint(model, places) {
    const used = new Set();
    const put = (layer, key, box, fill) => {
      used.add(key);
      this.#put(layer, key, box, fill);
    };
    for (const [index, title] of places.titles.entries()) put("titles", `title/${index}`, { ...title, w: 0, h: 0 }, (it) => things.caption(it, title.text));
    for (const [index, line] of places.owners.entries()) put("owners", `owner/${index}`, { x: 0, y: 0 }, (it) => things.elbow(it, line, places.isWide));
    for (const it of model.deployments) putIf(put, "cards", `deployment/${it.name}`, places.deployments.get(it.name), (g, box) => things.deployment(g, box, it));
    if (places.deployments.size + places.replicaSets.size + places.alone.size === 0) put("cards", "none", { x: 0, y: 22, w: places.width, h: 44 }, things.nothing);
    const wanted = new Map(model.deployments.map((it) => [it.name, it.version]));
    for (const it of model.replicaSets) {
      const isWanted = wanted.get(it.owner ?? "") === it.version;
      putIf(put, "cards", `set/${it.name}`, places.replicaSets.get(it.name), (g, box) => things.replicaSet(g, box, it, isWanted));
    }
    for (const [name, box] of places.alone) put("cards", `alone/${name}`, box, (g) => things.alone(g, box, name));
    for (const [name, box] of places.controllers) put("cards", `controller/${name}`, box, (g) => things.controller(g, box, LABELS[name]));
    if (places.lane) put("nodes", "lane", places.lane, things.lane);
    for (const it of model.nodes) putIf(put, "nodes", `node/${it.name}`, places.nodes.get(it.name), (g, box) => things.node(g, box, it));
    const current = new Set(wanted.values());
    for (const it of model.pods) {
      const isWanted = !it.owner || current.has(it.version);
      putIf(put, "pods", `pod/${it.name}`, places.pods.get(it.name), (g, box) => things.pod(g, box, it, isWanted));
    }
    for (const it of places.lines) put("lines", `line/${it.service}/${it.pod}`, { x: 0, y: 0 }, (g) => things.wire(g, it.path));
    for (const it of model.services) putIf(put, "cards", `service/${it.name}`, places.services.get(it.name), (g, box) => things.service(g, box, it, this.#load, current));
    for (const key of [...this.#things.keys()]) if (!used.has(key)) this.#drop(key, key.startsWith("pod/"));
  }

  /** @param {string} layer @param {string} key @param {Box} box @param {(group: SVGGElement, box: Box) => void} fill */
  #put(layer, key, box, fill) {
    let group = this.#things.get(key);
    if (!group) {
      group = draw("g", { class: key.split("/")[0] });
      this.#things.set(key, group);
      if (layer === "pods") this.#enter(group, box);
      this.#layers.get(layer)?.append(group);
    }
    fill(group, box);
    group.style.transform = `translate(${box.x}px, ${box.y}px)`;
  }

  /** A new pod comes from the scheduler. @param {SVGGElement} group @param {Box} box */
  #enter(group, box) {
    const door = this.#layout?.controllers.get("scheduler");
    if (!door) return;
    group.style.transform = `translate(${door.x + door.w / 2 - box.w / 2}px, ${door.y + door.h - 6}px)`;
    group.classList.add("entering");
    window.requestAnimationFrame(() => window.requestAnimationFrame(() => group.classList.remove("entering")));
  }

  #drop(key, isSeen) {
    const group = this.#things.get(key);
    this.#things.delete(key);
    if (!group) return;
    group.classList.add("leaving");
    if (isSeen) window.setTimeout(() => group.remove(), LEAVING);
    else group.remove();
  }

  /** @param {import("./acts.js").Act} act */
  #beam({ actor, node: host, pod: name, set, service: called }) {
    const places = this.#layout;
    const from = host ? null : places?.controllers.get(actor);
    if (!places || !from) return;
    const to =
      (actor === "deployment" ? places.replicaSets.get(set ?? "") : null) ??
      (actor === "endpoints" ? places.services.get(called ?? "") : null) ??
      places.pods.get(name ?? "");
    if (!to) return;
    const isUp = to.y < from.y;
    const [x0, y0] = [from.x + from.w / 2, isUp ? from.y : from.y + from.h];
    const [x1, y1] = [to.x + Math.min(to.w / 2, 120), isUp ? to.y + to.h : to.y];
    const bend = (y1 - y0) / 2;
    const beam = draw("path", {
      class: "beam",
      pathLength: 1,
      d: `M${x0} ${y0}C${x0} ${y0 + bend} ${x1} ${y1 - bend} ${x1} ${y1}`,
    });
    const beams = this.#layers.get("beams");
    for (const other of beams?.querySelectorAll(".beam") ?? []) other.classList.add("past");
    beams?.append(beam);
    window.setTimeout(() => beam.remove(), LIT);
  }
}

function putIf(put, layer, key, box, fill) {
  if (box) put(layer, key, box, fill);
}

