/**
 * @file Writes values as every SCORM player accepts them (SCORM 1.2 RTE 3.4.2.1; SCORM 2004 RTE
 * 4.1.1). Where players disagree, it writes the form that the strictest of them accepts.
 */

/** CMIString255, CMIIdentifier, CMIFeedback. */
export const SHORT = 255;

/** CMIString4096: suspend_data of SCORM 1.2, and what we keep to everywhere. */
export const LONG = 4096;

/** CMITimespan `HHHH:MM:SS.SS` of a span in milliseconds (SCORM 1.2). */
export function timespan(milliseconds) {
  const whole = hundredths(milliseconds);
  const hours = String(Math.floor(whole / 360_000)).padStart(4, "0");
  const seconds = `${two((whole / 100) % 60)}.${two(whole % 100)}`;
  return `${hours}:${two((whole / 6000) % 60)}:${seconds}`;
}

/** timeinterval(second,10,2) `PT1H2M3.45S` of a span in milliseconds (SCORM 2004, ISO 8601). */
export function duration(milliseconds) {
  const whole = hundredths(milliseconds);
  const hours = Math.floor(whole / 360_000);
  const minutes = Math.floor(whole / 6000) % 60;
  const seconds = decimal((whole % 6000) / 100);
  return `PT${hours > 0 ? `${hours}H` : ""}${minutes > 0 ? `${minutes}M` : ""}${seconds}S`;
}

/** CMITime `HH:MM:SS` of a date, in the student's time zone (SCORM 1.2). */
export function timeOfDay(date) {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
}

/**
 * time(second,10,0) `2026-11-22T10:00:00.12Z` of a date (SCORM 2004). Players refuse three
 * decimals, and no decimals at all before a `Z`; some take `.00` for none, so it is never sent.
 */
export function timestamp(date) {
  const fraction = two(Math.max(1, Math.floor(date.getUTCMilliseconds() / 10)));
  return `${date.toISOString().slice(0, 19)}.${fraction}Z`;
}

function two(number) {
  return String(Math.floor(number)).padStart(2, "0");
}

/** 9999:59:59.99, the longest CMITimespan. */
const LONGEST = 9999 * 360_000 + 59 * 6000 + 5999;

/** A span in hundredths of a second; one that no clock measured (negative, not finite) is 0. */
function hundredths(milliseconds) {
  if (!Number.isFinite(milliseconds)) return 0;
  return Math.min(Math.max(0, Math.round(milliseconds / 10)), LONGEST);
}

/**
 * CMIDecimal: up to `places` decimals, never an exponent (below 1e21), a leading point or `-0`.
 */
export function decimal(number, places = 2) {
  const text = number.toFixed(places);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}

/** The number in a text, or null where there is none. */
export function numberOrNull(text) {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? null : number;
}

/**
 * A score of 0 … 1 as one of 0 … 100, without the digits that binary fractions add; null for none.
 *
 * @param {number|null} scaled
 */
export function hundredfold(scaled) {
  return scaled === null ? null : Number((100 * scaled).toFixed(5));
}

/**
 * CMIIdentifier of an author's label: `[A-Za-z0-9_-]`, different for different labels (but for
 * the cut). Anything else becomes `_`, its code point in hexadecimal and `_`, as in
 * scorm.course.model.identifier_of.
 */
export function identifier(label) {
  const escaped = label.replace(
    /[^A-Za-z0-9-]/gu,
    (character) => `_${character.codePointAt(0).toString(16)}_`,
  );
  return clip(escaped, SHORT);
}

/**
 * Does decimal() write this number without changing it, with at most `digits` before the point?
 * Any other number is better sent as text: Moodle refuses five digits in SCORM 2004.
 */
export function isDecimal(number, digits) {
  const error = Math.abs(Number(decimal(number, 7)) - number);
  return Math.abs(number) < 10 ** digits && error <= Math.abs(number) * 1e-6;
}

/**
 * One line that does not begin with `{`: players refuse a fill-in answer that has a line break or
 * begins with `{`. Half of a surrogate pair, which no URL can carry, becomes U+FFFD.
 */
export function line(text, limit = SHORT) {
  const flat = text
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return clip(flat.replace(/^\{/, "("), limit);
}

/**
 * The longest beginning of at most `limit` UTF-16 units that splits no character and separates none
 * from its accents.
 */
export function clip(text, limit) {
  if (text.length <= limit) return text;
  let end = limit;
  const splitsPair = (at) => /[\uD800-\uDBFF]/.test(text[at - 1]);
  const splitsCluster = (at) => /^[\p{M}\u200D]/u.test(text.slice(at)) || text[at - 1] === "\u200D";
  while (end > 0 && (splitsPair(end) || splitsCluster(end))) end -= 1;
  return text.slice(0, end || limit - Number(splitsPair(limit)));
}
