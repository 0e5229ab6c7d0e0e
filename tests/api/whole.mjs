/**
 * Both Workers as they are deployed, with a programme in which there is one of everything, for a
 * program that asks them from outside.
 * @module
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { createTestHarness, unstable_readConfig } from "wrangler";

import { KEY } from "../edge/snapshots.mjs";

const root = new URL("../../", import.meta.url).pathname;
process.env.WRANGLER_SEND_METRICS = "false";
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";

/** Where the description of the interface is. */
export const DESCRIPTION = `${root}www/openapi.json`;

/**
 * @typedef {object} Operation
 * @property {string} id
 * @property {string} method in small letters
 * @property {string} path with its parts in braces
 * @property {{ name: string, in: string, required?: boolean }[]} parameters
 * @property {string} type of its body, where it takes one
 * @property {any} example a body, where it takes one
 * @property {Record<string, any>} responses by status
 */

/** Every operation that is described. @type {Operation[]} */
export const OPERATIONS = Object.entries(JSON.parse(readFileSync(DESCRIPTION, "utf8")).paths)
  .flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({
    id: operation.operationId, method, path, parameters: operation.parameters ?? [],
    ...bodyOf(operation.requestBody),
    responses: operation.responses,
  })));

/**
 * A body that could be sent, by the first of its media types.
 *
 * @param {any} body
 */
function bodyOf(body) {
  const [type, { example } = {}] = /** @type {[string, any][]} */ (
    Object.entries(body?.content ?? {}))[0] ?? ["application/json"];
  return { type, example };
}

/** The programme that 127.0.0.1 stands for. */
const PROGRAM = "1000";

/** Of somebody who may do everything, and asks for codes as a partner. */
export const TOKEN = "everything";

const TOKENS = JSON.stringify({
  [PROGRAM]: [{
    sha256: createHash("sha256").update(TOKEN).digest("hex"),
    scopes: ["admin", "credit", "force", "report", "request"],
    name: "Maria",
    partner: "ana",
  }],
});

const CUSTOMER_KEY = `pcu1_${"07".repeat(32)}`;

const code = { match_type: "exact", credit_policy: "always", owner: "ana" };

const CATALOG = {
  program: { id: PROGRAM, name: "Acme", currency: "USD", time_zone: "UTC", tracking: true },
  event_types: [{ id: "SALE", promo_codes: true }, { id: "LEAD" }],
  exception_lists: [{ id: "x1", name: "house", items: ["SAVE10"], rate_bps: 0 }],
  partners: ["ana", "ben"].map((id) => ({
    id, name: id, kind: "partner",
    contracts: [{
      id: "k1", event_types: ["SALE"], payout: { default: { rate_bps: 1000 } },
    }],
  })),
  deals: [{
    id: "d10", name: "10 % off", type: "general_sale", discount: { kind: "percent", bps: 1000 },
  }],
  codes: [
    { ...code, id: "c1", code: "SAVE10", deal: "d10" },
    { ...code, id: "c2", code: "CAPPED", max_redemptions: 1_000_000 },
    { ...code, id: "c3", code: "^(SUMMER).*", match_type: "regex" },
  ],
};

/** The two of them, on a port of their own. */
export class Whole {
  /** @param {ReturnType<typeof createTestHarness>} harness @param {string} url */
  constructor(harness, url) {
    this.harness = harness;
    this.url = url;
    /** Of a request that nobody has decided. */
    this.requestId = "";
    /** Of a bulk file that nobody has decided about. */
    this.uploadId = "";
  }

  /** Starts them with one of everything. */
  static async start() {
    const harness = createTestHarness({ root, workers: [shop(), desk()] });
    const { url } = await harness.listen();
    await harness.getWorker("promo-edge").applyD1Migrations("REPORTS");
    await harness.getWorker("promo-edge-admin").applyD1Migrations("CATALOG");
    const whole = new Whole(harness, `http://127.0.0.1:${url.port}`);
    await whole.ask("PUT", `/v1/programs/${PROGRAM}/catalog`, CATALOG);
    await whole.live();
    const credit = OPERATIONS.find(({ id }) => id === "credit");
    await whole.ask("POST", "/v1/credit", credit?.example);
    await whole.requestCode("ANA10");
    await whole.upload("WOODS0");
    return whole;
  }

