/**
 * @file A model of an LMS that speaks cmi5: the token, the documents and the statements of its
 * record store (xAPI 1.0.3, part three; cmi5 "Quartz", 8 to 11).
 */

import { createHash } from "node:crypto";

/** @typedef {import("./network.js").Network} Network */

/** @typedef {"hash"|"count"|"none"} Tagging how the store makes ETags: by contents, by counting, not at all */

/**
 * @typedef {object} Document
 * @property {string} text
 * @property {number} version
 */

/**
 * @typedef {object} Writing a document on its way
 * @property {string} student
 * @property {string} sco
 * @property {number} turn
 * @property {any} sender the launch that sent it
 * @property {string} text
 */

export class Lrs {
  /** By student, SCO and name. @type {Map<string, Document>} */
  documents = new Map();
  /** By student and SCO, those that were stored by their ids. @type {Map<string, Map<string, any>>} */
  statements = new Map();
  /** Told after each write of the student's work. @type {(writing: Writing) => void} */
  stored = () => {};
  /** Told after statements were stored. @type {(student: string, sco: string, list: any[]) => void} */
  said = () => {};
  #tagging;

  /** @param {Tagging} tagging */
  constructor(tagging) {
    this.#tagging = tagging;
  }

  /** @param {string} key */
  tagOf(key) {
    const document = this.documents.get(key);
    return document ? this.tagFor(document.text, document.version) : "";
  }

  /** @param {string} text @param {number} version */
  tagFor(text, version) {
    if (this.#tagging === "none") return "";
    return `"${this.#tagging === "hash" ? sha1(text) : `v${version}`}"`;
  }

  /** @param {string} key @param {Record<string, string>} headers */
  refuses(key, headers) {
    if (this.#tagging === "none") return false;
    if (headers["If-None-Match"] === "*" && this.documents.has(key)) return true;
    return headers["If-Match"] !== undefined && headers["If-Match"] !== this.tagOf(key);
  }

  /** @param {string} key @param {Writing} writing */
  write(key, writing) {
    const version = (this.documents.get(key)?.version ?? 0) + 1;
    this.documents.set(key, { text: writing.text, version });
    this.stored(writing);
  }

  /** @param {string} student @param {string} sco */
  saidBy(student, sco) {
    const key = `${student}/${sco}`;
    if (!this.statements.has(key)) this.statements.set(key, new Map());
    return /** @type {Map<string, any>} */ (this.statements.get(key));
  }

  /** Stores all of the statements, or none where one is there already. @param {any[]} list */
  take(student, sco, list) {
    const known = this.saidBy(student, sco);
    if (list.some(({ id }) => known.has(id))) return false;
    for (const statement of list) known.set(statement.id, statement);
    this.said(student, sco, list);
    return true;
  }
}

/** @param {string} text */
export function sha1(text) {
  return createHash("sha1").update(text).digest("hex");
}

/**
 * @typedef {object} Line the connection of a page with the store
 * @property {Network} network
 * @property {() => boolean} isLoggedIn
 * @property {(action: () => void, ms: number) => void} later for the page, as long as it lives
 * @property {() => number} nextTurn
 * @property {(words: string) => void} log
 */

/** The launch of one page: its address, and the fetch of its window. */
export class Cmi5Launch {
  search;
  #lrs;
  #line;
  #facts;
  #token = "";

  /**
   * @param {Lrs} lrs
   * @param {Line} line
   * @param {{student: string, sco: string, mastery: number|null, number: number}} facts
   */
  constructor(lrs, line, facts) {
    this.#lrs = lrs;
    this.#line = line;
    this.#facts = facts;
    const { student, sco, number } = facts;
    const actor = { objectType: "Agent", account: { homePage: "https://lms.test", name: student } };
    this.search = `?${new URLSearchParams({
      endpoint: "https://lrs.test/", fetch: `https://lms.test/fetch/${number}`,
      registration: `r-${student}`, activityId: `https://lms.test/${sco}`, actor: JSON.stringify(actor),
    })}`;
  }

  /** @param {string} address @param {any} init @returns {Promise<any>} */
  fetch = (address, { method, body = "", headers = {} }) => {
    const { network } = this.#line;
    const fate = network.fate(this.#line.isLoggedIn());
    const url = new URL(address);
    const turn = this.#line.nextTurn();
    const { Authorization, "Content-Type": _type, "X-Experience-API-Version": _version, ...rest } = headers;
    const what = `${method} ${url.pathname} ${url.searchParams.get("stateId") ?? ""}`;
    this.#line.log(`request ${turn}: ${what} ${JSON.stringify(rest)} ${fate}`);
    return new Promise((resolve, reject) => {
      const answer = (/** @type {any} */ response) =>
        this.#line.later(() => resolve(response), network.delay(fate === "late"));
      const fail = () => this.#line.later(() => reject(new TypeError("Failed to fetch")), network.delay(true));
      const act = () => this.#act(method, url, body, headers, turn);
      if (fate === "lost" || fate === "half") return fail();
      if (fate === "login") return answer(reply(200, "<!DOCTYPE html>", "text/html"));
      if (fate === "swallowed") return answer(method === "GET" ? act() : reply(503));
      network.deliver(() => {
        const response = act();
        if (fate === "unanswered") fail();
        else answer(response);
      }, fate === "late");
      if (fate === "doubled" && method !== "GET") network.deliver(act, true);
      return undefined;
    });
  };

  /** @param {string} method @param {URL} url @param {string} body @param {Record<string, string>} headers */
  #act(method, url, body, headers, turn) {
    if (url.hostname === "lms.test") return this.#giveToken();
    if (headers.Authorization !== `Basic ${this.#token}`) return reply(401);
    if (url.pathname.startsWith("/agents")) return reply(404);
    if (url.pathname === "/statements") return this.#statements(method, url, body);
    return this.#document(method, url, body, headers, turn);
  }

