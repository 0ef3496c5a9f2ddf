/** @file The clock and the timers, which a test replaces with its own. */

/**
 * @typedef {object} Host
 * @property {() => number} now milliseconds, which never go back
 * @property {() => number} wall milliseconds since 1970, which go back when the clock is set back
 * @property {(action: () => void, ms: number) => unknown} later
 * @property {(timer: any) => void} cancel
 */

/** The browser's own. @returns {Host} */
export function browserHost() {
  return {
    now: () => performance.now(),
    wall: () => Date.now(),
    later: (action, ms) => setTimeout(action, ms),
    cancel: (timer) => clearTimeout(timer),
  };
}
