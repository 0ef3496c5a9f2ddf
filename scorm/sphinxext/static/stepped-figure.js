/** @file Figures in steps: shows one frame at a time, and lets things glide to their new places. */

import { glides, stepAfter } from "./glides.js";

/** How long a thing is on its way (milliseconds). */
const GLIDE = 700;

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

class Stepper {
  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.figure = figure;
    this.list = /** @type {HTMLElement} */ (figure.querySelector(".stepped-figure-steps"));
    this.steps = [...this.list.children];
    this.step = 0;
    this.changed = () => {};
    showOnly(this.steps, 0);
    this.list.setAttribute("aria-live", "polite");
    figure.classList.add("stepped-figure-playing");
  }

  /** @param {number} step from 0 */
  show(step) {
    if (step === this.step) return;
    const before = things(this.steps[this.step]);
    showOnly(this.steps, step);
    this.step = step;
    this.changed();
    if (!calm.matches) glide(before, things(this.steps[step]));
  }
}

function showOnly(steps, shown) {
  steps.forEach((step, index) => { step.hidden = index !== shown; });
}

/** The things with a key in a frame, each with the middle of its box in the drawing's units. */
function things(step) {
  const drawing = step.querySelector("svg");
  const toDrawing = drawing.getScreenCTM()?.inverse();
  if (!toDrawing) return []; // nothing of it is on the screen
  return [...drawing.querySelectorAll("[data-key]")].map((element) => {
    const box = element.getBoundingClientRect();
    const middle = new DOMPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    const { x, y } = middle.matrixTransform(toDrawing);
    return { element, key: element.dataset.key, from: element.dataset.from ?? null, x, y };
  });
}

/** Lets each thing glide from where it was; what comes from nowhere fades in. */
function glide(before, after) {
  glides(before, after).forEach((way, index) => {
    const timing = { duration: GLIDE, easing: "ease-in-out" };
    if (!way) after[index].element.animate({ opacity: [0, 1] }, timing);
    else if (Math.hypot(way.x, way.y) > 0.5) {
      // "translate", not "transform": it leaves the element's own attribute in force
      after[index].element.animate({ translate: [`${way.x}px ${way.y}px`, "0 0"] }, timing);
    }
  });
}

/** Adds the buttons Back and Next above the frame, and listens to the keys. */
function addControls(stepper) {
  const controls = document.createElement("div");
  controls.className = "stepped-figure-controls";
  const [back, next] = [{ word: "Back", by: -1 }, { word: "Next", by: 1 }].map(({ word, by }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    // Not "disabled", which would take the focus away from whoever stands on the button.
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") stepper.show(stepper.step + by);
    });
    return button;
  });
  controls.append(back, next);
  stepper.list.before(controls); // above what changes, so that they stay where they are
  stepper.changed = () => {
    back.setAttribute("aria-disabled", String(stepper.step === 0));
    next.setAttribute("aria-disabled", String(stepper.step === stepper.steps.length - 1));
  };
  stepper.changed();
  stepper.figure.tabIndex = -1; // a click on the drawing is enough for the keys
  stepper.figure.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = stepAfter(event.key, stepper.step, stepper.steps.length);
    if (step === null) return;
    event.preventDefault();
    stepper.show(step);
  });
}

/** The step that the slide's fragments have come to. */
function stepOf(figure) {
  return figure.querySelectorAll(".stepped-figure-mark.visible").length;
}

/** In a deck the presenter's keys lead: each further step is a fragment of the slide. */
function followFragments(stepper, reveal) {
  const follow = () => stepper.show(stepOf(stepper.figure));
  for (const event of ["ready", "slidechanged", "fragmentshown", "fragmenthidden"]) {
    reveal.on(event, follow);
  }
  follow();
}

/** Printed (?print-pdf), a slide is copied to a page for each of its fragments. */
function stepOnPaper() {
  for (const figure of document.querySelectorAll(".pdf-page .stepped-figure")) {
    showOnly([...figure.querySelectorAll(".stepped-figure-step")], stepOf(figure));
  }
}

/** @type {NodeListOf<HTMLElement>} */
const figures = document.querySelectorAll(".stepped-figure");
for (const figure of figures) {
  const stepper = new Stepper(figure);
  if (globalThis.Reveal) followFragments(stepper, globalThis.Reveal);
  else addControls(stepper);
}
globalThis.Reveal?.on("pdf-ready", stepOnPaper);
