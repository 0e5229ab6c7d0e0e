/**
 * Calls of the interface below /v1/programs, and what can go wrong with them.
 * @module
 */

const PREFIX = "/v1/programs";

/** Longest text of a list's page: what the interface gives at most. */
export const PAGE_LIMIT = 500;

/** An answer that is an error: the problem document, or what stands for one. */
export class Problem extends Error {
  /**
   * @param {number} status 0 when there was no answer
   * @param {Record<string, any>} document
   */
  constructor(status, document) {
    super(document.detail ?? document.title ?? String(status));
    this.status = status;
    this.document = document;
  }

  /** The stable name of its kind, such as `version-conflict`. */
  get kind() {
    return String(this.document.type ?? "").split("/").at(-1) ?? "";
  }
}

/** One person's calls, with the token that they gave. */
export class Api {
  #token;
  #onRefused;

  /**
   * @param {string} token
   * @param {(problem: Problem) => void} [onRefused] when the token is no longer taken
   */
  constructor(token, onRefused) {
    this.#token = token;
    this.#onRefused = onRefused;
  }

  /**
   * @param {string} path below /v1/programs
   * @param {Record<string, string | number | null | undefined>} [query] left out where empty
   * @returns {Promise<any>}
   * @throws {Problem}
   */
  get(path, query = {}) {
    return this.#send("GET", path + queryText(query));
  }

  /**
   * @param {"POST" | "PUT" | "PATCH"} method
   * @param {string} path below /v1/programs
   * @param {unknown} [body]
   * @returns {Promise<any>}
   * @throws {Problem}
   */
  send(method, path, body) {
    return this.#send(method, path, body);
  }

  /**
   * Every item of a list, page by page.
   *
   * @param {string} path below /v1/programs
   * @returns {Promise<any[]>}
   * @throws {Problem}
   */
  async all(path) {
    const items = [];
    let cursor = null;
    do {
      const page = await this.get(path, { limit: PAGE_LIMIT, cursor });
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return items;
  }

  /**
   * A file that the interface makes, to be saved. It is fetched and not linked to, because a link
   * would have to carry the token.
   *
   * @param {string} path below /v1/programs
   * @param {Record<string, string | number | null | undefined>} query
   * @param {string} name of the file
   * @throws {Problem}
   */
  async save(path, query, name) {
    const response = await this.#fetch("GET", path + queryText(query));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  /**
   * Sends a file, telling how much of it has left. Only XMLHttpRequest tells that.
   *
   * @param {string} path below /v1/programs
   * @param {File} file
   * @param {(sent: number) => void} onProgress a share, 0 to 1
   * @returns {Promise<any>}
   * @throws {Problem}
   */
  upload(path, file, onProgress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", PREFIX + path + queryText({ name: file.name }));
      request.setRequestHeader("authorization", `Bearer ${this.#token}`);
      request.setRequestHeader("content-type", mediaType(file.name));
      request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
      request.onerror = () => reject(new Problem(0, {}));
      request.onload = () => {
        const answer = parsed(request.responseText);
        if (request.status < 300) resolve(answer);
        else reject(this.#noted(new Problem(request.status, answer ?? {})));
      };
      request.send(file);
    });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   */
  async #send(method, path, body) {
    const response = await this.#fetch(method, path, body);
    const text = await response.text();
    return text === "" ? null : JSON.parse(text);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   */
  async #fetch(method, path, body) {
    /** @type {Record<string, string>} */
    const headers = { authorization: `Bearer ${this.#token}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    const sent = body === undefined ? undefined : JSON.stringify(body);
    /** @type {Response} */
    let response;
    try {
      response = await fetch(PREFIX + path, { method, headers, body: sent, cache: "no-store" });
    } catch {
      throw new Problem(0, {});
    }
    if (response.ok) return response;
    throw this.#noted(new Problem(response.status, parsed(await response.text()) ?? {}));
  }

  /** @param {Problem} problem */
  #noted(problem) {
    if (problem.status === 401) this.#onRefused?.(problem);
    return problem;
  }
}

/** @param {Record<string, string | number | null | undefined>} query */
function queryText(query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const pairs = given.filter(([, value]) => value !== "").map(([key, value]) => [key, `${value}`]);
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : "";
}

/** @param {string} name */
function mediaType(name) {
  return /\.xlsx$/i.test(name)
    ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    : "text/csv";
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
