/** @file The contents list of the site, the same on every page and therefore written only once. */
// @ts-ignore The build writes this file beside it (scorm/sphinxext/site/contents.py).
import contents from "./contents.js";

/** @typedef {{title: string, href: string, items: Entry[]}} Entry */

/**
 * @param {HTMLElement} place
 * @param {Entry[]} entries
 * @param {number} level the depth of the list, from 1
 * @returns {HTMLUListElement}
 */
function list(place, entries, level) {
  const root = document.createElement("ul");
  for (const entry of entries) {
    const item = root.appendChild(document.createElement("li"));
    item.className = `toctree-l${level}`;
    item.append(label(place, entry));
    if (entry.href === place.dataset.page) item.classList.add("current-page");
    if (entry.items.length) item.append(list(place, entry.items, level + 1));
  }
  return root;
}

/** A link to a page, or the caption of a module. @param {HTMLElement} place @param {Entry} entry */
function label(place, entry) {
  if (!entry.href) {
    const caption = document.createElement("p");
    caption.className = "caption";
    caption.textContent = entry.title;
    return caption;
  }
  const link = document.createElement("a");
  link.className = "reference internal";
  link.textContent = entry.title;
  link.href = place.dataset.root + entry.href;
  if (entry.href === place.dataset.page) link.setAttribute("aria-current", "page");
  return link;
}

const sidebar = document.getElementById("scorm-contents");
if (sidebar) sidebar.append(list(sidebar, contents, 1));
