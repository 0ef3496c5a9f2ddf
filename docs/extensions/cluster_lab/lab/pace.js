/** @file How fast the cluster's time goes by: as it is, slower, not at all, or at once as far as wanted. */

/** Time goes on in pieces of at least this many milliseconds; what follows from one is seen by the next. */
const PIECE = 10;
/** … and of at most this many, where nothing is planned for so long. */
const LONG_PIECE = 100;
/** Real milliseconds between two looks at how much time went by. */
const BEAT = 40;
/** After the browser kept the page from running, this much of the time is made up for, not more. */
const AT_MOST = 250;

/**
 * Drives a clock that stands still by itself.
 *
 * The engine's own clock is paused for good, and `step` moves it on: so the same things happen in the same order at
 * any speed, and a test needs no waiting.
 */
export class Pace {
  /** @param {{nowMs(): number, step(ms: number): void}} clock */
  constructor(clock) {
    this.clock = clock;
    this.speed = 0;
    this.origin = clock.nowMs();
    this.channel = new MessageChannel();
    /** @type {Array<() => void>} */
    this.waiting = [];
    this.channel.port1.onmessage = () => this.waiting.shift()?.();
    /** @type {Promise<unknown>} one run after another */
    this.last = Promise.resolve();
    this.isOpen = true;
    this.seenAt = performance.now();
    this.timer = setTimeout(() => this.beat(), BEAT);
  }

  get now() {
    return this.clock.nowMs() - this.origin;
  }

  /** Lets all promises go on that can. */
  settled() {
    return new Promise((resolve) => {
      this.waiting.push(() => resolve(undefined));
      this.channel.port2.postMessage(0);
    });
  }

  /**
   * Moves the cluster's time on by that much, and stops early when `isEnough` says so.
   * @param {number} ms
   * @param {() => boolean} [isEnough] asked after each piece
   * @returns {Promise<boolean>} whether `isEnough` said so
   */
  advance(ms, isEnough = () => false) {
    const run = this.last.then(() => this.pieces(ms, isEnough));
    this.last = run.catch(() => {});
    return run;
  }

  async pieces(ms, isEnough) {
    for (let left = ms; left > 0 && this.isOpen;) {
      const piece = Math.min(this.quiet(), left);
      this.clock.step(piece);
      left -= piece;
      await this.settled();
      if (isEnough()) return true;
    }
    return isEnough();
  }

  /** For how long nothing is planned, within the bounds of a piece. */
  quiet() {
    const { tasks } = /** @type {any} */ (this.clock);
    // The list of plans is the clock's own: without it, all pieces are short.
    if (!(tasks instanceof Map)) return PIECE;
    let next = this.clock.nowMs() + LONG_PIECE;
    for (const task of tasks.values()) if (task.dueAtMs < next) next = task.dueAtMs;
    return Math.max(PIECE, Math.ceil(next - this.clock.nowMs()));
  }

  /** Hands on what waits to be told, without any time going by. */
  flush() {
    const run = this.last.then(async () => {
      for (let round = 0; round < 4 && this.isOpen; round++) {
        await this.settled();
        this.clock.step(0);
      }
      await this.settled();
    });
    this.last = run.catch(() => {});
    return run;
  }

  async beat() {
    const elapsed = Math.min(performance.now() - this.seenAt, AT_MOST);
    this.seenAt = performance.now();
    if (this.speed > 0) await this.advance(elapsed * this.speed);
    if (this.isOpen) this.timer = setTimeout(() => this.beat(), BEAT);
  }

  close() {
    this.isOpen = false;
    clearTimeout(this.timer);
    this.channel.port1.close();
  }
}
