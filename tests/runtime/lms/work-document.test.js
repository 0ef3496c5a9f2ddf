import assert from "node:assert/strict";
import { test } from "node:test";

import { WorkDocument } from "../../../scorm/runtime/lms/work-document.js";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A record store that tells ETags, and answers a write when the test says how. */
class SlowLrs {
  text = '{"state":"old"}';
  version = 1;
  /** Writes that wait for an answer. @type {{text: string, condition: object, answer: (status: number) => void}[]} */
  waiting = [];

  async read(_resource, { stateId }) {
    if (!stateId) return { value: ["work"], text: '["work"]', etag: '"list"' };
    return { value: JSON.parse(this.text), text: this.text, etag: `"${this.version}"` };
  }

  write(_resource, _query, text, condition) {
    return new Promise((resolve) => {
      const answer = (/** @type {number} */ status) => {
        if (status === 204) Object.assign(this, { text, version: this.version + 1 });
        resolve({ status, etag: status === 204 ? `"${this.version}"` : "" });
      };
      this.waiting.push({ text, condition, answer });
    });
  }
}

async function opened() {
  const lrs = new SlowLrs();
  const document = new WorkDocument(/** @type {any} */ (lrs), { stateId: "work" });
  await document.read(true);
  return { lrs, document };
}

test("does a write that failed stay away once a later one has brought more?", async () => {
  const { lrs, document } = await opened();
  const first = document.write({ state: "one answer" });
  const second = document.write({ state: "two answers" });
  lrs.waiting[1].answer(204);
  assert.equal(await second, "kept");
  lrs.waiting[0].answer(0);
  await turn();
  assert.deepEqual([lrs.waiting.length, await first, lrs.text], [2, "failed", '{"state":"two answers"}']);
});

test("is a dropped connection no reason to write without conditions, once they were taken?", async () => {
  const { lrs, document } = await opened();
  const first = document.write({ state: "one" });
  lrs.waiting[0].answer(204);
  assert.equal(await first, "kept");
  const second = document.write({ state: "two" });
  lrs.waiting[1].answer(0);
  assert.equal(await second, "failed");
  document.write({ state: "three" });
  assert.deepEqual(lrs.waiting[2].condition, { "If-Match": '"2"' });
});
