/**
 * The Worker on workerd, for tests: its own settings, its own KV, nothing but loopback.
 * @module
 */

import { createTestHarness, unstable_readConfig } from "wrangler";

import { KEY, encodeRoot, parts } from "./snapshots.mjs";

/** @typedef {import("./snapshots.mjs").Snapshot} Snapshot */

const root = new URL("../../", import.meta.url).pathname;
process.env.WRANGLER_SEND_METRICS = "false";
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";

/** Of customers' names. */
const CUSTOMER_KEY = `pcu1_${"07".repeat(32)}`;

/** What most tests share: one program, and a root that is looked at after every request. */
export const VARS = {
  PROGRAM: "1000", SNAPSHOT_KEY: KEY.reader, ROOT_MAX_AGE_MS: "0", CUSTOMER_KEY,
};

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {any} body parsed when it is JSON
 */

/**
 * Starts a Worker. Settings of `null` are left out.
 *
 * @param {object} [options]
 * @param {Record<string, string | null>} [options.vars]
 * @param {string} [options.main]
 * @param {number} [options.rateLimit] requests a minute; none by default
 * @param {Record<string, string>} [options.callers] other Workers that are bound to it: the
 *   compatibility date of each, by name
 * @param {Record<string, Record<string, string>>} [options.twins] the same Worker over the same
 *   storage with other settings, by name
 * @param {string[]} [options.neighbours] settings of other Workers, which may be bound to it
 * @param {boolean} [options.hasLedger] whether anybody counts uses
 */
export async function startWorker({
  vars = {},
  main = "build/worker/index.js",
  rateLimit,
  callers = {},
  twins = {},
  neighbours = [],
  hasLedger = true,
} = {}) {
  const deployed = unstable_readConfig({ config: `${root}wrangler.toml` });
  const { compatibility_date, durable_objects, migrations, queues, d1_databases } = deployed;
  const set = Object.entries({ ...VARS, ...vars }).filter(([, value]) => value !== null);
  const config = {
    name: "promo-edge",
    main: `${root}${main}`,
    compatibility_date,
    kv_namespaces: [{ binding: "SNAPSHOTS", id: "snapshots" }],
    vars: Object.fromEntries(set),
  };
  const ledger = hasLedger ? { durable_objects, migrations, queues, d1_databases } : {};
  const twin = (/** @type {[string, Record<string, string>]} */ [name, more]) => {
    const lent = durable_objects.bindings.map((/** @type {any} */ bound) => ({
      ...bound, script_name: config.name,
    }));
    const vars = { ...config.vars, ...more };
    return { config: { ...config, name, durable_objects: { bindings: lent }, vars } };
  };
  const limits = rateLimit
    ? [{ name: "RATE_LIMIT", namespace_id: "1", simple: { limit: rateLimit, period: 60 } }]
    : [];
  const harness = createTestHarness({
    root,
    workers: [
      { config: { ...config, ...ledger, ratelimits: limits } },
      ...Object.entries(twins).map(twin),
      ...Object.entries(callers).map(([name, date]) => caller(name, date)),
      ...neighbours.map((configPath) => ({ configPath })),
    ],
  });
  return listen(harness);
}

/** @param {string} name @param {string} compatibility_date */
function caller(name, compatibility_date) {
  const main = `${root}tests/edge/caller.js`;
  const services = [{ binding: "PROMO", service: "promo-edge" }];
  return { config: { name, main, compatibility_date, services } };
}

/**
 * Starts the Worker as it is deployed: with the bindings and pages that wrangler.toml names.
 *
 * @param {Record<string, string>} [more] secrets
 */
export function startDeployed(more = {}) {
  const secrets = { SNAPSHOT_KEY: KEY.reader, ...more };
  const desk = { configPath: `${root}wrangler.admin.toml`, secrets: { PROGRAM_KEY: KEY.text } };
  return listen(
    createTestHarness({ root, workers: [{ configPath: `${root}wrangler.toml`, secrets }, desk] }),
  );
}

/** @param {ReturnType<typeof createTestHarness>} harness */
async function listen(harness) {
  const { url } = await harness.listen();
  const running = harness.getWorker();
  const { SNAPSHOTS: kv, REPORTS } = await running.getEnv();
  if (REPORTS) await running.applyD1Migrations("REPORTS");
  return new Worker(harness, kv, await running.getExport(), url.origin);
}

