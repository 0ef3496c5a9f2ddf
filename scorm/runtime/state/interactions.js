/** @file What the reports of every LMS say of an answer, and how much of it. */

/** A question may list many right answers; the first few tell a tutor what was asked for. */
export const PATTERNS = 4;

/** A question's kind in SCORM's words (RTE 1.2, 3.4.7; 2004, 4.2.9: cmi.interactions.n.type). */
export const TYPES = {
  single: "choice",
  multiple: "choice",
  "true-false": "true-false",
  numeric: "numeric",
  text: "fill-in",
};
