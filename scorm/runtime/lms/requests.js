/**
 * @file What became of the requests by which an LMS's API stores what it is given.
 *
 * An API says "true" also of a commit that it only hands to the browser (`sendBeacon`), and some
 * take a login page for success. The browser itself knows better: it notes for each request of a
 * window when it began, and its status (Resource Timing). So the requests that began during the
 * call of a commit tell what became of it, where the API's window is of this page's origin and the
 * browser notes a status. Chromium does so for beacons, too; it notes a request when it has ended.
 *
 * A server that is asked to store something answers with a short text (Moodle with six bytes, which
 * it calls HTML). Where it begins to answer with a redirection or a long HTML page, that is the login
 * page, and nothing was stored.
 *
 * An API may ask for more during a commit: Moodle does for its contents tree, which is long HTML. The
 * request that stores is known by its address: it is the first of a commit, or a beacon.
 */

/** @typedef {import("../lib/host.js").Host} Host */

/** @typedef {"stored"|"lost"|"unknown"} Fate */

/**
 * A request that has not ended after this long is not waited for (milliseconds): an API whose
 * requests have been noted before may have sent one to a server that hangs, of any other there is
 * perhaps none.
 */
const PATIENCE = { seen: 60_000, unseen: 1500 };

/** After so many commits in a row of which nothing was noted, there is nothing to wait for. */
const ENOUGH = 2;

/** No login page is as short as this, and hardly any other answer longer (bytes). */
const SHORT = 1000;

/** How an API may send something. */
const WAYS = ["beacon", "fetch", "xmlhttprequest"];

/**
 * @typedef {object} Watch
 * @property {boolean} hasSeen has any request of a commit been noted?
 * @property {() => number} now the time by the clock of the API's window
 * @property {(from: number) => Fate|Promise<Fate>} since what became of the requests that the API
 *   has begun since then
 * @property {() => void} stop
 */

/** Where an API's requests cannot be seen. @type {Watch} */
export const UNSEEN = { hasSeen: false, now: () => 0, since: () => "unknown", stop() {} };

/**
 * @param {Window} window of the API
 * @param {Host} host
 * @returns {Watch}
 */
export function watchRequests(window, host) {
  try {
    return new Requests(window, host);
  } catch {
    return UNSEEN;
  }
}

/** @implements {Watch} */
class Requests {
  hasSeen = false;
  #window;
  #host;
  #observer;
  /** Noted, and not asked for yet. @type {PerformanceResourceTiming[]} */
  #noted = [];
  /** Commits whose request has not been noted yet. @type {{from: number, to: number, tell: (fate: Fate) => void}[]} */
  #open = [];
  /** Does this server answer with a page or a redirection when all is well? null while unknown. */
  #answersWithPage = /** @type {boolean|null} */ (null);
  #inVain = 0;
  /** The address to which this API stores, without its query; "" while unknown. */
  #address = "";

  /** @param {Window} window @param {Host} host */
  constructor(window, host) {
    this.#window = /** @type {Window & typeof globalThis} */ (window);
    this.#host = host;
    const { PerformanceObserver, performance } = this.#window;
    // Those of pages that were open before this one in the same player.
    const noted = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource"));
    const beacon = noted.filter(isBeacon).at(-1);
    this.hasSeen = beacon !== undefined;
    if (beacon) this.#address = addressOf(beacon);
    this.#observer = new PerformanceObserver((list) => this.#take(list.getEntries()));
    this.#observer.observe({ type: "resource" });
  }

  now() {
    return this.#window.performance.now();
  }

  /** @param {number} from @returns {Fate|Promise<Fate>} */
  since(from) {
    const to = this.now();
    this.#take(this.#observer.takeRecords());
    const found = this.#storing(this.#noted.filter((entry) => isWithin(entry, from, to)));
    this.#noted = [];
    if (found.length > 0) return this.#judge(found);
    if (this.#inVain >= ENOUGH) return "unknown";
    return new Promise((resolve) => {
      const timer = this.#host.later(() => {
        this.#inVain += 1;
        tell("unknown");
      }, this.hasSeen ? PATIENCE.seen : PATIENCE.unseen);
      const tell = (/** @type {Fate} */ fate) => {
        this.#host.cancel(timer);
        this.#open = this.#open.filter((other) => other !== commit);
        resolve(fate);
      };
      const commit = { from, to, tell };
      this.#open.push(commit);
    });
  }

  stop() {
    this.#observer.disconnect();
    for (const { tell } of this.#open) tell("unknown");
  }

  /** @param {PerformanceEntryList} entries */
  #take(entries) {
    for (const it of entries) {
      const entry = /** @type {PerformanceResourceTiming} */ (it);
      if (!WAYS.includes(entry.initiatorType)) continue;
      const commit = this.#open.find(({ from, to }) => isWithin(entry, from, to));
      if (!commit) this.#noted.push(entry);
      else if (this.#storing([entry]).length > 0) commit.tell(this.#judge([entry]));
    }
  }

  /** Those of the requests of a commit that store. @param {PerformanceResourceTiming[]} entries */
  #storing(entries) {
    const [first] = [...entries].sort((one, other) => one.startTime - other.startTime);
    const known = entries.find(isBeacon) ?? (this.#address === "" ? first : undefined);
    if (known) this.#address = addressOf(known);
    return entries.filter((entry) => addressOf(entry) === this.#address);
  }

  /** @param {PerformanceResourceTiming[]} entries @returns {Fate} */
  #judge(entries) {
    this.hasSeen = true;
    this.#inVain = 0;
    const fates = entries.map((entry) => this.#fateOf(entry));
    return fates.find((fate) => fate !== "stored") ?? "stored";
  }

  /** @param {PerformanceResourceTiming} entry @returns {Fate} */
  #fateOf(entry) {
    const { origin } = this.#window.location;
    const { name, responseStatus: status, redirectEnd, decodedBodySize } = entry;
    if (status === undefined || new URL(name).origin !== origin) return "unknown";
    if (status === 0 || status >= 400) return "lost";
    // Newer than the types that the compiler knows.
    const { contentType = "text/html" } = /** @type {{contentType?: string}} */ (entry);
    const isLong = decodedBodySize > SHORT && contentType.startsWith("text/html");
    const isPage = redirectEnd > 0 || isLong;
    this.#answersWithPage ??= isPage;
    return isPage && !this.#answersWithPage ? "lost" : "stored";
  }
}

function isBeacon(/** @type {PerformanceResourceTiming} */ { initiatorType }) {
  return initiatorType === "beacon";
}

function addressOf(/** @type {PerformanceEntry} */ { name }) {
  return name.split("?", 1)[0];
}

/** @param {PerformanceEntry} entry @param {number} from @param {number} to */
function isWithin({ startTime }, from, to) {
  return startTime >= from && startTime <= to;
}
