/**
 * What it costs to credit an order and to keep it: as a share of the rate at which a Worker of the
 * same SDK keeps as many bytes in an object of its own, and counted.
 * @module
 */

import { mkdirSync, mkdtempSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { buildSnapshot, encodeRoot, parts } from "../../tests/edge/snapshots.mjs";
import { CATALOG, MERCHANT, SETTINGS, order } from "../../tests/edge/ledger.mjs";
import { VARS } from "../../tests/edge/worker.mjs";
import { clockOf } from "../clock.mjs";
import { contest, ratio } from "../contest.mjs";
import { Load } from "../load.mjs";
import { information, judged, noted, short, times } from "../row.mjs";
import { openLedgerServer } from "../server.mjs";
import { estimate, shuffled } from "../statistics.mjs";
import { ledgerCosts } from "./ledger_costs.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */
/** @typedef {import("../load.mjs").Asked} Asked */
/** @typedef {import("../server.mjs").Server} Server */

const MUST = 0.7;
/**
 * A batch takes so many times longer than in other contests: entries go on their way together, and
 * the fewer there are, the more each costs.
 */
const BATCH_TIMES = 12;
/** Most orders of a batch: they wait in the outbox together. */
const COUNT_MAX = 1_000;
/** Orders of a round, one after another, whose times are taken. */
const TIMED = 200;
/** Capped codes that orders are spread over. */
const CODES = 16;
/** As good as no cap, so that every order is credited. */
const CAP = 1_000_000_000;
/** Longer than entries wait in an outbox. */
const REST_MS = 600;

const capped = Array.from({ length: CODES }, (_, index) => ({
  ...CATALOG.codes[0],
  id: `capped-${index}`,
  code: `CAPPED-${index}`,
  max_redemptions: CAP,
}));

/**
 * @typedef {object} Case
 * @property {string} id
 * @property {string} what
 * @property {number} objects
 * @property {string[]} codes that orders carry in turn
 * @property {number | null} must
 */

/** @type {Case[]} */
const CASES = [
  { id: "one", what: "uncapped, one object", objects: 1, codes: ["OPEN"], must: MUST },
  { id: "four", what: "uncapped, four objects", objects: 4, codes: ["OPEN"], must: MUST },
  { id: "hot", what: "one capped code", objects: 4, codes: ["CAPPED-0"], must: null },
  {
    id: "spread",
    what: `${CODES} capped codes`,
    objects: 4,
    codes: capped.map(({ code }) => code),
    must: null,
  },
];

/** @param {Context} context @returns {Promise<Row[]>} */
export async function ledgerRows(context) {
  const snapshot = writeSnapshot(context.folder);
  const rows = [];
  for (const one of CASES) rows.push(...(await caseRows(context, snapshot, one)));
  return [...rows, ...(await ledgerCosts())];
}

/** @param {string} folder @returns {string} where a Worker's KV reads the programme from */
function writeSnapshot(folder) {
  const catalog = { ...CATALOG, codes: [...CATALOG.codes, ...capped] };
  const snapshot = buildSnapshot(catalog);
  const out = path.join(folder, "ledger");
  rmSync(out, { recursive: true, force: true });
  for (const kind of ["m", "s"]) mkdirSync(path.join(out, kind), { recursive: true });
  for (const [key, bytes] of parts(snapshot)) writeFileSync(path.join(out, key), bytes);
  writeFileSync(path.join(out, "root"), encodeRoot(snapshot, 1));
  return out;
}

/** @param {Context} context @param {string} snapshot @param {Case} one @returns {Promise<Row[]>} */
async function caseRows({ folder, settings }, snapshot, one) {
  // In memory where there is such a file system: the disk's times are nobody's merit.
  const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const kept = mkdtempSync(path.join(memory, "promo-edge-bench-"));
  const vars = {
    ...VARS,
    ROOT_MAX_AGE_MS: "3600000",
    TOKENS: SETTINGS.TOKENS,
    ORDER_SHARDS: String(one.objects),
    // What is held is settled in the batch that held it.
    HOLD_TTL_MS: "500",
  };
  const server = await openLedgerServer({ folder, snapshot, settings: vars, kept });
  const load = new Load();
  try {
    const asking = await Asking.open(load, server, one);
    return [
      ...(await rateRows(settings, load, asking, one)),
      await timesRow(settings, load, asking, one),
    ];
  } finally {
    load.close();
    await server.close();
    rmSync(kept, { recursive: true, force: true });
  }
}

/** What is asked of both: orders that were never sent, and as many bytes to keep and to answer. */
class Asking {
  /** @param {Server["ports"]} ports @param {Case} one @param {number} size of an answer */
  constructor(ports, one, size) {
    this.ports = ports;
    this.one = one;
    this.size = size;
    this.count = 0;
  }

  /** @param {Load} load @param {Server} server @param {Case} one */
  static async open(load, { ports }, one) {
    const asking = new Asking(ports, one, 0);
    const answer = await load.ask(asking.ours());
    const { outcome, credited } = JSON.parse(answer);
    if (outcome !== "recorded" || credited?.partner !== "ana") throw new Error(answer);
    asking.size = Buffer.byteLength(answer);
    return asking;
  }

  /** @returns {Asked} */
  ours() {
    return { port: this.ports.ours, path: "/v1/credit", body: this.body(), headers: MERCHANT };
  }

  /** @returns {Asked} */
  baseline() {
    const object = this.count % this.one.objects;
    const path = `/${this.size}/object-${object}`;
    return { port: this.ports.baseline, path, body: this.body(), headers: MERCHANT };
  }

  body() {
    this.count += 1;
    const { codes } = this.one;
    const promo_codes = [codes[this.count % codes.length]];
    return JSON.stringify(order(`order-${this.count}`, { promo_codes, customer_id: "customer" }));
  }
}

/**
 * Waits until workerd has nothing left to do, such as to bring entries on their way: that belongs
 * to the orders that it is done for.
 *
 * @param {() => number} clock
 */
async function rest(clock) {
  const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await wait(REST_MS);
  for (let before = -Infinity; clock() - before > 1; ) {
    before = clock();
    await wait(REST_MS / 4);
  }
}

/**
 * The rate of ours as a share of the baseline's: by how long workerd was busy where the system says
 * so. What is done for an order after its answer counts, and is told apart.
 *
 * @param {Context["settings"]} settings
 * @param {Load} load
 * @param {Asking} asking
 * @param {Case} one
 * @returns {Promise<Row[]>}
 */
async function rateRows(settings, load, asking, one) {
  const { clock, kind } = clockOf("workerd");
  /** @type {number[]} */
  const answered = [];
  const send = async (/** @type {() => Asked} */ next, /** @type {number} */ count) => {
    const asked = Array.from({ length: count }, next);
    const started = clock();
    await load.send(asked, count, 0);
    return { started, took: clock() - started };
  };
  const contenders = {
    ours: async (/** @type {number} */ count) => {
      const { started, took } = await send(() => asking.ours(), count);
      answered.push((took / count) * 1e6);
      await rest(clock);
      return kind === "processor time" ? clock() - started : took;
    },
    baseline: async (/** @type {number} */ count) =>
      (await send(() => asking.baseline(), count)).took,
  };
  const longer = { ...settings, batch_ms: settings.batch_ms * BATCH_TIMES };
  const nanos = await contest(contenders, longer, COUNT_MAX);
  const note = `by ${kind}; ${asking.size} bytes an answer`;
  const whole = rateRow(one, nanos.ours, nanos.baseline, note);
  const { low } = whole.figures.share;
  // Those of the rounds: before them batches are tried that are not measured.
  const first = rateRow(one, answered.slice(-settings.rounds), nanos.baseline, note);
  const id = `ledger-answer-${one.id}`;
  const what = `the same until the answer, before entries go on their way, ${one.what}`;
  return [
    one.must === null
      ? information(whole)
      : judged({ ...whole, must: `>= ${one.must}` }, { value: low, atLeast: one.must }),
    information({ ...first, id, what }),
  ];
}

/**
 * @param {Case} one
 * @param {number[]} ours nanoseconds, by rounds
 * @param {number[]} baseline
 * @param {string} note
 */
function rateRow(one, ours, baseline, note) {
  const share = ratio(baseline, ours);
  const [mine, theirs] = [ours, baseline].map((each) => 1e9 / estimate(each).median);
  const row = {
    id: `ledger-rate-${one.id}`,
    what: `credits a second with the ledger on bare workerd, ${one.what}`,
    usual: "1: an object inserts as many bytes",
    measured: `${short(share.median)} (${short(share.low)} to ${short(share.high)})`,
    note: `${short(mine)} a second against ${short(theirs)}, this machine's, ${note}`,
    figures: { share, ours_ns: 1e9 / mine, baseline_ns: 1e9 / theirs },
  };
  return noted(row, share);
}

/**
 * How much longer one order takes than the baseline's insert, one after another: the middle one,
 * and the slowest of a hundred.
 *
 * @param {Context["settings"]} settings
 * @param {Load} load
 * @param {Asking} asking
 * @param {Case} one
 * @returns {Promise<Row>}
 */
async function timesRow(settings, load, asking, one) {
  const { clock } = clockOf("workerd");
  const askers = { ours: () => asking.ours(), baseline: () => asking.baseline() };
  /** @type {Record<"ours" | "baseline", {p50: number, p99: number}[]>} */
  const rounds = { ours: [], baseline: [] };
  for (let round = 0; round < settings.rounds; round += 1) {
    for (const name of shuffled(/** @type {const} */ (["ours", "baseline"]), settings.random)) {
      rounds[name].push(await percentiles(load, askers[name]));
      if (name === "ours") await rest(clock);
    }
  }
  const slower = (/** @type {"p50" | "p99"} */ which) =>
    estimate(rounds.ours.map((ours, round) => ours[which] / rounds.baseline[round][which]));
  const [p50, p99] = [slower("p50"), slower("p99")];
  const took = (/** @type {"p50" | "p99"} */ which) =>
    short(estimate(rounds.ours.map((round) => round[which])).median);
  const row = {
    id: `ledger-times-${one.id}`,
    what: `how much longer a credit takes than the insert, p50 / p99, ${one.what}`,
    usual: "1",
    measured: `${times(p50)} / ${times(p99)}`,
    note: `${took("p50")} / ${took("p99")} ms, one after another: this machine's`,
    figures: { p50, p99 },
  };
  return information(noted(row, p50));
}

/** @param {Load} load @param {() => Asked} next */
async function percentiles(load, next) {
  const took = [];
  for (let count = 0; count < TIMED; count += 1) {
    const asked = next();
    const started = performance.now();
    await load.ask(asked);
    took.push(performance.now() - started);
  }
  took.sort((a, b) => a - b);
  return { p50: took[Math.floor(TIMED * 0.5)], p99: took[Math.floor(TIMED * 0.99)] };
}
