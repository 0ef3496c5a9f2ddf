// Where the browser forbids localStorage, the scripts of themes would stop at their first look at
// it. They get a substitute that forgets, before any of them runs: it stands in the page itself.
(() => {
  try {
    if (window.localStorage) return;
  } catch {
    // It is forbidden.
  }
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
})();
