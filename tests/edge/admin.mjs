/**
 * The Worker that keeps the catalogue, behind the shoppers' one, on workerd and D1.
 * @module
 */

import { createHash } from "node:crypto";

import { createTestHarness, unstable_readConfig } from "wrangler";

import { KEY } from "./snapshots.mjs";

const root = new URL("../../", import.meta.url).pathname;
const PROGRAM = "1000";

/** @param {string} text @param {string[]} scopes @param {object} [more] */
const token = (text, scopes, more = {}) => ({
  sha256: createHash("sha256").update(text).digest("hex"), scopes, ...more,
});

const TOKENS = {
  [PROGRAM]: [
    token("maria", ["admin"], { name: "Maria" }),
    token("otto", ["admin"], { name: "Otto" }),
    token("ana", ["request"], { name: "Ana", partner: "ana" }),
    token("ben", ["request"], { partner: "ben" }),
    token("ghost", ["request"], { partner: "ghost" }),
    token("nobody", ["request"]),
    token("till", ["credit"]),
  ],
  1001: [token("maria", ["admin"], { name: "Maria" })],
};

/** How the Worker that keeps the catalogue is set. */
export const DESK_VARS = { TOKENS: JSON.stringify(TOKENS), PROGRAM_KEY: KEY.text };

/** Of 100 codes' lists; everything that a test of the catalogue begins with. */
export const CATALOG = {
  program: {
    id: PROGRAM, name: "Acme", currency: "USD", time_zone: "America/Los_Angeles", tracking: true,
  },
  event_types: [{ id: "SALE", promo_codes: true }, { id: "LEAD" }],
  partners: ["ana", "ben", "cara"].map((id) => ({
    id, name: id, kind: "partner", contracts: [{ id: "k1", event_types: ["SALE"] }],
  })),
  deals: [{
    id: "d10", name: "10 % off", type: "general_sale", discount: { kind: "percent", bps: 1000 },
  }],
  codes: [{
    id: "c1", code: "SAVE10", match_type: "exact", credit_policy: "always", owner: "ana",
    deal: "d10", created_at: "2026-01-01T00:00:00Z",
  }],
  exception_lists: [{ id: "x1", name: "house", items: ["SAVE10"], rate_bps: 0 }],
};

/** How long to wait for what comes by itself: a fold takes a while where much else is going on. */
export const UNTIL_MS = 120_000;

/** @typedef {{status: number, headers: Headers, body: any}} Answer */

/** Both Workers, with a catalogue. */
export class Desk {
  /**
   * @param {ReturnType<typeof createTestHarness>} harness
   * @param {any} database
   * @param {any} snapshots the KV namespace
   */
  constructor(harness, database, snapshots) {
    this.harness = harness;
    this.database = database;
    this.snapshots = snapshots;
  }

  /** Starts both, with an empty database. @param {Record<string, string>} [vars] */
  static async open(vars = {}) {
    const harness = createTestHarness({ root, workers: [shop(), desk(vars)] });
    await harness.listen();
    const running = harness.getWorker("promo-edge-admin");
    await running.applyD1Migrations("CATALOG");
    const { CATALOG, SNAPSHOTS } = await running.getEnv();
    return new Desk(harness, CATALOG, SNAPSHOTS);
  }

  /**
   * Starts both, with {@link CATALOG}.
   *
   * @param {object} [catalog]
   * @param {Record<string, string>} [vars] more settings
   */
  static async start(catalog = CATALOG, vars = {}) {
    const desk = await Desk.open(vars);
    const { status, body } = await desk.ask("PUT", "/catalog", catalog);
    if (status !== 201) throw new Error(`the catalogue was not taken: ${JSON.stringify(body)}`);
    return desk;
  }

