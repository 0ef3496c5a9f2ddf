/**
 * @file How each thing of the picture is drawn: a function each, which fills its group, or changes what is in it.
 *
 * All take the group, its box and what it is about; the group itself is moved to its place by the picture.
 */

import { draw, tell } from "./dom.js";
import { icon } from "./icons.js";
import { WIDE } from "./layout.js";
import { count } from "./words.js";

/** The one element of a kind within a thing, made when it is first asked for. */
function part(group, name, kind, attributes) {
  const found = group.querySelector(`:scope > [data-part="${kind}"]`);
  const element = found ?? draw(name, { "data-part": kind });
  if (!found) group.append(element);
  for (const [key, value] of Object.entries(attributes)) {
    if (element.getAttribute(key) !== String(value)) element.setAttribute(key, String(value));
  }
  return element;
}

function text(group, kind, x, y, words, style = "") {
  tell(part(group, "text", kind, { x, y, class: style }), words);
}

function frame(group, box, radius = 7) {
  part(group, "rect", "frame", { width: box.w, height: box.h, rx: radius, class: "frame" });
}

/**
 * Text that must not be wider than its room. A name is told from others by its end, so its middle goes.
 *
 * @param {SVGGElement} group @param {string} kind @param {number} x @param {number} y
 * @param {string} words @param {number} room @param {string} [style]
 */
function fitted(group, kind, x, y, words, room, style = "") {
  const element = part(group, "text", kind, { x, y, class: style });
  const wanted = `${words}|${Math.round(room)}`;
  if (element.dataset.wanted === wanted) return;
  element.dataset.wanted = wanted;
  tell(element, words);
  for (let kept = words.length - 1; kept > 3 && element.getComputedTextLength() > room; kept -= 1) {
    tell(element, shortened(words, kept));
  }
}

/** So many letters of a name, with a mark for what is left out. @param {string} words @param {number} kept */
export function shortened(words, kept) {
  const end = Math.min(kept - 1, Math.max(5, Math.floor(kept / 2)));
  return `${words.slice(0, kept - end)}…${words.slice(-end)}`;
}

export function caption(group, words) {
  text(group, "title", 0, 0, words, "title");
}

export function nothing(group, box) {
  frame(group, box);
  text(group, "words", 14, 27, "Nothing is declared yet. Apply a manifest.", "muted");
}

export function elbow(group, { from, to }, isWide) {
  const y = to.y + to.h / 2;
  const d = isWide
    ? `M${from.x + from.w} ${from.y + from.h / 2}h13V${y}H${to.x}`
    : `M${from.x + 13} ${from.y + from.h}V${y}H${to.x}`;
  part(group, "path", "elbow", { d, class: "elbow" });
}

export function deployment(group, box, it) {
  frame(group, box);
  fitted(group, "name", 14, 21, `Deployment ${it.name}`, box.w - 70, "bold");
  text(group, "sum", 14, 39, `${it.wanted} wanted, ${it.ready} ready`, "");
  pill(group, box.w - 12, box.h / 2, it.version, true);
}

/** The version, in a small frame that ends at x; a wanted one stands out. */
function pill(group, x, y, version, isWanted, h = 18) {
  const short = version.length > 8 ? shortened(version, 7) : version;
  const w = short.length * 6.6 + 12;
  const style = isWanted ? "pill wanted" : "pill";
  part(group, "rect", "pill", { x: x - w, y: y - h / 2, width: w, height: h, rx: h / 2, class: style });
  text(group, "version", x - w / 2, y + 4, short, `${style} middle`);
  return w;
}

export function replicaSet(group, box, it, isWanted) {
  frame(group, box, 6);
  group.classList.toggle("idle", it.wanted + it.there === 0);
  const middle = box.h / 2;
  const w = pill(group, box.w - 8, middle, it.version, isWanted);
  const sum = it.wanted + it.there > 0 ? `${it.ready}/${it.wanted} ready` : "kept, empty";
  text(group, "sum", box.w - w - 16, middle + 4, sum, "end");
  const end = box.w - w - 88;
  const room = Math.min(150, end - 40);
  fitted(group, "name", 10, middle + 4, it.name, room, "mono");
  pips(group, 10 + Math.min(room, it.name.length * 7.1) + 10, middle, it, end);
}

export function alone(group, box, name) {
  frame(group, box, 6);
  const isRoomy = box.w >= WIDE;
  fitted(group, "name", 10, box.h / 2 + 4, `Pod ${name}`, box.w - (isRoomy ? 220 : 120), "bold small");
  text(group, "note", box.w - 10, box.h / 2 + 4, isRoomy ? "no controller looks after it" : "no controller", "muted small end");
}

