/**
 * @file The document in which an assignable unit keeps a student's work (xAPI, State Resource),
 * written so that it takes the place of no work that another browser has kept meanwhile.
 *
 * Where the LRS tells ETags, a page replaces a document only if it knows what the document holds.
 * By xAPI 1.0.3, part three, 3.1, the ETag of a document is the SHA-1 of its contents; where an LRS
 * makes other ones, each write is read back. Where it tells no ETags, the last write wins.
 */

import { isGood } from "./xapi.js";

const STATE = "activities/state";

/** A write with a condition that gets no answer so often, from an LRS that answers else, is forbidden. */
const DROPPED = 3;

const NOT_READ = { value: null, text: "", etag: "" };

/**
 * @typedef {object} Work
 * @property {string} [state]
 * @property {string} [status]
 * @property {number|null} [score]
 * @property {string[]} [said] what the LRS has taken of what is said once in a registration
 */

export class WorkDocument {
  /** @type {import("./xapi.js").Lrs} */
  #lrs;
  /** @type {Record<string, string>} */
  #query;
  /**
   * Headers that say which document may be replaced; {} where nothing is known.
   * @type {Record<string, string>}
   */
  #condition = {};
  /** Does the LRS take conditions? */
  #guards = true;
  /** Has it taken one, so that what fails later fails for another reason? */
  #hasGuarded = false;
  /** How many writes with a condition got no answer. */
  #dropped = 0;
  /** Does the LRS tell ETags? */
  #tells = false;
  /** Does it make them as xAPI wants it? */
  #hashes = false;
  /** Writes without an answer yet. */
  #underWay = 0;
  /** The latest write that was not the last; later ones wait for its answer. @type {Promise<unknown>} */
  #answered = Promise.resolve();
  /** Has the page made its last write? */
  #isOver = false;
  /**
   * How often it turned out what the document holds. Work that does not know of the latest is not
   * written.
   */
  reads = 0;

  /**
   * @param {import("./xapi.js").Lrs} lrs
   * @param {Record<string, string>} query that names the document, with its `stateId`
   */
  constructor(lrs, query) {
    this.#lrs = lrs;
    this.#query = query;
  }

  /**
   * What the document holds, {} where there is none.
   *
   * @param {boolean} tellsEtags does the LRS tell ETags of other documents?
   * @returns {Promise<Work>}
   * @throws {Error} where the LRS does not answer
   */
  async read(tellsEtags) {
    // The list comes first, as a browser reports each 404 as an error.
    const { stateId, ...rest } = this.#query;
    const names = (await this.#lrs.read(STATE, rest)).value ?? [];
    if (!names.includes(stateId)) {
      this.#condition = tellsEtags ? { "If-None-Match": "*" } : {};
      this.#tells = this.#hashes = tellsEtags;
      this.reads += 1;
      return {};
    }
    const { value, text, etag } = await this.#lrs.read(STATE, this.#query);
    this.#tells = etag !== "";
    this.#hashes = this.#tells && etag === (await etagOf(text));
    this.#condition = etag === "" ? {} : { "If-Match": etag };
    this.reads += 1;
    return value ?? {};
  }

  /**
   * Writes the document; never rejects. While an earlier write of this page is under way, the new
   * ETag is not known yet, so a further one waits. When the page is left it cannot wait: then the
   * document is replaced whatever it holds, and no earlier write goes out any more, as it would take
   * the place of more than it brings.
   *
   * @param {Work} work
   * @param {{reads?: number, isLast?: boolean}} [when] `reads` when the work was put together; is the
   *   page being left?
   * @returns {Promise<"kept"|"failed"|"overtaken">} `overtaken` where another browser has written
   */
  write(work, { reads = this.reads, isLast = false } = {}) {
    if (isLast) {
      this.#isOver = true;
      return this.#put(work, isLast);
    }
    const written = this.#answered.then(() => {
      if (this.#isOver) return "failed";
      return reads === this.reads ? this.#put(work, isLast) : "overtaken";
    });
    this.#answered = written;
    return written;
  }

  /** @param {Work} work @param {boolean} isLast @returns {Promise<"kept"|"failed"|"overtaken">} */
  async #put(work, isLast) {
    const text = JSON.stringify(work);
    const condition = this.#guards && this.#underWay === 0 ? this.#condition : {};
    const isGuarded = Object.keys(condition).length > 0;
    this.#underWay += 1;
    const { status, etag } = await this.#lrs.write(STATE, this.#query, text, condition);
    this.#underWay -= 1;
    if (status === 409 || status === 412) return "overtaken";
    if (!isGood(status)) {
      const mayBe = isGuarded ? await this.#forbidsConditions(status) : "no";
      if (mayBe === "no" || (this.#isOver && !isLast)) return "failed";
      if (mayBe === "yes") this.#guards = false;
      return this.#put(work, isLast);
    }
    this.#hasGuarded ||= isGuarded;
    const known = etag || (this.#hashes ? await etagOf(text) : "");
    if (known === "" && this.#tells) return this.#readBack(text);
    this.#condition = known === "" ? {} : { "If-Match": known };
    return "kept";
  }

  /**
   * Asks for the ETag of what was written; another browser may have replaced it already.
   *
   * @param {string} text
   */
  async #readBack(text) {
    const { value, etag } = await this.#lrs.read(STATE, this.#query).catch(() => NOT_READ);
    this.#condition = etag === "" ? {} : { "If-Match": etag };
    if (etag === "" || JSON.stringify(value) === text) return "kept";
    this.reads += 1;
    return "overtaken";
  }

  /**
   * Did the write fail because of its condition: because the LRS does not understand it,
   * or because the browser may not send such a header (CORS)? The latter looks like a dropped
   * connection, but for that it happens again and again.
   *
   * @param {number} status
   * @returns {Promise<"yes"|"no"|"perhaps">}
   */
  async #forbidsConditions(status) {
    if (status === 400) return "yes";
    const { stateId, ...rest } = this.#query;
    const answers = () => this.#lrs.read(STATE, rest).then(() => true, () => false);
    if (status !== 0 || this.#hasGuarded || !(await answers())) return "no";
    this.#dropped += 1;
    return this.#dropped < DROPPED ? "perhaps" : "yes";
  }
}

/**
 * The ETag as xAPI wants it; "" where the browser cannot compute it (a page without HTTPS).
 *
 * @param {string} text
 */
async function etagOf(text) {
  const bytes = await globalThis.crypto.subtle?.digest("SHA-1", new TextEncoder().encode(text));
  if (!bytes) return "";
  const digits = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0"));
  return `"${digits.join("")}"`;
}
