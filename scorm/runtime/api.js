/** @file Finds the API that an LMS offers to a SCO (SCORM 1.2 RTE 3.3.6.1). */

/** More frames than any player nests; a chain that never ends must not hang the page. */
const LONGEST_CHAIN = 50;

const NEEDED = ["LMSInitialize", "LMSGetValue", "LMSSetValue", "LMSCommit"];

/**
 * The SCORM 1.2 API of the LMS this page runs in; never throws.
 *
 * Looks in this window and those around it, then in the window that opened it (or opened the
 * outermost of them) and those around that one. A frame of another origin is passed over, since
 * the API may lie beyond it.
 *
 * @param {Window} win
 * @returns {object|null} null where there is no LMS
 */
export function findApi(win) {
  const around = chain(win);
  for (const frame of around) {
    const api = apiOf(frame);
    if (api) return api;
  }
  for (const frame of around) {
    const opener = read(frame, "opener");
    if (!opener) continue;
    for (const beyond of chain(opener)) {
      const api = apiOf(beyond);
      if (api) return api;
    }
  }
  return null;
}

/** The window and its parents, innermost first. */
function chain(win) {
  const windows = [];
  for (let frame = win; frame && windows.length < LONGEST_CHAIN; ) {
    windows.push(frame);
    const parent = read(frame, "parent");
    if (parent === frame) break;
    frame = parent;
  }
  return windows;
}

function apiOf(frame) {
  const api = read(frame, "API");
  if (!api) return null;
  const finishes = ["LMSFinish", "LMSTerminate"].some((name) => isMethod(api, name));
  return finishes && NEEDED.every((name) => isMethod(api, name)) ? api : null;
}

function isMethod(api, name) {
  return typeof read(api, name) === "function";
}

/** A property, or null where reading it is forbidden (another origin, a sandboxed frame). */
function read(object, name) {
  try {
    return object[name] ?? null;
  } catch {
    return null;
  }
}