export class Worker {
  /**
   * @param {ReturnType<typeof createTestHarness>} harness
   * @param {any} kv
   * @param {any} product what the main module exports, to be called
   * @param {string} url where other programs reach it
   */
  constructor(harness, kv, product, url) {
    this.harness = harness;
    this.kv = kv;
    this.product = product;
    this.url = url;
  }

  /**
   * @param {string} path or an absolute URL, whose host the Worker sees
   * @param {RequestInit} [init]
   * @returns {Promise<Answer>}
   */
  async fetch(path, init) {
    const url = new URL(path, "http://shop.example");
    return read(await this.harness.fetch(url, /** @type {any} */ (init)));
  }

  /**
   * Posts to the Worker of that name.
   *
   * @param {string} name
   * @param {string} path
   * @param {object} body
   * @param {Record<string, string>} headers
   */
  async ask(name, path, body, headers) {
    const url = new URL(path, "http://shop.example");
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return read(await this.harness.getWorker(name).fetch(url, /** @type {any} */ (init)));
  }

  /**
   * @param {object | string} request
   * @param {Record<string, string>} [headers]
   * @param {string} [host]
   */
  async validate(request, headers = {}, host = "shop.example") {
    const body = typeof request === "string" ? request : JSON.stringify(request);
    const all = { "content-type": "application/json", ...headers };
    return this.fetch(`http://${host}/v1/validate`, { method: "POST", headers: all, body });
  }

  /**
   * Has another Worker call a method of ours.
   *
   * @param {string} caller
   * @param {string} method
   * @param {any[]} args
   * @returns {Promise<{answer?: any, message?: string, problem?: any}>}
   */
  async call(caller, method, ...args) {
    const body = JSON.stringify({ method, args });
    const url = "http://caller.example/";
    const response = await this.harness.getWorker(caller).fetch(url, { method: "POST", body });
    return /** @type {any} */ (response.json());
  }

  /**
   * @param {object | string} order
   * @param {Record<string, string>} [headers]
   * @param {string} [host]
   */
  async credit(order, headers = {}, host = "shop.example") {
    const body = typeof order === "string" ? order : JSON.stringify(order);
    const all = { "content-type": "application/json", ...headers };
    return this.fetch(`http://${host}/v1/credit?dry_run=1`, { method: "POST", headers: all, body });
  }

  /**
   * Has an order decided and recorded.
   *
   * @param {object} order
   * @param {Record<string, string>} headers
   */
  async record(order, headers) {
    return this.post("/v1/credit", order, headers);
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {Record<string, string>} headers
   */
  async post(path, body, headers) {
    const all = { "content-type": "application/json", ...headers };
    return this.fetch(path, { method: "POST", headers: all, body: JSON.stringify(body) });
  }

  /**
   * Rows of the reports' database.
   *
   * @param {string} query
   * @param {...any} values
   * @returns {Promise<any[]>}
   */
  async report(query, ...values) {
    const { REPORTS } = await this.harness.getWorker().getEnv();
    return (await REPORTS.prepare(query).bind(...values).all()).results;
  }

  /**
   * Rows of an object's own storage.
   *
   * @param {"ORDERS" | "CAPS"} kind
   * @param {string} name
   * @param {string} query
   * @param {...any} values
   * @returns {Promise<any[]>}
   */
  async stored(kind, name, query, ...values) {
    const storage = await this.harness.getWorker().getDurableObjectStorage(kind, { name });
    return storage.exec(query, ...values);
  }

  /** @param {Map<string, Uint8Array>} objects by key */
  async put(objects) {
    for (const [key, bytes] of objects) await this.kv.put(key, exactBuffer(bytes));
  }

  /** @param {Snapshot} snapshot @param {number} [generation] */
  async publish(snapshot, generation = 1) {
    await this.put(parts(snapshot));
    await this.putRoot(snapshot.program, encodeRoot(snapshot, generation));
  }

  /** @param {string} program @param {Uint8Array} bytes */
  async putRoot(program, bytes) {
    await this.kv.put(`r/${program}`, exactBuffer(bytes));
  }

  close() {
    return this.harness.close();
  }
}

/** @param {any} response @returns {Promise<Answer>} */
async function read(response) {
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const body = isJson ? JSON.parse(bytes.toString()) : bytes;
  return { status: response.status, headers: response.headers, body };
}

/**
 * Only the bytes themselves: a small Buffer of Node's shares its memory with others.
 *
 * @param {Uint8Array} bytes
 */
export function exactBuffer(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
