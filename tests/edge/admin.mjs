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

/** @typedef {{status: number, headers: Headers, body: any}} Answer */

/** Both Workers, with a catalogue. */
export class Desk {
  /** @param {ReturnType<typeof createTestHarness>} harness @param {any} database */
  constructor(harness, database) {
    this.harness = harness;
    this.database = database;
  }

  /** Starts both, with an empty database. */
  static async open() {
    const harness = createTestHarness({ root, workers: [shop(), desk()] });
    await harness.listen();
    const running = harness.getWorker("promo-edge-admin");
    await running.applyD1Migrations("CATALOG");
    return new Desk(harness, (await running.getEnv()).CATALOG);
  }

  /** Starts both, with {@link CATALOG}. @param {object} [catalog] */
  static async start(catalog = CATALOG) {
    const desk = await Desk.open();
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
    const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
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
  const vars = { PROGRAM, SNAPSHOT_KEY: KEY.reader, ROOT_MAX_AGE_MS: "0" };
  return { config: { name, main, compatibility_date, services, kv_namespaces, vars } };
}

/** The Worker that keeps the catalogue, as it is deployed. */
function desk() {
  const deployed = unstable_readConfig({ config: `${root}wrangler.admin.toml` });
  const { name, compatibility_date, d1_databases, durable_objects, migrations } = deployed;
  const bound = { d1_databases, durable_objects, migrations };
  const main = `${root}build/admin/index.js`;
  const kv_namespaces = [{ binding: "SNAPSHOTS", id: "snapshots" }];
  const vars = { TOKENS: JSON.stringify(TOKENS), PROGRAM_KEY: KEY.text };
  return { config: { name, main, compatibility_date, kv_namespaces, ...bound, vars } };
}
