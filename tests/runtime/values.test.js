import assert from "node:assert/strict";
import { test } from "node:test";

import {
  clip,
  decimal,
  identifier,
  line,
  timeOfDay,
  timespan,
} from "../../scorm/runtime/values.js";

test("are spans of time written as every player takes them?", () => {
  assert.equal(timespan(0), "0000:00:00.00");
  assert.equal(timespan(3_723_456), "0001:02:03.46");
  assert.equal(timespan(59_999), "0001:00:00.00".replace("0001:00", "0000:01"));
  assert.equal(timespan(-5), "0000:00:00.00");
  assert.equal(timespan(1e15), "9999:59:59.99");
});

test("is the time of day two digits each?", () => {
  assert.equal(timeOfDay(new Date(2026, 1, 3, 4, 5, 6)), "04:05:06");
});

test("are decimals free of exponents, leading points and trailing zeros?", () => {
  assert.deepEqual(
    [66.666, 100, 0.5, 0, -0.0001, 50].map((number) => decimal(number)),
    ["66.67", "100", "0.5", "0", "0", "50"],
  );
  assert.equal(decimal(1e-7, 7), "0.0000001");
});

test("do labels become identifiers that stay different?", () => {
  assert.equal(identifier("map-reduce"), "map-reduce");
  assert.equal(identifier("où?"), "o_f9__3f_");
  assert.notEqual(identifier("a b"), identifier("a_b"));
  assert.equal(identifier("x".repeat(300)).length, 255);
});

test("is typed text one line that no player takes for a delimiter?", () => {
  assert.equal(line("  two\r\nlines\there "), "two lines here");
  assert.equal(line("{lang=en}x"), "(lang=en}x");
});

test("is text cut between characters, never inside one?", () => {
  assert.equal(clip("ab😀", 3), "ab");
  assert.equal(clip("ab😀", 4), "ab😀");
  assert.equal(clip("ne\u0301e", 2), "n");
  assert.equal(clip("x👩\u200d💻", 4), "x");
  assert.equal(clip("short", 255), "short");
});
