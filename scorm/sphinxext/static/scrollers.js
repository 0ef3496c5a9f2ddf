/** @file Lets the keyboard scroll code, tables and outputs: what can scroll takes the focus. */
/** @type {NodeListOf<HTMLElement>} */
const scrollers = document.querySelectorAll("pre, .table-wrapper, .math-wrapper, .output_area");

function update() {
  for (const element of scrollers) {
    const scrolls = element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
    if (scrolls) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
}

update();
window.addEventListener("resize", update);