  /** Asks for a code, as a partner: {@link requestId} is that request. @param {string} code */
  async requestCode(code) {
    const made = await this.ask("POST", `/v1/programs/${PROGRAM}/requests`, { codes: [code] });
    this.requestId = made.id;
  }

  /** Gives a bulk file of one code: {@link uploadId} is that file. @param {string} code */
  async upload(code) {
    const { example } = /** @type {Operation} */ (OPERATIONS.find(({ id }) => id === "upload"));
    const given = await this.ask("POST", `/v1/programs/${PROGRAM}/uploads?name=woods.csv`,
      example.replace("WOODS1", code));
    this.uploadId = given.id;
    const deadline = performance.now() + 20_000;
    while (performance.now() < deadline) {
      const { state } = await this.ask("GET", `/v1/programs/${PROGRAM}/uploads/${given.id}`);
      if (state === "previewed") return;
    }
    throw new Error("the file was not checked");
  }

  /**
   * A path with the names of what is there, or with one that is given for each.
   *
   * @param {string} path
   * @param {string} [part]
   */
  path(path, part) {
    /** @type {Record<string, string>} */
    const ids = {
      codes: "c1", deals: "d10", partners: "ana", "exception-lists": "x1",
      requests: this.requestId, uploads: this.uploadId,
    };
    const [, kind] = path.match(/\{program\}\/([^/]+)/) ?? [];
    /** @type {Record<string, string | undefined>} */
    const parts = { event_type: "SALE", order_id: "A1", cart_id: "cart", id: ids[kind] };
    return path.replace(/\{(\w+)\}/g, (_, name) =>
      name === "program" ? PROGRAM : part ?? parts[name] ?? "none");
  }

  /**
   * Asks as somebody who may.
   *
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async ask(method, path, body) {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const isRaw = body === undefined || typeof body === "string";
    const init = { method, headers, body: isRaw ? body : JSON.stringify(body) };
    const answer = await fetch(new URL(path, this.url), init);
    const said = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(said)}`);
    return said;
  }

  /** Waits until there is a snapshot to answer from. */
  async live() {
    const deadline = performance.now() + 20_000;
    while (performance.now() < deadline) {
      const { state } = await this.ask("GET", `/v1/programs/${PROGRAM}/snapshots`);
      if (state.live_revision === state.revision) return;
    }
    throw new Error("the catalogue was not published");
  }

  close() {
    return this.harness.close();
  }
}

/** The shoppers' Worker as deployed, without a limit to how often one address may ask. */
function shop() {
  const deployed = unstable_readConfig({ config: `${root}wrangler.toml` });
  const { assets, queues, services } = deployed;
  const vars = { ...deployed.vars, SNAPSHOT_KEY: KEY.reader, TOKENS, CUSTOMER_KEY };
  const pages = { ...assets, directory: `${root}www` };
  return { config: { ...common(deployed), assets: pages, queues, services, vars } };
}

function desk() {
  const deployed = unstable_readConfig({ config: `${root}wrangler.admin.toml` });
  return { config: { ...common(deployed), vars: { PROGRAM_KEY: KEY.text, TOKENS } } };
}

/**
 * What both have, as it is deployed.
 *
 * @param {any} deployed
 */
function common({ name, main, compatibility_date, d1_databases, durable_objects, migrations }) {
  const kv_namespaces = [{ binding: "SNAPSHOTS", id: "snapshots" }];
  const bound = { kv_namespaces, d1_databases, durable_objects, migrations };
  return { name, main, compatibility_date, ...bound };
}
