/** @file What is the same in the reports of answers (interactions) to every kind of LMS. */

/** So many right answers are reported at most; the first few tell a tutor what was asked for. */
export const PATTERNS = 4;

/** A question's kind in SCORM's words (RTE 1.2, 3.4.7; 2004, 4.2.9: cmi.interactions.n.type). */
export const TYPES = {
  single: "choice",
  multiple: "choice",
  "true-false": "true-false",
  numeric: "numeric",
  text: "fill-in",
  task: "performance",
};
