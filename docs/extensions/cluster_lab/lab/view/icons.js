/** @file The signs of a pod's state: each has a shape of its own, not only a colour. */

import { draw } from "./dom.js";

/** Around the point 0,0; 16 wide. `solid` is filled with the state's tone, `mark` lies on it. */
/** @type {Record<string, ["circle"|"path"|"rect", Record<string, string|number>][]>} */
const SHAPES = {
  pending: [["circle", { r: 7.5, class: "open dotted" }]],
  pulling: [
    ["circle", { r: 7.5, class: "open" }],
    ["path", { d: "M0 -4V3.5M-3 0.7L0 3.7L3 0.7", class: "stroke" }],
  ],
  starting: [
    ["circle", { r: 7.5, class: "open faint" }],
    ["path", { d: "M0 -7.5A7.5 7.5 0 0 1 7.5 0", class: "stroke turning" }],
  ],
  unready: [
    ["circle", { r: 7.5, class: "open" }],
    ["path", { d: "M0 -7.5A7.5 7.5 0 0 0 0 7.5Z", class: "solid" }],
  ],
  ready: [
    ["circle", { r: 8, class: "solid" }],
    ["path", { d: "M-3.6 0.2L-1 2.9L3.8 -2.6", class: "mark" }],
  ],
  failing: [
    ["path", { d: "M0 -8.2L8.6 6.8H-8.6Z", class: "solid round" }],
    ["path", { d: "M0 -3V1.8M0 4.4V4.5", class: "mark" }],
  ],
  terminating: [
    ["circle", { r: 7.5, class: "open dotted" }],
    ["path", { d: "M-2.8 -2.8L2.8 2.8M2.8 -2.8L-2.8 2.8", class: "stroke" }],
  ],
  completed: [
    ["rect", { x: -7.5, y: -7.5, width: 15, height: 15, rx: 2, class: "solid" }],
    ["path", { d: "M-3.6 0.2L-1 2.9L3.8 -2.6", class: "mark" }],
  ],
};

/** @param {import("./model.js").PodState} state */
export function icon(state) {
  const shapes = SHAPES[state].map(([name, attributes]) => draw(name, attributes));
  return draw("g", { class: "icon" }, ...shapes);
}