/** A mark for each pod that is wanted or there: filled when it is ready. */
function pips(group, x, y, { wanted, there, ready }, end) {
  const many = Math.min(Math.max(wanted, there), Math.floor((end - x) / 11));
  const row = part(group, "g", "pips", {});
  while (row.childElementCount > Math.max(0, many)) row.lastElementChild.remove();
  while (row.childElementCount < many) row.append(draw("circle", { r: 4, cy: 0 }));
  [...row.children].forEach((pip, index) => {
    pip.setAttribute("cx", String(x + 4 + index * 11));
    pip.setAttribute("cy", String(y));
    const state = index < ready ? "full" : index < there ? "there" : "missing";
    pip.setAttribute("class", index >= wanted ? `${state} surplus` : state);
  });
}

export function controller(group, box, label) {
  frame(group, box, box.h / 2);
  part(group, "circle", "light", { cx: 13, cy: box.h / 2, r: 4, class: "light" });
  text(group, "label", 22, box.h / 2 + 4, label, box.w < 116 ? "tiny" : "small");
}

export function lane(group, box) {
  frame(group, box, 9);
  text(group, "title", 8, 15, "waiting for a node", "muted small");
}

export function node(group, box, it) {
  frame(group, box, 10);
  group.classList.toggle("cordoned", it.isCordoned);
  text(group, "name", 12, 21, it.isCordoned ? `${it.name}, cordoned` : it.name, "bold");
  const x = box.w - 72;
  part(group, "rect", "kubelet", { x, y: 7, width: 65, height: 19, rx: 9.5, class: "kubelet" });
  part(group, "circle", "light", { cx: x + 10, cy: 16.5, r: 3, class: "light" });
  text(group, "label", x + 17, 20.5, "kubelet", "tiny");
}

/** In a pod narrower than this, or with a longer word, the state has a line to itself, and the version stands above. */
const ROOMY = 186;
const SHORT = 12;

export function pod(group, box, it, isWanted) {
  frame(group, box);
  if (group.dataset.state !== it.state) {
    group.dataset.state = it.state;
    group.querySelector(".icon")?.remove();
    group.append(icon(it.state));
  }
  const again = it.restarts > 0 ? `↻${it.restarts}` : "";
  group.querySelector(".icon").setAttribute("transform", `translate(16 ${again ? 15 : box.h / 2})`);
  text(group, "restarts", 16, 36, again, "tiny middle bold");
  const isRoomy = box.w >= ROOMY && it.word.length <= SHORT;
  const w = pill(group, box.w - 6, isRoomy ? 30 : 13, it.version, isWanted, 16) + 5;
  const room = box.w - 36;
  fitted(group, "name", 30, 17, it.name, isRoomy ? room : room - w, "mono");
  fitted(group, "word", 30, 34, it.word, isRoomy ? room - w : room, "word");
  const words = `${it.name}: ${it.word}, version ${it.version}${it.restarts ? `, ${count(it.restarts, "restart")}` : ""}`;
  tell(part(group, "title", "tip", {}), words);
}

export function wire(group, path) {
  part(group, "path", "wire", { d: path, class: "wire" });
}

export function service(group, box, it, load, current) {
  frame(group, box, 9);
  group.classList.toggle("empty", it.endpoints.length === 0);
  const isNarrow = box.w < WIDE;
  const selects = `selects ${it.selector || "nothing"}`;
  const line = part(group, "text", "name", { x: 14, y: 24 });
  if (line.childElementCount === 0) line.append(draw("tspan", { class: "bold" }), draw("tspan", { class: "muted small", dx: 8 }));
  tell(line.children[0], `Service ${it.name}`);
  tell(line.children[1], isNarrow ? "" : selects);
  text(group, "ends", box.w - 14, 24, count(it.endpoints.length, "endpoint"), "end bold ends");
  if (isNarrow) fitted(group, "selector", 14, 42, selects, box.w - 28, "muted small");
  const isAsked = load.service === it.name;
  const row = part(group, "g", "ticks", { class: "ticks", transform: `translate(16 ${box.h - 27})` });
  ticks(row, isAsked ? load.recent.slice(-30) : [], isNarrow ? 3.5 : 6, current);
  const sum = `${load.ok} answered, ${load.failed} failed${load.isOn ? "" : ", stopped"}`;
  text(group, "sum", isNarrow ? 130 : 208, box.h - 16, isAsked ? sum : "", "small");
  const versions = Object.entries(load.byVersion).map(([version, many]) => `${version}: ${many}`);
  text(group, "versions", box.w - 14, isNarrow ? 42 : box.h - 16, isAsked ? versions.join(", ") : "", "small end muted");
}

/** The last answers, as a row: whole for an answer, broken for a failure; pale for a version that is not wanted. */
function ticks(row, recent, step, current) {
  while (row.childElementCount > recent.length) row.lastElementChild.remove();
  while (row.childElementCount < recent.length) row.append(draw("path"));
  recent.forEach(({ ok, version }, index) => {
    const x = index * step;
    row.children[index].setAttribute("d", ok ? `M${x} 14V0` : `M${x} 14v-3M${x} 6v-6`);
    row.children[index].setAttribute("class", ok ? (current.has(version) ? "ok wanted" : "ok") : "failed");
  });
}
