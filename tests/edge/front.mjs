/**
 * The Worker in front of a shop, on workerd and with nothing between them: what a browser sends and
 * gets, and what reaches the shop, byte for byte.
 * @module
 */

import { createServer, request } from "node:http";

import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { unstable_readConfig } from "wrangler";

import { KEY, encodeRoot, parts } from "./snapshots.mjs";
import { exactBuffer } from "./worker.mjs";

/** @typedef {import("./snapshots.mjs").Snapshot} Snapshot */
/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */

const root = new URL("../../", import.meta.url).pathname;

/** What browsers say of a visit to a page. */
export const VISIT = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

/**
 * @typedef {object} Seen a request, as the shop got it
 * @property {string} method
 * @property {string} path with its query
 * @property {Record<string, string>} headers
 * @property {Buffer} body
 */

/**
 * @typedef {object} Answer as it came over the wire
 * @property {number} status
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {Buffer} body
 */

/**
 * @typedef {object} Options
 * @property {Record<string, string | null>} [vars] settings; those of `null` are left out
 * @property {(request: IncomingMessage, response: ServerResponse) => void} [shop] answers by
 *   itself; by default the shop says `shop` to everything
 */

/** Starts a shop, and a Worker in front of it. @param {Options} [options] */
export async function startFront({ vars = {}, shop } = {}) {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const front = new Front(server, `http://127.0.0.1:${port}`);
  server.on("request", shop ?? ((request, response) => front.see(request, response)));
  const { compatibility_date } = unstable_readConfig({ config: `${root}wrangler.toml` });
  const bindings = {
    PROGRAM: "1000", SNAPSHOT_KEY: KEY.reader, ROOT_MAX_AGE_MS: "0", ORIGIN: front.origin, ...vars,
  };
  const set = Object.entries(bindings).filter(([, value]) => value !== null);
  const build = `${root}build/worker/`;
  const options = convertV4MiniflareOptions({
    host: "127.0.0.1", port: 0, cf: false,
    modules: [
      { type: "ESModule", path: `${build}index.js` },
      { type: "CompiledWasm", path: `${build}index_bg.wasm` },
    ],
    modulesRoot: build,
    compatibilityDate: compatibility_date,
    kvNamespaces: { SNAPSHOTS: "snapshots" },
    bindings: Object.fromEntries(set),
    handleStructuredLogs: ({ message }) => front.hear(message),
  });
  front.worker = new Miniflare(options);
  front.url = await front.worker.ready;
  return front;
}

export class Front {
  /** What reached the shop. @type {Seen[]} */
  seen = [];
  /** What the Worker logged. @type {any[]} */
  log = [];
  /** @type {(() => void)[]} */
  #listeners = [];
  /** @type {Miniflare | undefined} */
  worker;
  /** @type {URL | undefined} */
  url;

  /** @param {import("node:http").Server} server @param {string} origin the shop's own address */
  constructor(server, origin) {
    this.server = server;
    this.origin = origin;
  }

  /** @param {Snapshot} snapshot @param {number} [generation] */
  async publish(snapshot, generation = 1) {
    const kv = /** @type {any} */ (await this.worker?.getKVNamespace("SNAPSHOTS"));
    const root = /** @type {const} */ ([`r/${snapshot.program}`, encodeRoot(snapshot, generation)]);
    for (const [key, bytes] of [...parts(snapshot), root]) await kv.put(key, exactBuffer(bytes));
  }

  /**
   * Sends a request as it is.
   *
   * @param {string} path
   * @param {object} [options]
   * @param {string} [options.method]
   * @param {Record<string, string>} [options.headers]
   * @param {string | Uint8Array} [options.body]
   * @param {string} [options.host]
   * @returns {Promise<Answer>}
   */
  async ask(path, { body, ...options } = {}) {
    const headers = { ...options.headers };
    if (body !== undefined) headers["content-length"] = String(Buffer.byteLength(body));
    return answerTo(this.open(path, { ...options, headers }).end(body));
  }

  /**
   * Begins a request whose body is still to come.
   *
   * @param {string} path
   * @param {{method?: string, headers?: Record<string, string>, host?: string}} [options]
   */
  open(path, { method = "GET", headers = {}, host = "shop.example" } = {}) {
    const { hostname, port } = /** @type {URL} */ (this.url);
    return request({ hostname, port, path, method, headers: { host, ...headers } });
  }

  /**
   * Goes to a page, as a browser does when somebody follows a link.
   *
   * @param {string} path
   * @param {Record<string, string>} [headers]
   */
  visit(path, headers = {}) {
    return this.ask(path, { headers: { ...VISIT, ...headers } });
  }

  /**
   * Goes to a page that names a partner, and hears what the Worker logs of it. Lines come by
   * another way than answers and may come later: whoever causes one hears it, or the next does.
   *
   * @param {string} path
   * @param {Record<string, string>} [headers]
   */
  async click(path, headers) {
    const answer = await this.visit(path, headers);
    return { ...answer, line: await this.said() };
  }

  /** The next line that the Worker logs, as soon as it does. @returns {Promise<any>} */
  async said() {
    while (this.log.length === 0) {
      await /** @type {Promise<void>} */ (new Promise((heard) => this.#listeners.push(heard)));
    }
    return this.log.shift();
  }

  /** @param {string} message */
  hear(message) {
    this.log.push(message.startsWith("{") ? JSON.parse(message) : message);
    for (const heard of this.#listeners.splice(0)) heard();
  }

  /** @param {IncomingMessage} request @param {ServerResponse} response */
  async see(request, response) {
    const { method = "", url: path = "" } = request;
    const headers = /** @type {Record<string, string>} */ (request.headers);
    this.seen.push({ method, path, headers, body: await bytesOf(request) });
    response.end("shop");
  }

  async close() {
    await this.worker?.dispose();
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

/**
 * The answer to a request, whole.
 *
 * @param {import("node:http").ClientRequest} sent
 * @returns {Promise<Answer>}
 */
export async function answerTo(sent) {
  const answer = await responseTo(sent);
  const { statusCode: status = 0, headers } = answer;
  return { status, headers, body: await bytesOf(answer) };
}

/**
 * The answer to a request, as soon as it begins.
 *
 * @param {import("node:http").ClientRequest} sent
 * @returns {Promise<IncomingMessage>}
 */
export function responseTo(sent) {
  return new Promise((resolve, reject) => sent.on("response", resolve).on("error", reject));
}

/** @param {IncomingMessage} message */
async function bytesOf(message) {
  const chunks = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
