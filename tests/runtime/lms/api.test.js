import assert from "node:assert/strict";
import { test } from "node:test";

import { SCORM12, SCORM2004, findApi } from "../../../scorm/runtime/lms/api.js";
import { FakeLms, fakeWindow } from "../fakes.js";

const { api } = new FakeLms();

/** A window inside others; the outermost is its own parent, as in a browser. */
function nest(...windows) {
  windows.forEach((win, n) => Object.assign(win, { parent: windows[n + 1] ?? win }));
  return windows[0];
}

/** A window of another origin: only its parent and opener may be read. */
function foreign() {
  return Object.defineProperty({}, "API", {
    get() {
      throw new DOMException("cross-origin", "SecurityError");
    },
  });
}

test("is the API found in this window, a parent, or beyond a frame of another origin?", () => {
  assert.equal(findApi(nest({ API: api }), SCORM12)?.api, api);
  assert.equal(findApi(nest({}, {}, { API: api }), SCORM12)?.api, api);
  assert.equal(findApi(nest({}, foreign(), { API: api }), SCORM12)?.api, api);
});

test("is the API found in the window that opened the player, and in those around it?", () => {
  const opener = nest({}, { API: api });
  assert.equal(findApi(nest({ opener }), SCORM12)?.api, api);
  assert.equal(findApi(nest({}, { opener }), SCORM12)?.api, api);
});

test("is null the answer where there is no LMS, whatever the windows do?", () => {
  assert.equal(findApi(nest({}), SCORM12), null);
  assert.equal(findApi(nest(foreign(), foreign()), SCORM12), null);
  const closed = Object.defineProperty({}, "parent", {
    get() {
      throw new Error("no");
    },
  });
  assert.equal(findApi(fakeWindow(closed), SCORM12), null);
});

test("does a chain without end come to an end?", () => {
  const endless = () => fakeWindow({
    get parent() {
      return endless();
    },
  });
  assert.equal(findApi(endless(), SCORM12), null);
});

test("is an object that only looks like an API passed over?", () => {
  assert.equal(findApi(nest({ API: { LMSInitialize: "yes" } }, { API: api }), SCORM12)?.api, api);
});

test("is an API passed over that knows no end?", () => {
  const { LMSFinish, ...rest } = api;
  assert.equal(typeof LMSFinish, "function");
  assert.equal(findApi(nest({ API: rest }), SCORM12), null);
});

test("is an API found whose last call has another name (Wagtail)?", () => {
  const { LMSFinish, ...rest } = api;
  const odd = { ...rest, LMSTerminate: LMSFinish };
  assert.equal(findApi(nest({ API: odd }), SCORM12)?.api, odd);
});

test("is an LMS that speaks SCORM 2004 found, and told from one that speaks SCORM 1.2?", () => {
  const lms = new FakeLms({}, "");
  const win = nest({}, { API: api, API_1484_11: lms.api });
  assert.equal(findApi(win, SCORM2004)?.api, lms.api);
  assert.equal(findApi(win, SCORM12)?.api, api);
  assert.equal(findApi(nest({ API: lms.api }), SCORM12), null);
});
