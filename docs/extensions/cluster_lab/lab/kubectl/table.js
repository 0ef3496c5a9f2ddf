/** @file Tables and ages as kubectl prints them. */

/**
 * Rows under their headings, columns as wide as they must be.
 * @param {string[]} headings
 * @param {Array<Array<string | number>>} rows
 */
export function table(headings, rows) {
  const all = [headings, ...rows.map((row) => row.map((it) => String(it ?? "<none>")))];
  const widths = headings.map((_, i) => Math.max(...all.map((row) => row[i].length)));
  const line = (row) =>
    row
      .map((it, i) => (i < row.length - 1 ? it.padEnd(widths[i] + 3) : it))
      .join("")
      .trimEnd();
  return all.map(line).join("\n");
}

/**
 * How long something takes or took, in kubectl's short form.
 * @param {number} ms
 * @see k8s.io/apimachinery/pkg/util/duration, HumanDuration
 */
export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return `${minutes}m${seconds % 60 ? `${seconds % 60}s` : ""}`;
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return `${hours}h${minutes % 60 ? `${minutes % 60}m` : ""}`;
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

/** Two columns: what, and of which kind it is; the second begins at the same place in each line. */
export function pairs(entries, indent = "", width = 0) {
  const wide = Math.max(width, ...entries.map(([name]) => name.length + 1));
  return entries.map(([name, value]) => `${indent}${`${name}:`.padEnd(wide + 2)}${value}`.trimEnd()).join("\n");
}

/** @param {Record<string, string> | undefined} labels */
export function labelsOf(labels, between = ",") {
  const all = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return all.length ? all.join(between) : "<none>";
}
