/** @file Where everything stands in the picture: numbers only, in pixels, for a given width. */

/** @typedef {import("./model.js").Model} Model */

/** @typedef {{x: number, y: number, w: number, h: number}} Box */

/**
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {boolean} isWide nodes stand side by side
 * @property {Map<string, Box>} deployments by name, like all that follows
 * @property {Map<string, Box>} replicaSets
 * @property {Map<string, Box>} alone pods that no controller looks after, where they are declared
 * @property {{from: Box, to: Box}[]} owners lines from a Deployment to its ReplicaSets
 * @property {Map<string, Box>} controllers
 * @property {Box|null} lane where pods wait for a node
 * @property {Map<string, Box>} nodes
 * @property {Map<string, Box>} pods
 * @property {Map<string, Box>} services
 * @property {{service: string, pod: string, path: string}[]} lines from Services to their endpoints
 * @property {{text: string, x: number, y: number}[]} titles
 */

/** The controllers that have a light of their own; a kubelet has its light on its node. */
export const CONTROLLERS = /** @type {const} */ (["api", "deployment", "replicaset", "scheduler", "endpoints"]);

/** From this width on nodes stand side by side. */
export const WIDE = 540;

const GAP = 10;
const TITLE = 22;
const CARD = 50;
const ROW = 30;
const CHIP = 30;
const HEAD = 32;
const POD = 42;
const POD_GAP = 6;
const GUTTER = 18;
const EDGE = 8;

/** The height of a Service, what its selector needs in a narrow picture, and its answers. */
const SERVICE = 38;
const SELECTOR = 16;
const ANSWERS = 26;

/**
 * Which place of its node each pod has. A pod keeps its place as long as it is there, so that nothing
 * moves but what has to. When nothing comes or goes, gaps are closed.
 *
 * @param {Map<string, {node: string, slot: number}>} before
 * @param {Model} model
 * @returns {Map<string, {node: string, slot: number}>}
 */
export function assignSlots(before, model) {
  const slots = new Map();
  const placed = model.pods.filter((pod) => pod.node);
  const kept = isQuiet(model) ? [] : placed;
  for (const { name, node } of kept) {
    const old = before.get(name);
    if (old?.node === node) slots.set(name, old);
  }
  for (const { name, node } of placed.filter((pod) => !slots.has(pod.name))) {
    const taken = new Set([...slots.values()].filter((it) => it.node === node).map((it) => it.slot));
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    slots.set(name, { node, slot });
  }
  return slots;
}

/** Is no pod on its way in or out? @param {Model} model */
export function isQuiet({ pods }) {
  return pods.every(({ state }) => ["ready", "unready", "failing", "completed"].includes(state));
}

/**
 * @param {Model} model
 * @param {object} view
 * @param {number} view.width of the picture
 * @param {Map<string, {node: string, slot: number}>} view.slots
 * @param {number} view.rows places that each node has at least, below each other
 * @param {boolean} view.hasLane do pods wait for a node?
 * @param {string} view.loaded the Service that the load asks, or asked last
 * @returns {Layout}
 */
export function layout(model, { width, slots, rows, hasLane, loaded }) {
  const isWide = width >= WIDE;
  /** @type {Layout} */
  const result = {
    width,
    height: 0,
    isWide,
    deployments: new Map(),
    replicaSets: new Map(),
    alone: new Map(),
    owners: [],
    controllers: new Map(),
    lane: null,
    nodes: new Map(),
    pods: new Map(),
    services: new Map(),
    lines: [],
    titles: [],
  };
  let y = placeDesired(model, result, 0);
  y = placeControllers(result, y + GAP);
  y = placeLane(model, result, y + GAP + 2, hasLane);
  y = placeNodes(model, result, y, slots, rows);
  result.height = placeServices(model, result, y, loaded) + 1;
  return result;
}

/** How many pods stand side by side in a node. @param {number} width */
export function columns(width) {
  return width >= WIDE ? 1 : 2;
}

/** Deployments, with their ReplicaSets beside or below them. */
function placeDesired(model, result, top) {
  result.titles.push({ text: "Desired state", x: 0, y: top + 13 });
  let y = top + TITLE;
  const { width, isWide } = result;
  const card = isWide ? Math.round(width * 0.38) : width;
  for (const deployment of model.deployments) {
    const box = { x: 0, y, w: card, h: CARD };
    result.deployments.set(deployment.name, box);
    const sets = shown(model.replicaSets.filter((set) => set.owner === deployment.name));
    const x = isWide ? card + 34 : 26;
    let at = isWide ? y : y + CARD + 6;
    if (isWide && sets.length === 1) at += (CARD - ROW + 4) / 2;
    for (const set of sets) {
      const row = { x, y: at, w: width - x, h: ROW - 4 };
      result.replicaSets.set(set.name, row);
      result.owners.push({ from: box, to: row });
      at += ROW;
    }
    y = Math.max(y + CARD, at) + (isWide ? 4 : 0);
  }
  const row = (/** @type {Map<string, Box>} */ boxes, /** @type {string} */ name) => {
    boxes.set(name, { x: 0, y, w: width, h: ROW - 4 });
    y += ROW;
  };
  for (const { name } of model.replicaSets.filter((set) => !set.owner)) row(result.replicaSets, name);
  for (const { name } of model.pods.filter((pod) => !pod.owner)) row(result.alone, name);
  return y === top + TITLE ? y + CARD : y;
}