  /** The token is given once (8.2.1). */
  #giveToken() {
    if (this.#token) return reply(200, JSON.stringify({ "error-code": "1" }));
    this.#token = `token-${this.#facts.number}`;
    return reply(200, JSON.stringify({ "auth-token": this.#token }));
  }

  #statements(method, url, body) {
    const { student, sco } = this.#facts;
    const known = this.#lrs.saidBy(student, sco);
    if (method === "POST") return reply(this.#lrs.take(student, sco, JSON.parse(body)) ? 200 : 409, "[]");
    const id = url.searchParams.get("statementId");
    if (id) return known.has(id) ? reply(200, JSON.stringify(known.get(id))) : reply(404);
    const verb = url.searchParams.get("verb");
    const statements = [...known.values()].filter((it) => it.verb.id === verb);
    return reply(200, JSON.stringify({ statements }));
  }

  #document(method, url, body, headers, turn) {
    const { student, sco, mastery } = this.#facts;
    const name = url.searchParams.get("stateId");
    const key = `${student}/${sco}/${name}`;
    if (!name) {
      const prefix = `${student}/${sco}/`;
      const names = [...this.#lrs.documents.keys()].filter((it) => it.startsWith(prefix));
      return reply(200, JSON.stringify(names.map((it) => it.slice(prefix.length))));
    }
    if (name === "LMS.LaunchData") {
      const masteryScore = mastery === null ? undefined : mastery / 100;
      const text = JSON.stringify({ launchMode: "Normal", masteryScore, launchParameters: sco });
      return reply(200, text, "application/json", this.#lrs.tagFor(text, 1));
    }
    if (method === "GET") {
      const document = this.#lrs.documents.get(key);
      return document ? reply(200, document.text, "application/json", this.#lrs.tagOf(key)) : reply(404);
    }
    if (this.#lrs.refuses(key, headers)) return reply(412);
    this.#lrs.write(key, { student, sco, turn, sender: this.#facts, text: body });
    return reply(204);
  }
}

/** An answer, as far as the runtime looks at it. */
function reply(status, text = "", type = "application/json", etag = "") {
  /** @type {Record<string, string>} */
  const headers = { "content-type": type, etag };
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (/** @type {string} */ name) => headers[name] || null },
    text: async () => text,
    json: async () => JSON.parse(text),
  };
}
