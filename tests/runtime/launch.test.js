import assert from "node:assert/strict";
import { test } from "node:test";

import { openStore } from "../../scorm/runtime/launch.js";
import { NOTHING } from "../../scorm/runtime/lms/local.js";
import { readPage } from "../../scorm/runtime/view/facts.js";
import { FakeLms, FakeStorage, fakeWindow } from "./fakes.js";

const PAGE = { course: "c", sco: "docs.welcome", kind: "lesson", title: "Welcome" };

function open(lms, storage = new FakeStorage()) {
  return openStore(PAGE, fakeWindow({ API: lms?.api, localStorage: storage }));
}

test("is work kept by an LMS that launched this page, or does not say what it launched?", async () => {
  assert.equal((await open(new FakeLms({ "cmi.launch_data": "docs.welcome" }))).place, "lms");
  assert.equal((await open(new FakeLms())).place, "lms");
});

test("is nothing sent into the session of another SCO, not even its end?", async () => {
  const lms = new FakeLms({ "cmi.launch_data": "docs.other" });
  const { place, store, inLms } = await open(lms);
  assert.deepEqual([place, inLms], ["foreign", true]);
  await store.save({ status: "completed", score: 1, state: "", position: "", elapsed: 0 }, []);
  store.close();
  assert.deepEqual(lms.calls, [["Initialize", ""]]);
});

test("does the browser keep the work where the LMS refuses, or where there is none?", async () => {
  const lms = new FakeLms();
  lms.says = { Initialize: () => "false", GetLastError: () => "101" };
  assert.equal((await open(lms)).place, "refused");
  assert.equal((await open(null)).place, "browser");
});

test("does a page work in a browser that forbids storing, and a full or damaged store?", async () => {
  const forbidden = {
    get localStorage() {
      throw new DOMException("denied", "SecurityError");
    },
  };
  const { place, store, opened } = await openStore(PAGE, fakeWindow(forbidden));
  assert.deepEqual([place, opened.state], ["nowhere", ""]);
  /** @type {import("../../scorm/runtime/lms/store.js").Snapshot} */
  const snapshot = { status: "incomplete", score: null, state: "", position: "", elapsed: 0 };
  assert.equal(store.save(snapshot, []), false);

  const damaged = new FakeStorage();
  damaged.items.set("scorm:c:docs.welcome", "{not json");
  damaged.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const second = await open(null, damaged);
  assert.deepEqual([second.place, second.opened.state], ["browser", ""]);
  assert.equal(second.store.save(snapshot, []), false);
});

test("is a page that is not tracked left alone?", () => {
  const document = /** @type {any} */ ({ getElementById: () => null });
  assert.equal(readPage(document), null);
});

test("does a page in the shell show choices in the order of the shell's student?", async () => {
  const shell = { place: "lms", seed: "s1", storeFor: () => ({ open: () => NOTHING, save: () => true }) };
  const window = fakeWindow({ parent: { scormShell: shell } });
  const { isInShell, seed } = await openStore({ course: "c", sco: "p" }, window);
  assert.deepEqual([isInShell, seed], [true, "s1"]);
});
