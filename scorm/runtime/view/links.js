/**
 * @file Inside an LMS, opens in a new tab what would lead out of this page: leaving the frame
 * ends the SCO, and what the student did elsewhere would be recorded as this page's. Only the link
 * back to the LMS replaces the page, as it is meant to end it.
 */

const NEW_TAB = "(opens in a new tab)";

/**
 * Would following this address replace this page by one that must not take its place?
 *
 * Files of the package that are not pages are downloads, and stay. In the course's shell any
 * page of the course may follow.
 *
 * @param {string} href absolute
 * @param {string} here address of this page
 * @param {boolean} [isInShell]
 */
export function leaves(href, here, isInShell = false) {
  const [to, from] = [href, here].map(parse);
  if (!to || !from || !/^(https?|file):$/.test(to.protocol)) return false;
  if (to.origin !== from.origin) return true;
  if (isInShell) return false;
  const samePage = to.pathname === from.pathname && to.search === from.search;
  return !samePage && /(\.html?|\/)$/.test(to.pathname);
}

function parse(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/**
 * Treats all links and forms of the document, also those that scripts add later.
 *
 * @param {Document} document
 * @param {boolean} isInShell
 */
export function openOutside(document, isInShell) {
  const leads = (element, attribute) =>
    leaves(absolute(element, attribute), document.location.href, isInShell);
  const treat = () => {
    for (const link of document.querySelectorAll("a[href]:not([target], [download])")) {
      if (leads(link, "href")) retarget(link);
    }
    for (const form of document.querySelectorAll("form:not([target], .scorm-question)")) {
      if (leads(form, "action")) retarget(form);
    }
  };
  treat();
  new MutationObserver(treat).observe(document.body, { childList: true, subtree: true });
}

/** The attribute's address in full, also of an SVG link, whose `href` property is no text. */
function absolute(element, attribute) {
  try {
    return new URL(element.getAttribute(attribute) ?? "", element.baseURI).href;
  } catch {
    return "";
  }
}

function retarget(element) {
  element.setAttribute("target", "_blank");
  element.setAttribute("rel", "noopener");
  if (element.namespaceURI !== "http://www.w3.org/1999/xhtml") return;
  const hint = element.ownerDocument.createElement("span");
  hint.className = "scorm-visually-hidden";
  hint.textContent = ` ${NEW_TAB}`;
  element.append(hint);
}

/**
 * A way back to the LMS, which gave the page a window of its own (cmi5, 10.2.5).
 *
 * @param {Document} document
 * @param {string} address
 */
export function returnLink(document, address) {
  const link = document.createElement("a");
  link.className = "scorm-return";
  link.href = address;
  link.target = "_self";
  link.textContent = "Return to your learning platform";
  return link;
}
