/** @file The large view: the lab fills the window (or the frame of the LMS) until it is left again. */

/** Without the Fullscreen API, which the frames of most LMSs do not allow. */
export class Large {
  #element;
  #changed;
  /** @type {HTMLElement[]} */
  #asleep = [];
  #onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && !event.defaultPrevented) this.set(false);
  };

  /** @param {HTMLElement} element @param {() => void} changed */
  constructor(element, changed) {
    this.#element = element;
    this.#changed = changed;
  }

  get isOn() {
    return this.#element.classList.contains("cluster-lab-large");
  }

  /** @param {boolean} isOn */
  set(isOn) {
    if (isOn === this.isOn) return;
    this.#element.classList.toggle("cluster-lab-large", isOn);
    document.documentElement.classList.toggle("cluster-lab-behind", isOn);
    if (isOn) {
      this.#asleep = around(this.#element).filter((it) => !it.inert);
      this.#element.addEventListener("keydown", this.#onKey);
    } else this.#element.removeEventListener("keydown", this.#onKey);
    for (const other of this.#asleep) other.inert = isOn;
    this.#element.querySelector(".cluster-lab-stage")?.scrollIntoView({ block: "start" });
    this.#changed();
  }
}

/** All that stands beside an element, or beside what holds it: no key leads there meanwhile. @param {HTMLElement} element */
function around(element) {
  const others = /** @type {HTMLElement[]} */ ([]);
  for (let it = element; it.parentElement && it !== document.body; it = it.parentElement) {
    others.push(...[...it.parentElement.children].filter((other) => other !== it && other instanceof HTMLElement && !/SCRIPT|STYLE|LINK/.test(other.tagName)).map((other) => /** @type {HTMLElement} */ (other)));
  }
  return others;
}
