import assert from "node:assert/strict";
import { test } from "node:test";

import { leaves } from "../../../scorm/runtime/view/links.js";
import { progressText, warningText, whereText } from "../../../scorm/runtime/view/note.js";
import { distanceTo, positionAt } from "../../../scorm/runtime/view/position.js";

test("does the note say plainly where work is kept, and when it is not?", () => {
  const good = { kept: true, confirmed: true, copied: true, refused: false };
  const late = { ...good, kept: false };
  const lost = { ...late, copied: false };
  const say = (place, facts) => whereText({ place, ...facts });
  assert.match(say("browser", good), /^Your progress is kept in this browser only;/);
  assert.match(say("browser", lost), /could not be kept in this browser/);
  assert.match(say("lms", good), /recorded in your learning platform/);
  assert.match(say("lms", late), /not recorded yet.*kept in this browser/);
  assert.match(say("lms", lost), /could not be recorded. Keep this page open/);
  assert.match(say("lms", { ...good, refused: true }), /has refused a part.*your instructor/);
  assert.match(say("lms", { ...late, refused: true }), /not recorded yet/);
  assert.match(say("over", late), /not recording this page any more.*when you next open/);
  assert.match(say("silent", late), /did not answer.*when you next open/);
  for (const place of ["over", "silent"]) assert.match(say(place, lost), /does not keep your work safely/);
  assert.match(say("preview", late), /not being recorded/);
  assert.match(say("foreign", good), /kept in this browser only.*open this page from the contents/);
  assert.match(say("foreign", lost), /not being kept.*open this page from the contents/);
  assert.match(say("refused", lost), /Your answers are lost when you close it/);
  assert.match(say("nowhere", lost), /not being kept/);
});

test("does it claim nothing that is not known yet?", () => {
  const sent = { place: "lms", kept: true, confirmed: false, copied: true, refused: false };
  const say = (facts) => whereText(/** @type {any} */ ({ ...sent, ...facts }));
  assert.match(say({}), /was sent.*has not confirmed it yet. It is kept in this browser/);
  assert.doesNotMatch(say({ copied: false }), /recorded|kept/);
  assert.match(say({ kept: false }), /not recorded yet/);
});

test("is a student warned at the question where something is wrong, and only there?", () => {
  const good = { kept: true, confirmed: true, copied: true, refused: false };
  const warn = (place, facts) => warningText({ place, ...good, ...facts });
  for (const place of ["lms", "preview", "browser"]) assert.equal(warn(place, {}), "");
  assert.equal(warn("lms", { confirmed: false }), "");
  assert.equal(warn("preview", { kept: false }), "");
  for (const place of ["lms", "browser"]) assert.notEqual(warn(place, { kept: false }), "");
  assert.notEqual(warn("lms", { refused: true }), "");
  for (const place of ["over", "silent", "refused", "foreign", "nowhere"]) {
    assert.equal(warn(place, {}), whereText(/** @type {any} */ ({ place, ...good })));
    assert.notEqual(warn(place, {}), "");
  }
});

test("does the note tell how far the student is, and nothing where there is nothing to tell?", () => {
  /** @type {any} */
  const kept = { kept: true };
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
