/** @file The laws of Amdahl and Gustafson, and their results in words. */

/** How many times as fast `workers` do the same work, if `share` (0 … 1) of it is serial. */
export function amdahl(share, workers) {
  return 1 / (share + (1 - share) / workers);
}

/** How many times the work `workers` do in the same time, if `share` (0 … 1) of it is serial. */
export function gustafson(share, workers) {
  return share + (1 - share) * workers;
}

/** A number with three digits at most, or all those of a large one: 1.74, 15.4, 20, 3,892. */
export function told(number) {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(number)));
  return number.toLocaleString("en", { maximumFractionDigits: digits });
}

/**
 * The result in words, one paragraph for each law.
 * @param {number} share the serial part, 0 … 1
 * @param {number} workers
 * @returns {string[]}
 */
export function inWords(share, workers) {
  const efficiency = (speedup) => `${told((100 * speedup) / workers)}%`;
  const [fast, much] = [amdahl(share, workers), gustafson(share, workers)];
  const limit = share > 0 ? `, and never more than ${told(1 / share)} times` : "";
  return [
    `Amdahl, same work: ${told(fast)} times as fast${limit}. Efficiency: ${efficiency(fast)}.`,
    `Gustafson, same time: ${told(much)} times the work. Efficiency: ${efficiency(much)}.`,
  ];
}
