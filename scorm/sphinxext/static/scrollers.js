/** What scrolls sideways can be scrolled by keyboard: it takes the focus, and only then. */
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
