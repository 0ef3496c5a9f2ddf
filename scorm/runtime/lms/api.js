/** @file Finds the API that an LMS offers to a SCO (SCORM 1.2 RTE 3.3.6.1, SCORM 2004 RTE 3.3). */

/** More frames than any player nests; a chain that never ends must not hang the page. */
const LONGEST_CHAIN = 50;

/** @typedef {{name: string, methods: string[], finishes: string[]}} Version */

/** @type {Version} */
export const SCORM12 = {
  name: "API",
  methods: ["LMSInitialize", "LMSGetValue", "LMSSetValue", "LMSCommit"],
  finishes: ["LMSFinish", "LMSTerminate"],
};

/** @type {Version} */
export const SCORM2004 = {
  name: "API_1484_11",
  methods: ["Initialize", "GetValue", "SetValue", "Commit"],
  finishes: ["Terminate"],
};

/**
 * The SCORM API of the LMS this page runs in; never throws.
 *
 * Looks in this window and those around it, then in the window that opened it (or opened the
 * outermost of them) and those around that one. A frame of another origin is passed over, since
 * the API may lie beyond it.
 *
 * @param {Window} win
 * @param {Version} version
 * @returns {{api: object, window: Window}|null} the API, and the window that has it; null where
 *   there is no LMS
 */
export function findApi(win, version) {
  const around = chain(win);
  for (const frame of around) {
    const api = apiOf(frame, version);
    if (api) return { api, window: frame };
  }
  for (const frame of around) {
    const opener = read(frame, "opener");
    if (!opener) continue;
    for (const beyond of chain(opener)) {
      const api = apiOf(beyond, version);
      if (api) return { api, window: beyond };
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

function apiOf(frame, { name, methods, finishes }) {
  const api = read(frame, name);
  if (!api) return null;
  const isWhole = methods.every((method) => isMethod(api, method));
  return isWhole && finishes.some((method) => isMethod(api, method)) ? api : null;
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