/** Of the ReplicaSets of a Deployment those with pods, and the two newest without. */
function shown(sets) {
  const idle = sets.filter((set) => set.wanted + set.there === 0).slice(0, 2);
  return sets.filter((set) => set.wanted + set.there > 0 || idle.includes(set)).slice(0, 4);
}

function placeControllers(result, top) {
  result.titles.push({ text: "Control plane: who acts", x: 0, y: top + 13 });
  const many = result.isWide ? CONTROLLERS.length : 3;
  const w = (result.width - (many - 1) * 8) / many;
  CONTROLLERS.forEach((name, index) => {
    const y = top + TITLE + Math.floor(index / many) * (CHIP + 6);
    result.controllers.set(name, { x: (index % many) * (w + 8), y, w, h: CHIP });
  });
  return top + TITLE + Math.ceil(CONTROLLERS.length / many) * (CHIP + 6) - 6;
}

/** The lane of pods that wait; those that wait for a moment only appear at the scheduler. */
function placeLane(model, result, top, hasLane) {
  const waiting = model.pods.filter((pod) => !pod.node);
  const w = podWidth(result);
  if (!hasLane || waiting.length === 0) {
    const door = result.controllers.get("scheduler");
    for (const pod of waiting) {
      const x = Math.min(Math.max(0, door.x + door.w / 2 - w / 2), result.width - w);
      result.pods.set(pod.name, { x, y: door.y + door.h - 6, w, h: POD });
    }
    return top;
  }
  const many = Math.max(1, Math.floor((result.width - GUTTER) / (w + GAP)));
  const lines = Math.ceil(waiting.length / many);
  const box = { x: 0, y: top, w: result.width, h: TITLE + lines * (POD + POD_GAP) + EDGE - POD_GAP };
  result.lane = box;
  waiting.forEach((pod, index) => {
    const x = EDGE + (index % many) * (w + GAP);
    result.pods.set(pod.name, { x, y: top + TITLE + Math.floor(index / many) * (POD + POD_GAP), w, h: POD });
  });
  return top + box.h + GAP;
}

function nodeWidth(result) {
  return result.isWide ? (result.width - 2 * GAP) / 3 : result.width;
}

function podWidth(result) {
  const many = columns(result.width);
  return (nodeWidth(result) - EDGE - many * GUTTER) / many;
}

function placeNodes(model, result, top, slots, rows) {
  const many = columns(result.width);
  const w = nodeWidth(result);
  const pod = podWidth(result);
  const perLine = result.isWide ? 3 : 1;
  let y = top;
  let height = 0;
  model.nodes.forEach((node, index) => {
    const here = [...slots].filter(([, place]) => place.node === node.name);
    const deep = Math.max(rows, ...here.map(([, { slot }]) => Math.floor(slot / many) + 1));
    if (index % perLine === 0) {
      y += index > 0 ? height + GAP : 0;
      height = 0;
    }
    const box = { x: (index % perLine) * (w + GAP), y, w, h: HEAD + deep * (POD + POD_GAP) + EDGE - POD_GAP };
    height = Math.max(height, box.h);
    result.nodes.set(node.name, box);
    for (const [name, { slot }] of here) {
      const x = box.x + GUTTER + (slot % many) * (pod + GUTTER);
      result.pods.set(name, { x, y: y + HEAD + Math.floor(slot / many) * (POD + POD_GAP), w: pod, h: POD });
    }
  });
  for (const box of result.nodes.values()) if (result.isWide) box.h = height;
  return y + height;
}

function placeServices(model, result, top, loaded) {
  let y = top + 18;
  model.services.forEach((service, index) => {
    const box = { x: 0, y, w: result.width, h: SERVICE + (result.isWide ? 0 : SELECTOR) + (service.name === loaded ? ANSWERS : 0) };
    result.services.set(service.name, box);
    for (const name of service.endpoints) {
      const pod = result.pods.get(name);
      if (pod) result.lines.push({ service: service.name, pod: name, path: line(box, pod, index) });
    }
    y += box.h + GAP;
  });
  return model.services.length > 0 ? y - GAP : top;
}

/** Up the gutter left of the pod, and round the corner to it; Services side by side in the gutter. */
function line(box, pod, index) {
  const x = pod.x - GUTTER / 2 - 1 + index * 3;
  const y = pod.y + pod.h / 2;
  return `M${x} ${box.y}V${y + 5}Q${x} ${y} ${x + 5} ${y}H${pod.x}`;
}
