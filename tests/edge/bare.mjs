/**
 * The Worker on a bare Miniflare: nothing between it and the tests, so that it takes a load, and
 * all that it keeps in a folder, which may outlive it.
 * @module
 */

import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { unstable_readConfig, unstable_splitSqlQuery } from "wrangler";

import { CATALOG, MERCHANT, SETTINGS, eventually } from "./ledger.mjs";
import { buildSnapshot, encodeRoot, parts } from "./snapshots.mjs";
import { VARS, exactBuffer } from "./worker.mjs";

const root = new URL("../../", import.meta.url).pathname;
const NAME = "promo-edge";
const MAIN = "tests/edge/watched.js";
const PRODUCT = ["build/worker/index.js", "build/worker/index_bg.wasm"];

/** Most requests that are under way at once; the others wait for a connection. */
const CONNECTIONS = 256;

const TABLES = "SELECT COUNT(*) AS tables FROM sqlite_schema WHERE name IN ('entries', 'uses')";

/** The objects of a kind, by the settings that are left out. */
export const OBJECTS = [0, 1, 2, 3].map((index) => `1000/4/${index}`);

/** @typedef {{status: number, body: any}} Answer */

/** @typedef {{maxBatchSize: number, maxBatchTimeout: number, maxRetries: number,
 *   retryDelay: number, deadLetterQueue: string}} Consumer */

/**
 * @typedef {object} Options
 * @property {string} folder where everything is kept
 * @property {Record<string, string>} [vars]
 * @property {string} [main] a module that wraps the product
 * @property {Partial<Consumer>} [consumer] how queues are consumed otherwise than deployed
 * @property {boolean} [isReadingDeadLetters] consumes what queues give up, too
 */

/**
 * A new folder for what a Worker keeps: in memory where there is such a file system, since every
 * write of an object waits for the disk, and killing a process loses nothing of either.
 */
export function newFolder() {
  return mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "promo-edge-"));
}

export class Bare {
  /** @param {Miniflare} miniflare @param {Client} client @param {string | null} folder */
  constructor(miniflare, client, folder) {
    this.miniflare = miniflare;
    this.client = client;
    this.folder = folder;
  }

  /** Starts a Worker on a folder that is there. @param {Options} options */
  static async on(options) {
    const miniflare = new Miniflare(optionsOf(options));
    return new Bare(miniflare, new Client(await miniflare.ready), null);
  }

  /**
   * Starts a Worker on a new folder, which goes with it, with the programme of the ledger's tests.
   *
   * @param {Omit<Options, "folder">} [options]
   */
  static async start(options = {}) {
    const folder = newFolder();
    const { miniflare, client } = await Bare.on({ ...options, folder });
    const started = new Bare(miniflare, client, folder);
    await started.prepare();
    return started;
  }

  /** Makes the tables of the reports and publishes. */
  async prepare() {
    const reports = await this.miniflare.getD1Database("REPORTS");
    for (const file of readdirSync(`${root}migrations/reports`).sort()) {
      const text = readFileSync(`${root}migrations/reports/${file}`, "utf8");
      const statements = unstable_splitSqlQuery(text);
      for (const statement of statements) await reports.prepare(statement).run();
    }
    const kv = /** @type {any} */ (await this.miniflare.getKVNamespace("SNAPSHOTS"));
    const snapshot = buildSnapshot(CATALOG);
    const objects = new Map([...parts(snapshot), ["r/1000", encodeRoot(snapshot, 1)]]);
    for (const [key, bytes] of objects) await kv.put(key, exactBuffer(bytes));
  }

  /** @param {string} path @param {unknown} body */
  post(path, body) {
    return this.client.ask("POST", path, body);
  }

  /** @param {object} order */
  record(order) {
    return this.post("/v1/credit", order);
  }

  /**
   * Rows of the reports' database.
   *
   * @param {string} query
   * @returns {Promise<any[]>}
   */
  async report(query) {
    const reports = await this.miniflare.getD1Database("REPORTS");
    return (await reports.prepare(query).all()).results;
  }

  /**
   * Rows of all objects of a kind.
   *
   * @param {"OrderObject" | "CapObject"} kind
   * @param {string} query
   * @returns {Promise<any[]>}
   */
  async stored(kind, query) {
    const rows = [];
    for (const name of OBJECTS) {
      const storage = await this.miniflare.unsafeGetDurableObjectStorage(NAME, kind, { name });
      const [{ tables }] = await storage.exec(TABLES);
      // One that was never asked has none.
      if (tables !== 0) rows.push(...(await storage.exec(query)));
    }
    return rows;
  }

