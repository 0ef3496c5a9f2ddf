/** @file The two forms of an account of a student's work (standing.js): of a page, of a course. */

import { decodeCourse } from "../state/course.js";
import { blank, decode, fitting } from "../state/page.js";
import { covers, merge } from "./merge.js";

/** @typedef {import("../state/page.js").State} State */
/** @typedef {import("../state/course.js").CourseState} CourseState */
/** @typedef {import("../state/page.js").Asked} Question */

/**
 * The account of a page is the page's state.
 *
 * @param {Question[]} questions
 * @param {"best"|"last"} keep
 * @returns {import("./standing.js").Form<State>}
 */
export function pageForm(questions, keep) {
  return {
    blank,
    read(text) {
      const found = decode(text);
      const account = fitting(found, questions);
      const { size } = account.answers;
      return { account, isWhole: size > 0 && size === found.answers.size };
    },
    own: (account) => account,
    merge: (ours, theirs) => merge(ours, theirs, keep),
    covers,
  };
}

/**
 * The account of a course is the state of each of its pages, and the course's own.
 *
 * @param {{id: string, questions: Question[]}[]} pages
 * @param {"best"|"last"} keep
 * @returns {import("./standing.js").Form<CourseState>}
 */
export function courseForm(pages, keep) {
  return {
    blank: () => ({ own: blank(), pages: new Map() }),
    read(text) {
      const account = decodeCourse(text, pages);
      return { account, isWhole: answersIn(account) > 0 };
    },
    own: ({ own }) => own,
    merge(ours, theirs) {
      const together = new Map(ours.pages);
      for (const [id, state] of theirs.pages) {
        const held = together.get(id);
        together.set(id, held ? merge(held, state, keep) : state);
      }
      return { own: merge(ours.own, theirs.own, keep), pages: together };
    },
    covers: (ours, theirs) =>
      covers(ours.own, theirs.own) &&
      [...theirs.pages].every(([id, state]) => covers(ours.pages.get(id) ?? blank(), state)),
  };
}

/** How many questions of the course were answered. @param {CourseState} account */
export function answersIn({ pages }) {
  return [...pages.values()].reduce((sum, { answers }) => sum + answers.size, 0);
}
