/**
 * @file Writes values as every SCORM 1.2 player accepts them (RTE 3.4.2.1; the narrowest form
 * wherever players disagree).
 */

/** CMIString255, CMIIdentifier, CMIFeedback. */
export const SHORT = 255;

/** CMIString4096: suspend_data. */
export const LONG = 4096;

/** CMITimespan `HHHH:MM:SS.SS` of a span in milliseconds. */
export function timespan(milliseconds) {
  const hundredths = Math.max(0, Math.round(milliseconds / 10));
  const most = 9999 * 360_000 + 59 * 6000 + 5999;
  const whole = Math.min(hundredths, most);
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const hours = String(Math.floor(whole / 360_000)).padStart(4, "0");
  return `${hours}:${two((whole / 6000) % 60)}:${two((whole / 100) % 60)}.${two(whole % 100)}`;
}

/** CMITime `HH:MM:SS` of a date, in the student's time zone. */
export function timeOfDay(date) {
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** CMIDecimal: up to `places` decimals, never an exponent, a leading point or `-0`. */
export function decimal(number, places = 2) {
  const text = number.toFixed(places);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}

/**
 * CMIIdentifier of an author's label: `[A-Za-z0-9_-]`, different for different labels (but for
 * the cut). Anything else becomes `_`, its code point in hexadecimal and `_`, as in
 * scorm.model.identifier_of.
 */
export function identifier(label) {
  const escaped = label.replace(
    /[^A-Za-z0-9-]/gu,
    (character) => `_${character.codePointAt(0).toString(16)}_`,
  );
  return clip(escaped, SHORT);
}

/** One line that does not begin with `{`: newlines and that are what players refuse (fill-in). */
export function line(text, limit = SHORT) {
  const flat = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return clip(flat.startsWith("{") ? `(${flat.slice(1)}` : flat, limit);
}

/** The longest beginning of at most `limit` UTF-16 units that does not split a character. */
export function clip(text, limit) {
  if (text.length <= limit) return text;
  let end = limit;
  const splitsPair = (at) => /[\uD800-\uDBFF]/.test(text[at - 1]);
  const splitsCluster = (at) => /^[\p{M}\u200D]/u.test(text.slice(at)) || text[at - 1] === "\u200D";
  while (end > 0 && (splitsPair(end) || splitsCluster(end))) end -= 1;
  return text.slice(0, end);
}
