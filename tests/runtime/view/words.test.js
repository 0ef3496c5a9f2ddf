import assert from "node:assert/strict";
import { test } from "node:test";

import { leaves } from "../../../scorm/runtime/view/links.js";
import { progressText, whereText } from "../../../scorm/runtime/view/note.js";
import { distanceTo, positionAt } from "../../../scorm/runtime/view/position.js";

test("does the note say plainly where work is kept, and when it is not?", () => {
  const good = { kept: true, copied: true, refused: false };
  const late = { kept: false, copied: true, refused: false };
  const lost = { kept: false, copied: false, refused: false };
  assert.match(whereText("browser", good), /^Your progress is kept in this browser only;/);
  assert.match(whereText("lms", good), /recorded in your learning platform/);
  assert.match(whereText("lms", late), /not recorded yet.*kept in this browser/);
  assert.match(whereText("lms", lost), /could not be recorded. Keep this page open/);
  assert.match(whereText("over", late), /not recording this page any more.*when you next open/);
  assert.match(whereText("over", lost), /not being kept/);
  assert.match(whereText("lms", { ...good, refused: true }), /has refused a part.*your instructor/);
  assert.match(whereText("lms", { ...late, refused: true }), /not recorded yet/);
  assert.match(whereText("preview", late), /not being recorded/);
  assert.match(whereText("foreign", lost), /could not be kept in this browser/);
  assert.match(whereText("nowhere", lost), /not being kept/);
});

test("does the note tell how far the student is, and nothing where there is nothing to tell?", () => {
  const kept = { kept: true, copied: true, refused: false, earlier: false, copying: false };
  const none = { ...kept, answered: 0, questions: 0, score: null, status: "incomplete" };
  assert.equal(progressText(none), "");
  assert.equal(
    progressText({ ...kept, answered: 2, questions: 3, score: 66.67, status: "failed" }),
    "Questions answered: 2 of 3. Score: 66.67 of 100. Not passed yet.",
  );
});

test("is a link that would end the SCO told from one that would not?", () => {
  const here = "https://lms.example/content/docs/a.html?x=1#top";
  /** @type {[string, boolean][]} */
  const cases = [
    ["https://lms.example/content/docs/b.html", true],
    ["https://lms.example/content/docs/b.html#part", true],
    ["https://lms.example/content/docs/", true],
    ["https://elsewhere.example/file.pdf", true],
    ["https://lms.example/content/docs/a.html?x=1#part", false],
    ["https://lms.example/content/_downloads/lab.ipynb", false],
    ["mailto:a@b.example", false],
    ["javascript:void(0)", false],
    ["", false],
  ];
  for (const [href, expected] of cases) assert.equal(leaves(href, here), expected, href);
  assert.equal(leaves("https://lms.example/content/docs/b.html", here, true), false);
  assert.equal(leaves("https://elsewhere.example/", here, true), true);
});

test("does a position lead back to the same place in a narrower window?", () => {
  const wide = [
    { id: "intro", top: -500, height: 1000 },
    { id: "part", top: -100, height: 400 },
  ];
  const position = positionAt(wide, 100);
  assert.equal(position, "part@50");
  const narrow = [
    { id: "intro", top: 0, height: 2000 },
    { id: "part", top: 1000, height: 800 },
  ];
  assert.equal(distanceTo(narrow, position, 100), 1300);
  assert.equal(distanceTo(narrow, "gone@50", 100), 0);
  assert.equal(positionAt(wide, -600), "");
});
