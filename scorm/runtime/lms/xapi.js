/** @file Talks to a learning record store (xAPI 1.0.3, part three): documents and statements. */

/** A request without an answer has failed after this long (milliseconds). */
const PATIENCE = 30_000;

/** The browser refuses larger bodies (65,536 bytes) for requests that may outlive their page. */
export const MOST_KEEPALIVE = 60_000;

export class Lrs {
  /** @type {string} */
  #endpoint;
  /** @type {string} */
  #authorization;
  /** @type {typeof fetch} */
  #fetch;

  /**
   * @param {string} endpoint
   * @param {string} authorization the header's value
   * @param {typeof fetch} fetcher
   */
  constructor(endpoint, authorization, fetcher) {
    this.#endpoint = endpoint.endsWith("/") ? endpoint : `${endpoint}/`;
    this.#authorization = authorization;
    this.#fetch = fetcher;
  }

  /**
   * A document of JSON, its value null where there is none.
   *
   * @param {string} resource such as `activities/state`
   * @param {Record<string, string>} query
   * @returns {Promise<{value: any, text: string, etag: string}>} `etag` "" where the LRS tells none
   * @throws {Error} where the LRS does not answer, or with something else
   */
  async read(resource, query) {
    const response = await this.#ask("GET", resource, query);
    if (response.status === 404) return { value: null, text: "", etag: "" };
    if (!response.ok) throw new Error(`${resource}: ${response.status}`);
    const text = await response.text();
    return { value: JSON.parse(text), text, etag: response.headers.get("etag") ?? "" };
  }

  /**
   * Writes a document; never rejects.
   *
   * @param {string} resource
   * @param {Record<string, string>} query
   * @param {string} text of JSON
   * @param {Record<string, string>} [condition] headers that say which document may be replaced
   * @returns {Promise<{status: number, etag: string}>} see #answer
   */
  write(resource, query, text, condition = {}) {
    return this.#answer("PUT", resource, query, text, condition);
  }

  /**
   * Sends statements together; never rejects.
   *
   * @param {object[]} statements
   * @returns {Promise<"kept"|"refused"|"failed">} what is refused now will be refused again; what
   *   failed may succeed later
   */
  async send(statements) {
    const { status } = await this.#answer("POST", "statements", {}, JSON.stringify(statements));
    if (isGood(status)) return "kept";
    const mayHeal = status === 401 || status === 408 || status === 429;
    return status >= 400 && status < 500 && !mayHeal ? "refused" : "failed";
  }

  /** Has the LRS this statement? false also where it does not say. @param {string} id */
  async has(id) {
    const { status } = await this.#answer("GET", "statements", { statementId: id });
    return isGood(status);
  }

  /**
   * Has the LRS a statement like this? false also where it does not say.
   *
   * @param {Record<string, string>} query
   */
  async hasLike(query) {
    try {
      const { value } = await this.read("statements", { ...query, limit: "1" });
      return value.statements.length > 0;
    } catch {
      return false;
    }
  }

  /**
   * What came of a request. Status 0 is no answer; a login page in place of the LRS counts as none.
   *
   * @param {string} method
   * @param {string} resource
   * @param {Record<string, string>} query
   * @param {string} [body]
   * @param {Record<string, string>} [condition]
   */
  async #answer(method, resource, query, body, condition = {}) {
    try {
      const response = await this.#ask(method, resource, query, body, condition);
      const type = response.headers.get("content-type") ?? "";
      const isPage = type.startsWith("text/html") && response.ok;
      return { status: isPage ? 0 : response.status, etag: response.headers.get("etag") ?? "" };
    } catch {
      return { status: 0, etag: "" };
    }
  }

  /**
   * @param {string} method
   * @param {string} resource
   * @param {Record<string, string>} query
   * @param {string} [body]
   * @param {Record<string, string>} [condition]
   */
  #ask(method, resource, query, body, condition = {}) {
    const search = new URLSearchParams(query).toString();
    return this.#fetch(`${this.#endpoint}${resource}${search ? `?${search}` : ""}`, {
      method,
      body,
      keepalive: body !== undefined && bytesOf(body) < MOST_KEEPALIVE,
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
      headers: {
        Authorization: this.#authorization,
        "X-Experience-API-Version": "1.0.3",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...condition,
      },
    });
  }
}

/** @param {string} text */
export function bytesOf(text) {
  return new TextEncoder().encode(text).length;
}

/** Did the LRS do what it was asked? @param {number} status */
export function isGood(status) {
  return status >= 200 && status < 300;
}
