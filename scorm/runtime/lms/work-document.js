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
  /** Does the LRS tell ETags? */
  #tells = false;
  /** Does it make them as xAPI wants it? */
  #hashes = false;
  /** Writes without an answer yet. */
  #underWay = 0;
  /** The number of the latest write. */
  #latest = 0;

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
      return {};
    }
    const { value, text, etag } = await this.#lrs.read(STATE, this.#query);
    this.#tells = etag !== "";
    this.#hashes = this.#tells && etag === (await etagOf(text));
    this.#condition = etag === "" ? {} : { "If-Match": etag };
    return value ?? {};
  }

  /**
   * Writes the document; never rejects. While an earlier write of this page is under way, the new
   * ETag is not known yet, and the page may be gone before it is. Then the document is replaced
   * whatever it holds. A write that has failed is not made again once a later one has begun, as it
   * would take the place of more than it brings.
   *
   * @param {Work} work
   * @returns {Promise<"kept"|"failed"|"overtaken">} `overtaken` where another browser has written
   */
  async write(work) {
    const text = JSON.stringify(work);
    const condition = this.#guards && this.#underWay === 0 ? this.#condition : {};
    const isGuarded = Object.keys(condition).length > 0;
    this.#underWay += 1;
    this.#latest += 1;
    const turn = this.#latest;
    const { status, etag } = await this.#lrs.write(STATE, this.#query, text, condition);
    this.#underWay -= 1;
    if (status === 409 || status === 412) return "overtaken";
    if (!isGood(status)) {
      if (!isGuarded || !(await this.#forbidsConditions(status))) return "failed";
      this.#guards = false;
      return turn === this.#latest ? this.write(work) : "failed";
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
    return etag === "" || JSON.stringify(value) === text ? "kept" : "overtaken";
  }

  /**
   * Did the write fail because of its condition: because the LRS does not understand it,
   * or because the browser may not send such a header (CORS)?
   *
   * @param {number} status
   */
  async #forbidsConditions(status) {
    if (status === 400) return true;
    if (this.#hasGuarded) return false;
    const { stateId, ...rest } = this.#query;
    return status === 0 && (await this.#lrs.read(STATE, rest).then(() => true, () => false));
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
