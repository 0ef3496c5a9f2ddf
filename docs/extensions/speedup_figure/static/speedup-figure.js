/** @file The chart of the laws of scaling: its sliders move the curves and the point. */

import { amdahl, gustafson, inWords } from "./speedup.js";

const LAWS = { amdahl, gustafson };

/** The chart's square, in units of the drawing; both axes are logarithmic, from 1 on. */
class Scale {
  constructor(figure) {
    const { left, top, side, powers } = figure.querySelector("svg").dataset;
    this.left = Number(left);
    this.top = Number(top);
    this.side = Number(side);
    this.powers = Number(powers);
  }

  x(workers) {
    return this.left + (this.side * Math.log2(workers)) / this.powers;
  }

  y(speedup) {
    return this.top + this.side * (1 - Math.log2(speedup) / this.powers);
  }
}

function enhance(figure) {
  const scale = new Scale(figure);
  const controls = figure.querySelector(".speedup-figure-controls");
  const [share, workers] = controls.querySelectorAll("input");
  const shares = share.dataset.values.split(" ").map(Number);
  const update = () => {
    const percent = shares[share.valueAsNumber];
    const count = 2 ** workers.valueAsNumber;
    tell(controls, share, `${percent}%`);
    tell(controls, workers, count.toLocaleString("en"));
    for (const law of figure.querySelectorAll("[data-law]")) {
      draw(law, scale, (n) => LAWS[law.dataset.law](percent / 100, n), count);
    }
    controls.querySelector("output").replaceChildren(...inWords(percent / 100, count).map((words) => {
      const line = document.createElement("span");
      line.textContent = words;
      return line;
    }));
  };
  controls.addEventListener("input", update);
  controls.hidden = false;
  update();
}

/** Tells the value of a slider: beside it, and to a screen reader. */
function tell(controls, input, words) {
  controls.querySelector(`[data-told="${input.name}"]`).textContent = words;
  input.setAttribute("aria-valuetext", words);
}

/** Draws one law: its curve, and the point at `count` workers. */
function draw(group, scale, law, count) {
  const curve = Array.from({ length: 4 * scale.powers + 1 }, (_, step) => {
    const workers = 2 ** (step / 4);
    return `${scale.x(workers).toFixed(1)},${scale.y(law(workers)).toFixed(1)}`;
  });
  group.querySelector("polyline").setAttribute("points", curve.join(" "));
  const place = `translate(${scale.x(count)} ${scale.y(law(count))})`;
  group.querySelector("path").setAttribute("transform", place);
}

for (const figure of document.querySelectorAll(".speedup-figure")) enhance(figure);
