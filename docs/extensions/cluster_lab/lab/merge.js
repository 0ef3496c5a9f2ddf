/** @file What `kubectl apply` makes of three states: what is, what was applied last, and what is wanted now. */

/** By which field the things of a list are known, so that each is merged with itself. */
const KEYS = new Map([
  ["containers", "name"],
  ["env", "name"],
]);

/**
 * The new state: what is wanted takes its place, what was wanted before and is no more goes, the rest stays.
 * @see https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/ (how apply calculates)
 */
export function threeWay(live, last, wanted) {
  if (!isMap(wanted)) return structuredClone(wanted);
  const made = isMap(live) ? structuredClone(live) : {};
  for (const key of Object.keys(isMap(last) ? last : {})) if (!(key in wanted)) delete made[key];
  for (const [key, value] of Object.entries(wanted)) {
    const by = KEYS.get(key);
    const mergesList = by && Array.isArray(value) && Array.isArray(made[key]);
    made[key] = mergesList
      ? mergeLists(made[key], last?.[key] ?? [], value, by)
      : threeWay(made[key], last?.[key], value);
  }
  return made;
}

function mergeLists(live, last, wanted, by) {
  const find = (list, name) => (Array.isArray(list) ? list.find((it) => it?.[by] === name) : undefined);
  return wanted.map((it) => threeWay(find(live, it[by]), find(last, it[by]), it));
}

/**
 * A merge patch (RFC 7396) that leads from one state to another; nothing where they are the same.
 * @returns {Record<string, any> | undefined}
 */
export function patchBetween(from, to) {
  const patch = {};
  for (const key of new Set([...Object.keys(from ?? {}), ...Object.keys(to)])) {
    const [before, after] = [from?.[key], to[key]];
    if (after === undefined) {
      if (before !== undefined) patch[key] = null;
    } else if (isMap(before) && isMap(after)) {
      const inner = patchBetween(before, after);
      if (inner) patch[key] = inner;
    } else if (JSON.stringify(before) !== JSON.stringify(after)) patch[key] = after;
  }
  return Object.keys(patch).length ? patch : undefined;
}

export function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