  /**
   * Has objects of a kind forget all that they have not written.
   *
   * @param {"OrderObject" | "CapObject"} kind
   */
  async evict(kind) {
    // Only those that are up can be; to be looked into brings them up.
    await this.stored(kind, "SELECT 1");
    for (const name of OBJECTS) await this.miniflare.unsafeEvictDurableObject(NAME, kind, { name });
  }

  /**
   * When the alarms of the objects go off, as a main module that answers `/test/alarm-at` says.
   *
   * @param {"ORDERS" | "CAPS"} kind
   * @returns {Promise<(number | null)[]>}
   */
  async alarms(kind) {
    const at = (/** @type {string} */ name) =>
      this.client.ask("GET", `/test/alarm-at?kind=${kind}&name=${encodeURIComponent(name)}`);
    return (await Promise.all(OBJECTS.map(at))).map(({ body }) => body);
  }

  /** Waits until every entry has arrived. */
  async delivered() {
    const waiting = () => this.stored("OrderObject", "SELECT 1 FROM outbox");
    await eventually(waiting, (rows) => rows.length === 0);
  }

  /** Waits until nothing is left to do, now or later. */
  async idle() {
    await this.delivered();
    const held = () => this.stored("CapObject", "SELECT 1 FROM uses WHERE expires_at IS NOT NULL");
    await eventually(held, (rows) => rows.length === 0);
    for (const kind of /** @type {const} */ (["ORDERS", "CAPS"])) {
      await eventually(() => this.alarms(kind), (all) => all.every((at) => at === null));
    }
  }

  async close() {
    this.client.close();
    await this.miniflare.dispose();
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Requests over connections that stay open. */
export class Client {
  /** @param {URL} url */
  constructor(url) {
    this.url = url;
    // A connection that has lain idle may be closed by the other end at any moment.
    this.agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, timeout: 2_000 });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<Answer>}
   */
  ask(method, path, body) {
    const text = body === undefined ? "" : JSON.stringify(body);
    const size = { "content-length": Buffer.byteLength(text) };
    const headers = { ...MERCHANT, "content-type": "application/json", ...size };
    const options = { agent: this.agent, method, headers };
    return new Promise((resolve, reject) => {
      const sending = request(new URL(path, this.url), options, (response) => {
        let answer = "";
        response.setEncoding("utf8").on("data", (part) => (answer += part));
        response.on("error", reject).on("end", () => {
          const isJson = /json/.test(response.headers["content-type"] ?? "");
          const status = response.statusCode ?? 0;
          resolve({ status, body: isJson ? JSON.parse(answer) : answer });
        });
      });
      sending.on("error", reject).end(text);
    });
  }

  close() {
    this.agent.destroy();
  }
}

/** @param {Options} options */
function optionsOf({ folder, vars = {}, main = MAIN, consumer = {}, isReadingDeadLetters }) {
  /** @type {any} */
  const deployed = unstable_readConfig({ config: `${root}wrangler.toml` });
  /** @type {{producers: any[], consumers: any[]}} */
  const { producers, consumers } = deployed.queues;
  const { TOKENS } = SETTINGS;
  const files = [main, ...PRODUCT];
  const options = convertV4MiniflareOptions({
    name: NAME,
    modules: files.map((file) => ({
      type: file.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
      path: root + file,
    })),
    modulesRoot: root,
    compatibilityDate: deployed.compatibility_date,
    cf: false,
    // A root is looked at once: no load changes it.
    bindings: { ...VARS, TOKENS, ROOT_MAX_AGE_MS: "3600000", ...vars },
    kvNamespaces: { SNAPSHOTS: "snapshots" },
    d1Databases: { REPORTS: "reports" },
    durableObjects: {
      ORDERS: { className: "OrderObject", useSQLite: true },
      CAPS: { className: "CapObject", useSQLite: true },
    },
    queueProducers: Object.fromEntries(producers.map(({ binding, queue }) => [binding, queue])),
    queueConsumers: {
      ...Object.fromEntries(consumers.map((it) => [it.queue, { ...consumerOf(it), ...consumer }])),
      ...(isReadingDeadLetters ? { "promo-edge-dead-letters": { maxBatchTimeout: 0 } } : {}),
    },
    unsafeInspectDurableObjects: true,
  });
  return { ...options, resourcePersistencePath: folder };
}

/** @param {any} deployed */
function consumerOf(deployed) {
  return {
    maxBatchSize: deployed.max_batch_size,
    maxBatchTimeout: deployed.max_batch_timeout,
    maxRetries: deployed.max_retries,
    retryDelay: deployed.retry_delay,
    deadLetterQueue: deployed.dead_letter_queue,
  };
}
