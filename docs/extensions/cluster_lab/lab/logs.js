/** @file What the containers of the cluster wrote to their standard output, for `kubectl logs`. */

/** How many lines are kept of one container's run. */
const LINES = 200;

export class Logs {
  constructor() {
    /** @type {Map<string, Array<{attempt: number, lines: string[]}>>} runs of a container, by Pod and its name */
    this.runs = new Map();
  }

  /**
   * Begins the log of one run.
   * @returns {(line: string) => void}
   */
  begin(podUid, container, attempt) {
    const runs = this.runs.get(`${podUid}/${container}`) ?? [];
    const run = { attempt, lines: /** @type {string[]} */ ([]) };
    // Like a node, which keeps the log of the run that goes on and of the one before it.
    this.runs.set(`${podUid}/${container}`, [...runs, run].slice(-2));
    return (text) => {
      run.lines.push(...text.replace(/\n$/, "").split("\n"));
      run.lines.splice(0, run.lines.length - LINES);
    };
  }

  /**
   * The lines of a container's last run, or of the one before.
   * @returns {string[] | undefined} nothing where there was no such run
   */
  of(podUid, container, isPrevious = false) {
    return this.runs.get(`${podUid}/${container}`)?.at(isPrevious ? -2 : -1)?.lines;
  }

  forget(podUid) {
    for (const key of this.runs.keys()) if (key.startsWith(`${podUid}/`)) this.runs.delete(key);
  }
}
