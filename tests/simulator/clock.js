/**
 * @file The time of a simulated session. Nothing waits: `pass` runs what is due, in order, and puts
 * the clock forward. After each task the promises that it has settled run to their end, so that the
 * same seed gives the same order in every run.
 */

/** @typedef {{isDead: boolean, isFrozen: boolean}} Owner of timers: a page that may be killed */

/** @typedef {{due: number, turn: number, action: () => void, owner: Owner|null}} Task */

/** All promises that can go on have gone on; Node runs this queue when no other is left. */
export const settled = () => new Promise((resolve) => process.nextTick(resolve));

export class Clock {
  /** Milliseconds since the session began. */
  time = 0;
  /** @type {Task[]} */
  #tasks = [];
  #turn = 0;

  /**
   * @param {() => void} action
   * @param {number} ms from now
   * @param {Owner|null} owner the task is dropped when its owner is dead, and waits while it is frozen
   * @returns {Task}
   */
  later(action, ms, owner = null) {
    this.#turn += 1;
    const task = { due: this.time + Math.max(0, ms), turn: this.#turn, action, owner };
    this.#tasks.push(task);
    return task;
  }

  /** @param {Task} task */
  cancel(task) {
    const at = this.#tasks.indexOf(task);
    if (at >= 0) this.#tasks.splice(at, 1);
  }

  /** Lets time go by. @param {number} ms */
  async pass(ms) {
    const end = this.time + ms;
    await settled();
    for (;;) {
      const task = this.#next(end);
      if (!task) break;
      this.cancel(task);
      this.time = Math.max(this.time, task.due);
      task.action();
      await settled();
    }
    this.time = end;
  }

  /** Lets time go by until a promise is settled, for at most `ms`; is it? @param {Promise<any>} promise */
  async until(promise, ms) {
    const state = { isSettled: false };
    const note = () => (state.isSettled = true);
    promise.then(note, note);
    const end = this.time + ms;
    await settled();
    while (!state.isSettled && this.time < end) {
      const task = this.#next(end);
      await this.pass((task ? Math.max(task.due, this.time) : end) - this.time);
    }
    return state.isSettled;
  }

  /** @param {number} end */
  #next(end) {
    /** @type {Task|null} */
    let next = null;
    this.#tasks = this.#tasks.filter(({ owner }) => !owner?.isDead);
    for (const task of this.#tasks) {
      if (task.due > end || task.owner?.isFrozen) continue;
      if (!next || task.due < next.due || (task.due === next.due && task.turn < next.turn)) next = task;
    }
    return next;
  }
}
