import { test } from "node:test";

import { bundled } from "./bundle.js";
import { goRightWays, goWrongWays } from "./student.js";
import { CHANGES, WAYS } from "./ways.js";

const modules = await bundled();

for (const task of CHANGES) {
  test(`${task}: is each right way taken for right, asked once or twice?`, () =>
    goRightWays(modules, task, WAYS[task].right));

  test(`${task}: is each wrong way told what is missing?`, () => goWrongWays(modules, task, WAYS[task].wrong));
}
