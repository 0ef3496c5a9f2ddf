import assert from "node:assert/strict";
import { test } from "node:test";

import {
  clip,
  decimal,
  duration,
  identifier,
  isDecimal,
  line,
  timeOfDay,
  timespan,
  timestamp,
} from "../../../scorm/runtime/lib/values.js";

test("are spans of time written as every player takes them?", () => {
  assert.equal(timespan(0), "0000:00:00.00");
  assert.equal(timespan(3_723_456), "0001:02:03.46");
  assert.equal(timespan(59_999), "0001:00:00.00".replace("0001:00", "0000:01"));
  assert.equal(timespan(-5), "0000:00:00.00");
  assert.equal(timespan(1e15), "9999:59:59.99");
  for (const none of [NaN, Infinity, -Infinity]) {
    assert.deepEqual([timespan(none), duration(none)], ["0000:00:00.00", "PT0S"]);
  }
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

test("are times and spans of SCORM 2004 in the one form that no player refuses?", () => {
  assert.equal(duration(3_723_456), "PT1H2M3.46S");
  assert.equal(duration(0), "PT0S");
  assert.equal(duration(60_000), "PT1M0S");
  assert.equal(timestamp(new Date(Date.UTC(2026, 10, 22, 9, 8, 7, 129))), "2026-11-22T09:08:07.12Z");
  assert.equal(timestamp(new Date(Date.UTC(2026, 10, 22, 9, 8, 7))), "2026-11-22T09:08:07.01Z");
});

test("is a number that no decimal can tell told from one that can?", () => {
  const numbers = [0, -3.5, 9999.5, 10_000, 1e-9, 1e300, Number.NaN];
  const expected = [true, true, true, false, false, false, false];
  assert.deepEqual(numbers.map((number) => isDecimal(number, 4)), expected);
});

test("can each typed text go into an address, whatever was typed?", () => {
  assert.equal(encodeURIComponent(line("a\ud800b\u0000c")), "a%EF%BF%BDb%20c");
  assert.equal(line(`e${"\u0301".repeat(400)}`).length, 255);
});
