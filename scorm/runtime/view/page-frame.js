/** @file The frame of the course's shell, whether the contents or a link leads to its page. */

import { readPage } from "./facts.js";
import { openOutside } from "./links.js";

export class PageFrame {
  #frame;
  #pages;
  #isFirst = true;
  #takesFocus = false;

  /**
   * @param {HTMLIFrameElement} frame
   * @param {import("../work/course.js").CoursePage[]} pages
   * @param {(id: string, title: string) => void} loaded told each page that the frame shows;
   *   the id is "" for one that is not among `pages`
   */
  constructor(frame, pages, loaded) {
    this.#frame = frame;
    this.#pages = pages;
    frame.addEventListener("load", () => {
      const document = this.#document;
      if (!document || document.location.protocol === "about:") return;
      this.#prepare(document);
      const page = this.#pageAt(document.location.pathname);
      loaded(page?.id ?? "", page?.title ?? document.title);
      if (this.#takesFocus) frame.focus({ preventScroll: true });
      this.#takesFocus = false;
    });
  }

  /**
   * Shows a page. The focus follows into it where the student asked for it: a screen reader
   * then says its title, and the next key scrolls it.
   *
   * @param {string} id
   * @param {{focus: boolean}} options
   */
  show(id, { focus }) {
    const { href } = this.#pages.find((page) => page.id === id);
    const { location } = this.#frame.contentWindow;
    const address = new URL(href, this.#frame.baseURI).href;
    this.#takesFocus = focus;
    // The empty frame must not stay behind as a step of the browser's history.
    if (this.#isFirst) location.replace(address);
    else location.href = address;
    this.#isFirst = false;
  }

  /** Tells the page that it goes away with the shell, as it must save before the session ends. */
  sayGoodbye(cached) {
    const window = this.#document?.defaultView;
    window?.dispatchEvent(new window.PageTransitionEvent("pagehide", { persisted: cached }));
  }

  /** The page's document, or null where it is of another origin. */
  get #document() {
    try {
      return this.#frame.contentDocument;
    } catch {
      return null;
    }
  }

  /** Hides the page's own contents (course.css); sees to the links where no runtime does it. */
  #prepare(document) {
    document.documentElement.dataset.scormLms = "true";
    if (!readPage(document)) openOutside(document, true);
  }

  #pageAt(path) {
    return this.#pages.find(({ href }) => new URL(href, this.#frame.baseURI).pathname === path);
  }
}
