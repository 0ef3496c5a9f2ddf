/** @file Talks to a learning record store (xAPI 1.0.3, part three): documents and statements. */

/** A request without an answer has failed after this long (milliseconds). */
const PATIENCE = 30_000;

/** The browser refuses larger bodies (65,536 bytes) for requests that may outlive their page. */
const MOST_KEEPALIVE = 60_000;

export class Lrs {
  #endpoint;
  #authorization;
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
   * A document of JSON, null where there is none.
   *
   * @param {string} resource such as `activities/state`
   * @param {Record<string, string>} query
   * @throws {Error} where the LRS does not answer, or with something else
   */
  async read(resource, query) {
    const response = await this.#ask("GET", resource, query);
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${resource}: ${response.status}`);
    return response.json();
  }

  /**
   * Writes a document; gives whether it arrived, and never rejects.
   *
   * @param {string} resource
   * @param {Record<string, string>} query
   * @param {object} value
   */
  async write(resource, query, value) {
    const status = await this.#status("PUT", resource, query, value);
    return status >= 200 && status < 300;
  }

  /**
   * Sends statements together; never rejects.
   *
   * @param {object[]} statements
   * @returns {Promise<"kept"|"refused"|"failed">} what is refused now will be refused again; what
   *   failed may succeed later
   */
  async send(statements) {
    const status = await this.#status("POST", "statements", {}, statements);
    if (status >= 200 && status < 300) return "kept";
    const mayHeal = status === 401 || status === 408 || status === 429;
    return status >= 400 && status < 500 && !mayHeal ? "refused" : "failed";
  }

  /** The answer's status, 0 where there is none; a login page instead of an LRS is none. */
  async #status(method, resource, query, value) {
    try {
      const response = await this.#ask(method, resource, query, value);
      const type = response.headers.get("content-type") ?? "";
      return type.startsWith("text/html") && response.ok ? 0 : response.status;
    } catch {
      return 0;
    }
  }

  #ask(method, resource, query, value) {
    const body = value === undefined ? undefined : JSON.stringify(value);
    const search = new URLSearchParams(query).toString();
    return this.#fetch(`${this.#endpoint}${resource}${search ? `?${search}` : ""}`, {
      method,
      body,
      keepalive: body !== undefined && new TextEncoder().encode(body).length < MOST_KEEPALIVE,
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
      headers: {
        Authorization: this.#authorization,
        "X-Experience-API-Version": "1.0.3",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
    });
  }
}
