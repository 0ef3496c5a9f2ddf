/**
 * @file What the student sees around the page in the course's shell: the contents, with a mark for
 * each page, and the buttons.
 */

import { decimal } from "../lib/values.js";

/** Up to this width the contents are a drawer; shell.css has the same width. */
const NARROW = "(max-width: 650px)";

const STATUSES = {
  "": ["○", "not started"],
  incomplete: ["◐", "in progress"],
  completed: ["✓", "done"],
  passed: ["✓", "passed"],
  failed: ["✗", "not passed yet"],
};

const NOT_KEPT = "Your latest work is not recorded yet.";

/**
 * How the student stands with a page, in words.
 *
 * @param {{status: string, score: number|null}} [work] nothing for a page never opened
 */
export function statusText({ status, score } = { status: "", score: null }) {
  const [, words] = STATUSES[status] ?? STATUSES[""];
  return score === null ? words : `${words}, ${decimal(score)} of 100`;
}

/**
 * How far the student is in the course.
 *
 * @param {Pick<import("../work/course.js").CourseProgress, "done"|"total"|"score">} progress
 */
export function totalText({ done, total, score }) {
  const pages = `${done} of ${total} ${total === 1 ? "page" : "pages"} done`;
  return score === null ? pages : `${pages}, score ${decimal(score)} of 100`;
}

export class Contents {
  #document;
  #title;
  #pages;
  #links;
  #current = -1;

  /**
   * @param {Document} document
   * @param {string} title of the course
   * @param {import("../work/course.js").CoursePage[]} pages in reading order
   * @param {(id: string) => void} choose told which page the student wants
   */
  constructor(document, title, pages, choose) {
    this.#document = document;
    this.#title = title;
    this.#pages = pages;
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = document.querySelectorAll("#scorm-shell-contents a[data-sco]");
    this.#links = new Map([...links].map((link) => [link.dataset.sco, link]));
    for (const [id, link] of this.#links) {
      link.addEventListener("click", (event) => {
        // A new tab or window that the student asked for is the browser's business.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        this.#openDrawer(false);
        choose(id);
      });
    }
    const step = (by) => choose(this.#pages[this.#current + by].id);
    this.#part("previous").addEventListener("click", () => step(-1));
    this.#part("next").addEventListener("click", () => step(1));
    this.#part("toggle").addEventListener("click", () => this.#openDrawer(!this.#isDrawerOpen));
    document.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !this.#isDrawerOpen) return;
      this.#openDrawer(false);
      this.#part("toggle").focus();
    });
  }

  /** Marks the page in the frame; its id is "" where it is not in the contents, as the search. */
  show(id, title) {
    this.#document.title = `${title} – ${this.#title}`;
    this.#part("frame").title = title;
    for (const link of this.#links.values()) link.removeAttribute("aria-current");
    const place = this.#pages.findIndex((page) => page.id === id);
    if (place < 0) return;
    this.#current = place;
    this.#links.get(id).setAttribute("aria-current", "page");
    this.#links.get(id).scrollIntoView({ block: "nearest" });
    this.#part("previous").disabled = place === 0;
    this.#part("next").disabled = place === this.#pages.length - 1;
  }

  /** @param {import("../work/course.js").CourseProgress} progress */
  update(progress) {
    for (const [id, link] of this.#links) {
      const work = progress.pages.get(id);
      const status = work?.status ?? "";
      link.dataset.status = status;
      link.querySelector(".scorm-shell-mark").textContent = (STATUSES[status] ?? STATUSES[""])[0];
      link.querySelector(".scorm-shell-status").textContent = `· ${statusText(work)}`;
    }
    const bar = this.#part("bar");
    bar.max = progress.total;
    bar.value = progress.done;
    this.#part("total").textContent = totalText(progress);
    const announcement = this.#part("announcement");
    const words = progress.kept ? "" : NOT_KEPT;
    if (announcement.textContent !== words) announcement.textContent = words;
  }

  get #isDrawerOpen() {
    return this.#part("toggle").getAttribute("aria-expanded") === "true";
  }

  /** Opens or closes the contents in a narrow window, where they are a drawer. */
  #openDrawer(isOpen) {
    if (isOpen === this.#isDrawerOpen) return;
    this.#part("toggle").setAttribute("aria-expanded", String(isOpen));
    this.#document.documentElement.dataset.scormContents = isOpen ? "open" : "closed";
    if (isOpen && this.#document.defaultView.matchMedia(NARROW).matches) {
      const current = this.#links.get(this.#pages[this.#current]?.id);
      (current ?? [...this.#links.values()][0])?.focus();
    }
  }

  #part(name) {
    return this.#document.getElementById(`scorm-shell-${name}`);
  }
}
