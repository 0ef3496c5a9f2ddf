/**
 * @file Made-up courses, and what authors do to them between two releases. Each choice has a
 * `meaning`, which stays the same however the author moves it or mends its words. No module of the
 * runtime ever sees it: by it the checker tells whether a choice is still the one that was chosen.
 */

/** @typedef {ReturnType<typeof import("../runtime/generate.js").randomFrom>} Random */

/**
 * @typedef {object} Choice
 * @property {string} meaning
 * @property {string} words
 * @property {string} [was] the words that it goes on to be known by, as its author says
 * @property {boolean} correct
 */

/**
 * @typedef {object} Question
 * @property {string} label
 * @property {"single"|"multiple"|"text"} kind
 * @property {number} points
 * @property {Choice[]} choices
 */

/**
 * @typedef {object} Page
 * @property {string} id
 * @property {"lesson"|"quiz"} kind
 * @property {Question[]} questions
 */

/**
 * @typedef {object} Course
 * @property {number} release
 * @property {number} made how many choices, questions and pages were ever made, to name the next one
 * @property {Page[]} pages
 * @property {{mastery: number, keep: "best"|"last", attempts: number, penalty: number}} scoring
 */

const WORDS = ["data", "cloud", "nap", "cluster", "node", "stream", "batch", "graph", "table", "file"];

/** @param {Random} random @returns {Course} */
export function makeCourse(random) {
  const course = {
    release: 1,
    made: 0,
    pages: /** @type {Page[]} */ ([]),
    scoring: {
      mastery: random.one([50, 70, 100]),
      keep: /** @type {"best"|"last"} */ (random.chance(0.15) ? "last" : "best"),
      attempts: random.chance(0.1) ? 2 : 0,
      penalty: random.chance(0.15) ? 0.25 : 0,
    },
  };
  for (let n = random.upTo(1); n >= 0; n -= 1) course.pages.push(makePage(course, random));
  return course;
}

/** @param {Course} course @param {Random} random @returns {Page} */
function makePage(course, random) {
  course.made += 1;
  const id = `page-${course.made}`;
  const questions = Array.from({ length: 1 + random.upTo(2) }, () => makeQuestion(course, random));
  return { id, kind: random.one(["lesson", "quiz"]), questions };
}

/** @param {Course} course @param {Random} random @returns {Question} */
function makeQuestion(course, random) {
  course.made += 1;
  const kind = random.one(["single", "single", "multiple", "text"]);
  const choices = Array.from({ length: 2 + random.upTo(2) }, () => makeChoice(course, random));
  choices[random.upTo(choices.length - 1)].correct = true;
  if (kind === "multiple") choices[random.upTo(choices.length - 1)].correct = true;
  return { label: `question-${course.made}`, kind, points: 1 + random.upTo(2), choices };
}

/** @param {Course} course @param {Random} random @returns {Choice} */
function makeChoice(course, random) {
  course.made += 1;
  const meaning = `meaning-${course.made}`;
  return { meaning, words: `${random.one(WORDS)} ${course.made}`, correct: false };
}

/**
 * What an author may do to a question, by name.
 * @type {Record<string, (question: Question, course: Course, random: Random) => void>}
 */
const EDITS = {
  reorder: ({ choices }, _course, random) => shuffle(choices, random),
  reword: ({ choices }, _course, random) => {
    const choice = random.one(choices);
    choice.words += "!";
    delete choice.was;
  },
  mend: ({ choices }, _course, random) => {
    const choice = random.one(choices);
    choice.was ??= choice.words;
    choice.words += "!";
  },
  replace: ({ choices }, course, random) => {
    const at = random.upTo(choices.length - 1);
    choices[at] = { ...makeChoice(course, random), correct: choices[at].correct };
  },
  add: ({ choices }, course, random) => {
    choices.splice(random.upTo(choices.length), 0, makeChoice(course, random));
  },
  remove: ({ choices }, _course, random) => {
    const wrong = choices.filter(({ correct }) => !correct);
    if (choices.length > 2 && wrong.length > 0) choices.splice(choices.indexOf(random.one(wrong)), 1);
  },
  judge: ({ choices }, _course, random) => {
    for (const choice of choices) choice.correct = false;
    random.one(choices).correct = true;
  },
};

/** The edits of a question's choices. */
export const CHOICE_EDITS = Object.keys(EDITS);

/** The edits of pages and of their order. */
export const PAGE_EDITS = ["add page", "remove page", "add question", "remove question", "order"];

/**
 * The next release of a course.
 *
 * @param {Course} course
 * @param {string} edit one of CHOICE_EDITS or PAGE_EDITS
 * @param {Random} random
 * @returns {Course}
 */
export function edited(course, edit, random) {
  /** @type {Course} */
  const next = structuredClone(course);
  next.release += 1;
  const page = random.one(next.pages);
  if (EDITS[edit]) EDITS[edit](random.one(page.questions), next, random);
  else if (edit === "add page") next.pages.splice(random.upTo(next.pages.length), 0, makePage(next, random));
  else if (edit === "remove page" && next.pages.length > 1) next.pages.splice(next.pages.indexOf(page), 1);
  else if (edit === "add question") page.questions.push(makeQuestion(next, random));
  else if (edit === "remove question" && page.questions.length > 1) page.questions.shift();
  else if (edit === "order") for (const { questions } of next.pages) shuffle(questions, random);
  return next;
}

/** @param {any[]} items @param {Random} random */
function shuffle(items, random) {
  for (let at = items.length - 1; at > 0; at -= 1) {
    const other = random.upTo(at);
    [items[at], items[other]] = [items[other], items[at]];
  }
}
