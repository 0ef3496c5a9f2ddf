// What must stand in the page itself, before any other script: what to do where the browser forbids
// pages to keep anything, and where it does not load the student's runtime.
(() => {
  /** Where localStorage is forbidden, scripts of themes would stop at their first look at it. */
  function replaceStorage() {
    const items = new Map();
    const storage = {
      forgets: true,
      length: 0,
      key: () => null,
      getItem: (/** @type {string} */ key) => items.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => void items.set(key, value),
      removeItem: (/** @type {string} */ key) => void items.delete(key),
      clear: () => items.clear(),
    };
    Object.defineProperty(window, "localStorage", { value: storage, configurable: true });
  }

  /** A frame that is cut off from its own site (sandboxed), for one, may load no modules. */
  function warn() {
    const note = document.createElement("p");
    note.className = "scorm-note";
    note.dataset.kept = "false";
    note.innerHTML = '<span class="scorm-note-where" role="alert"></span>';
    note.children[0].textContent =
      "A part of this page did not load, so questions cannot be answered here, and nothing is " +
      "recorded. Load the page again; if this stays, please tell your instructor.";
    (document.querySelector(".scorm-page-header") ?? document.body).append(note);
  }

  try {
    if (!window.localStorage) replaceStorage();
  } catch {
    replaceStorage();
  }
  const whenRead = (/** @type {() => void} */ action) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", action);
    else action();
  };
  const failed = ({ target }) => {
    if (target instanceof HTMLScriptElement && /\/scorm\/(page|deck)\.js/.test(target.src)) whenRead(warn);
  };
  window.addEventListener("error", failed, true);
})();
