import assert from "node:assert/strict";
import { test } from "node:test";

import { WorkDocument } from "../../../scorm/runtime/lms/work-document.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A record store that tells ETags, and answers a write when the test says how. */
class SlowLrs {
  text = '{"state":"old"}';
  version = 1;
  /** Writes in the order in which they came. @type {{text: string, condition: object, answer: (status: number) => void}[]} */
  writes = [];

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
      this.writes.push({ text, condition, answer });
    });
  }
}

async function opened() {
  const lrs = new SlowLrs();
  const document = new WorkDocument(/** @type {any} */ (lrs), { stateId: "work" });
  await document.read(true);
  return { lrs, document };
}

test("does a write wait for the one before, so that it takes no other browser's place?", async () => {
  const { lrs, document } = await opened();
  const first = document.write({ state: "one answer" });
  const second = document.write({ state: "two answers" });
  await settled();
  assert.equal(lrs.writes.length, 1);
  lrs.writes[0].answer(412);
  assert.equal(await first, "overtaken");
  await settled();
  assert.deepEqual(lrs.writes[1].condition, { "If-Match": '"1"' });
  lrs.writes[1].answer(412);
  assert.equal(await second, "overtaken");
});

test("is work not written that does not know what was read meanwhile?", async () => {
  const { lrs, document } = await opened();
  const { reads } = document;
  await document.read(true);
  assert.equal(await document.write({ state: "old" }, { reads }), "overtaken");
  assert.equal(lrs.writes.length, 0);
});

test("does the last write of a page wait for nothing, and is it the last?", async () => {
  const { lrs, document } = await opened();
  const first = document.write({ state: "one answer" });
  const second = document.write({ state: "two answers" });
  await settled();
  const last = document.write({ state: "three answers" }, { isLast: true });
  assert.equal(lrs.writes.length, 2);
  lrs.writes[1].answer(204);
  lrs.writes[0].answer(0);
  assert.deepEqual(await Promise.all([first, second, last]), ["failed", "failed", "kept"]);
  assert.deepEqual([lrs.writes.length, lrs.text], [2, '{"state":"three answers"}']);
});

test("is a dropped connection no reason to write without conditions, once they were taken?", async () => {
  const { lrs, document } = await opened();
  const first = document.write({ state: "one" });
  await settled();
  lrs.writes[0].answer(204);
  assert.equal(await first, "kept");
  const second = document.write({ state: "two" });
  await settled();
  lrs.writes[1].answer(0);
  assert.equal(await second, "failed");
  document.write({ state: "three" });
  await settled();
  assert.deepEqual(lrs.writes[2].condition, { "If-Match": '"2"' });
});

test("is a condition given up only when it is dropped again and again?", async () => {
  const { lrs, document } = await opened();
  const written = document.write({ state: "one" });
  for (const [n, status] of [0, 0, 204].entries()) {
    await settled();
    assert.deepEqual(lrs.writes[n].condition, { "If-Match": '"1"' });
    lrs.writes[n].answer(status);
  }
  assert.equal(await written, "kept");
  const other = await opened();
  const forced = other.document.write({ state: "one" });
  for (const n of [0, 1, 2]) {
    await settled();
    other.lrs.writes[n].answer(0);
  }
  await settled();
  assert.deepEqual(other.lrs.writes[3].condition, {});
  other.lrs.writes[3].answer(204);
  assert.equal(await forced, "kept");
});
