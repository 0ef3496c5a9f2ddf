/** @file Events that say the same, counted as one, as the real event recorder does. */

/** @typedef {{count: number, first: number, last: number}} Times how often, and when */

/**
 * @param {any[]} events as the API has them, oldest first
 * @returns {Array<{type: string, reason: string, message: string, from: string, about: any} & Times>} the last one last
 */
export function aggregated(events) {
  const told = new Map();
  for (const event of events) {
    const { type, reason, message, involvedObject: about } = event;
    const at = Date.parse(event.eventTime ?? event.lastTimestamp ?? event.metadata.creationTimestamp);
    const from = event.source?.component || event.reportingComponent || "";
    const key = [about.kind, about.name, about.uid, type, reason, message].join("|");
    const before = told.get(key);
    told.delete(key);
    told.set(key, {
      type,
      reason,
      message,
      from,
      about,
      count: (before?.count ?? 0) + 1,
      first: before?.first ?? at,
      last: at,
    });
  }
  return [...told.values()].sort((a, b) => a.last - b.last);
}
