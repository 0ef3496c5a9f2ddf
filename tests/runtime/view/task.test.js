import assert from "node:assert/strict";
import { test } from "node:test";

import { ask, responsesOf } from "../../../scorm/runtime/view/task.js";

/** A form, as far as a task needs one, whose event is answered by `judge`. */
function formWith(judge) {
  const form = new EventTarget();
  form.addEventListener("scorm-check", (event) => judge(/** @type {CustomEvent} */ (event).detail));
  return /** @type {HTMLFormElement} */ (/** @type {unknown} */ (form));
}

const FOUND = { fraction: 2 / 3, response: "2 of 3 ready", words: "One pod is missing." };

test("is whoever judges a task asked, and waited for?", async () => {
  assert.equal(await ask(formWith(({ respond }) => respond(FOUND))), FOUND);
  assert.equal(await ask(formWith(({ respond }) => respond(Promise.resolve(FOUND)))), FOUND);
});

test("is nothing found where nobody judges, or not now?", async () => {
  assert.equal(await ask(formWith(() => {})), null);
  assert.equal(await ask(formWith(({ respond }) => respond(null))), null);
  assert.equal(await ask(formWith(({ respond }) => respond({ ...FOUND, fraction: NaN }))), null);
  assert.equal(await ask(formWith(({ respond }) => respond(Promise.reject(new Error("gone"))))), null);
});

test("is a task that is not quite done reported as such, in one short text?", () => {
  assert.deepEqual(responsesOf(FOUND), { kept: "66%", said: "66% 2 of 3 ready" });
  assert.equal(responsesOf({ ...FOUND, fraction: 0.999 }).kept, "99%");
  assert.equal(responsesOf({ ...FOUND, fraction: 1.5 }).kept, "100%");
  assert.equal(responsesOf({ ...FOUND, fraction: -1, response: "" }).said, "0%");
});
