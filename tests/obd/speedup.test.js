import assert from "node:assert/strict";
import { test } from "node:test";

import { inWords, told } from "../../docs/extensions/speedup_figure/static/speedup.js";

test("are speed-ups told with three digits, and the limit only where there is one?", () => {
  assert.deepEqual([1, 1.7391, 15.42, 20, 3891.2].map(told), ["1", "1.74", "15.4", "20", "3,891"]);
  const [same, larger] = inWords(0.05, 64);
  assert.match(same, /^Amdahl, same work: 15.4 times as fast, and never more than 20 times. Efficiency: 24.1%.$/);
  assert.match(larger, /^Gustafson, same time: 60.8 times the work. Efficiency: 95.1%.$/);
  assert.match(inWords(0, 64)[0], /64 times as fast. Efficiency: 100%.$/);
});
