/** @file Tabs, as the ARIA Authoring Practices describe them: arrows go from one to the next. */

import { make } from "./dom.js";

/**
 * @param {string} id begins the ids
 * @param {string} label of the list of tabs
 * @param {{name: string, title: string}[]} parts
 * @param {(name: string) => void} shown called when a tab has been shown
 * @returns {{element: HTMLElement, panels: Record<string, HTMLElement>, show: (name: string) => void}}
 */
export function tabs(id, label, parts, shown) {
  /** @type {Record<string, HTMLElement>} */
  const panels = {};
  const buttons = parts.map(({ name, title }) => {
    panels[name] = make("div", {
      id: `${id}-${name}`,
      class: "cluster-lab-panel",
      role: "tabpanel",
      "aria-labelledby": `${id}-${name}-tab`,
    });
    return make("button", {
      type: "button",
      role: "tab",
      id: `${id}-${name}-tab`,
      "aria-controls": `${id}-${name}`,
      onclick: () => show(name),
    }, title);
  });
  const list = make("div", { role: "tablist", class: "cluster-lab-tablist", "aria-label": label }, ...buttons);

  function show(/** @type {string} */ name) {
    parts.forEach((part, index) => {
      const isShown = part.name === name;
      panels[part.name].hidden = !isShown;
      buttons[index].setAttribute("aria-selected", String(isShown));
      buttons[index].tabIndex = isShown ? 0 : -1;
    });
    shown(name);
  }

  list.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: parts.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + parts.length) % parts.length;
    show(parts[index].name);
    buttons[index].focus();
  });

  show(parts[0].name);
  return { element: make("div", { class: "cluster-lab-tabs" }, list, ...Object.values(panels)), panels, show };
}