  /**
   * Asks about the programme.
   *
   * @param {string} method
   * @param {string} path below the programme's
   * @param {unknown} [body]
   * @param {string | null} [who] whose token
   * @returns {Promise<Answer>}
   */
  ask(method, path, body, who = "maria") {
    return this.fetch(method, `/v1/programs/${PROGRAM}${path}`, body, who);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {string | null} [who]
   * @returns {Promise<Answer>}
   */
  async fetch(method, path, body, who = "maria") {
    /** @type {Record<string, string>} */
    const headers = who === null ? {} : { authorization: `Bearer ${who}` };
    const isRaw = typeof body === "string" || body instanceof Uint8Array || body === undefined;
    const text = isRaw ? body : JSON.stringify(body);
    const url = new URL(path, "http://shop.example");
    const answer = await this.harness.fetch(url, /** @type {any} */ ({
      method, headers, body: text,
    }));
    const said = await answer.text();
    const isJson = /json/.test(answer.headers.get("content-type") ?? "");
    const parsed = isJson && said !== "" ? JSON.parse(said) : said;
    return { status: answer.status, headers: /** @type {any} */ (answer.headers), body: parsed };
  }

  /**
   * Rows of the database.
   *
   * @param {string} query
   * @param {...any} values
   * @returns {Promise<any[]>}
   */
  async rows(query, ...values) {
    return (await this.database.prepare(query).bind(...values).all()).results;
  }

  /**
   * Creates a code and hands it back.
   *
   * @param {string} code
   * @param {object} [more]
   */
  async code(code, more = {}) {
    const own = { match_type: "exact", credit_policy: "always", owner: "ana" };
    const { status, body } = await this.ask("POST", "/codes", { code, ...own, ...more });
    if (status !== 201) throw new Error(`${code} was not created: ${JSON.stringify(body)}`);
    return body;
  }

  /**
   * What KV has by a key.
   *
   * @param {string} key
   * @returns {Promise<Buffer | null>}
   */
  async object(key) {
    const bytes = await this.snapshots.get(key, "arrayBuffer");
    return bytes === null ? null : Buffer.from(bytes);
  }

  /**
   * Waits until what readers see is what the catalogue says; hands over the publications.
   *
   * @returns {Promise<any[]>}
   */
  live() {
    return this.until(async () => {
      const { state, items } = (await this.ask("GET", "/snapshots")).body;
      if (state.trouble) throw new Error(state.trouble);
      return state.live_revision === state.revision && items;
    });
  }

  /** Asks until a shopper hears this of a code. @param {string} code @param {string} expected */
  async answers(code, expected) {
    let said = "";
    await this.until(async () => {
      const { body } = await this.fetch("POST", "/v1/validate", { code }, null);
      said = body.valid ? "valid" : body.reason ?? JSON.stringify(body);
      return said === expected;
    }, () => `${code}: expected ${expected}, heard ${said}`);
  }

  /**
   * Looks until there is something.
   *
   * @template T
   * @param {() => Promise<T | false | null>} look
   * @param {() => string} [otherwise]
   * @returns {Promise<T>}
   */
  async until(look, otherwise = () => "it did not come to that") {
    const deadline = performance.now() + UNTIL_MS;
    while (performance.now() < deadline) {
      const found = await look();
      if (found) return found;
    }
    throw new Error(otherwise());
  }

  close() {
    return this.harness.close();
  }
}

/** The shoppers' Worker, with nothing but what it hands requests on by. */
function shop() {
  const { name, compatibility_date, services } = unstable_readConfig({
    config: `${root}wrangler.toml`,
  });
  const main = `${root}build/worker/index.js`;
  const kv_namespaces = [{ binding: "SNAPSHOTS", id: "snapshots" }];
  const { TOKENS } = DESK_VARS;
  const vars = { PROGRAM, TOKENS, SNAPSHOT_KEY: KEY.reader, ROOT_MAX_AGE_MS: "0" };
  return { config: { name, main, compatibility_date, services, kv_namespaces, vars } };
}

/**
 * The Worker that keeps the catalogue, as it is deployed.
 *
 * @param {Record<string, string>} [more] settings
 */
function desk(more = {}) {
  const deployed = unstable_readConfig({ config: `${root}wrangler.admin.toml` });
  const { name, compatibility_date, d1_databases, durable_objects, migrations } = deployed;
  const bound = { d1_databases, durable_objects, migrations };
  const main = `${root}build/admin/index.js`;
  const kv_namespaces = [{ binding: "SNAPSHOTS", id: "snapshots" }];
  const vars = { ...DESK_VARS, ...more };
  return { config: { name, main, compatibility_date, kv_namespaces, ...bound, vars } };
}
