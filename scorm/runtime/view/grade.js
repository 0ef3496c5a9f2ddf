/** @file Marks an answer. Needs no page, so that tests can call it directly. */

/** @typedef {import("./seal.js").Answers} Answers */

/** @typedef {"single"|"multiple"|"true-false"|"numeric"|"text"|"task"} Kind */

/**
 * @typedef {object} Grade
 * @property {number} fraction of the points, 0 … 1
 * @property {"correct"|"partly"|"wrong"} verdict
 * @property {string[]} picks ids of the choices picked, or of the foreseen answer that was typed
 * @property {number} [number] what a numeric answer was understood as
 * @property {string} [said] what reports say in place of the response
 */

/**
 * The grade of an answer, or null where it is not an answer yet: nothing picked, nothing typed,
 * or not a number.
 *
 * @param {Kind} kind
 * @param {Answers} answers
 * @param {string} response ids joined by commas, or what was typed
 * @param {string} [unit] of a numeric question
 * @returns {Grade|null}
 */
export function grade(kind, answers, response, unit = "") {
  if (kind === "numeric") return gradeNumber(answers, response, unit);
  if (kind === "text") return gradeText(answers, response);
  if (kind === "task") return gradeTask(response);
  return gradePicks(kind, answers, response);
}

function gradePicks(kind, answers, response) {
  const known = new Set(answers.choices.map((choice) => choice.id));
  const picks = response.split(",").filter((id) => known.has(id));
  if (picks.length === 0) return null;
  const right = new Set(answers.choices.filter((choice) => choice.correct).map(({ id }) => id));
  const hits = picks.filter((id) => right.has(id)).length;
  const share = (hits - (picks.length - hits)) / right.size;
  const allOrNothing = hits === right.size && hits === picks.length ? 1 : 0;
  return graded(kind === "multiple" ? Math.max(0, share) : allOrNothing, picks);
}

function gradeText(answers, response) {
  const typed = fold(response);
  if (typed === "") return null;
  const found = answers.choices.find((choice) => fold(choice.value) === typed);
  return graded(found?.correct ? 1 : 0, found ? [found.id] : []);
}

function gradeNumber(answers, response, unit) {
  const readings = readNumber(response, unit);
  if (readings.length === 0) return null;
  const rightFirst = [...answers.choices].sort((a, b) => Number(b.correct) - Number(a.correct));
  for (const choice of rightFirst) {
    const number = readings.find((it) => isNear(it, Number(choice.value), answers.tolerance ?? 0));
    if (number !== undefined) return { ...graded(choice.correct ? 1 : 0, [choice.id]), number };
  }
  return { ...graded(0, []), number: readings[0] };
}

/** What is kept of a task is how much of it was done, in percent (task.js). */
function gradeTask(response) {
  const found = /^(\d{1,3})%/.exec(response);
  return found ? graded(Math.min(100, Number(found[1])) / 100, []) : null;
}

/** @param {number} fraction @param {string[]} picks @returns {Grade} */
function graded(fraction, picks) {
  const verdict = fraction >= 1 ? "correct" : fraction > 0 ? "partly" : "wrong";
  return { fraction, verdict, picks };
}

/** Within the tolerance, which binary fractions must not narrow (0.4 - 0.3 > 0.1). */
function isNear(number, value, tolerance) {
  return Math.abs(number - value) <= tolerance + Math.abs(value) * 1e-9;
}

/** The text without differences of case, white space, and the Unicode form of its characters. */
function fold(text) {
  return text.normalize("NFKC").toUpperCase().toLowerCase().trim().replace(/\s+/gu, " ");
}

/**
 * What a typed number may mean, likeliest first; empty where it is none.
 *
 * `1,234` is read both ways, as the student's country is not known. A unit may follow. With another
 * unit than the question's, the text counts as no number rather than as a wrong one.
 *
 * @param {string} text
 * @param {string} [unit]
 * @returns {number[]}
 */
export function readNumber(text, unit = "") {
  const plain = text.trim().replace(/^[−–]/u, "-").replace(/(\d)[\s'’](?=\d{3}(?!\d))/gu, "$1");
  const parts = /^([+-]?)([\d.,]*\d[\d.,]*)(e[+-]?\d+)?\s*(.*)$/isu.exec(plain);
  if (!parts) return [];
  const [, sign, digits, exponent = "", rest] = parts;
  if (rest !== "" && fold(rest).replaceAll(" ", "") !== fold(unit).replaceAll(" ", "")) return [];
  const numbers = readDigits(digits).map((decimal) => Number(sign + decimal + exponent));
  return numbers.filter(Number.isFinite);
}

/**
 * A typed number with the question's unit, even where the student left it out: an answer of 128 MiB
 * must not become one of 128 GiB when the question changes.
 *
 * @param {string} text
 * @param {Kind} kind
 * @param {string} unit
 */
export function withUnit(text, kind, unit) {
  const isBare = kind === "numeric" && unit !== "" && readNumber(text).length > 0;
  return isBare ? `${text} ${unit}` : text;
}

/** The text as it stands in the field, which has the unit behind it. */
export function withoutUnit(/** @type {string} */ text, /** @type {string} */ unit) {
  return unit !== "" && text.endsWith(` ${unit}`) ? text.slice(0, -unit.length - 1) : text;
}

/** Digits with separators, as decimals with a point. */
function readDigits(digits) {
  const last = Math.max(digits.lastIndexOf(","), digits.lastIndexOf("."));
  if (last < 0) return [digits];
  const separator = digits[last];
  const other = separator === "," ? "." : ",";
  const grouped = (text, mark) => (isGrouped(text, mark) ? [text.replaceAll(mark, "")] : []);
  if (digits.indexOf(separator) !== last) {
    return digits.includes(other) ? [] : grouped(digits, separator);
  }
  const whole = digits.slice(0, last);
  const tail = digits.slice(last + 1);
  if (whole.includes(other)) return grouped(whole, other).map((it) => `${it}.${tail}`);
  const asDecimal = [`${whole || "0"}.${tail || "0"}`];
  return separator === "," ? [...asDecimal, ...grouped(digits, ",")] : asDecimal;
}

/** Are these thousands, as in `1,234,567`? */
function isGrouped(text, mark) {
  const [first, ...groups] = text.split(mark);
  return /^[1-9]\d{0,2}$/.test(first) && groups.every((group) => /^\d{3}$/.test(group));
}
