/**
 * Decisions about orders: in workerd against a home-made table of codes, natively by the second and
 * by the instruction.
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";

import { hasCallgrind, instructionsOfEach } from "../callgrind.mjs";
import { contest, ratio } from "../contest.mjs";
import { ordersOf } from "../orders.mjs";
import { processorSeconds, rateOf } from "../processor.mjs";
import { NATIVE } from "../programs.mjs";
import { grouped, information, notMeasured, ratioInformation, short } from "../row.mjs";
import { estimate, seeded } from "../statistics.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */

const CODES = 100_000;
const PARTNERS = 1000;
/** What each partner earns and how old its clicks may be, as in the snapshot (native/decide.rs). */
const TERMS = { window_days: 30, rate_bps: 500 };
/** One order in so many has a code that nobody owns, and is credited by its clicks. */
const UNKNOWN_EVERY = 4;
/** The same orders on every run: others would take other numbers of instructions. */
const SEED = 1000;

/**
 * By clicks of an order: how many different orders there are, how often over a native process
 * decides them, and how many a batch in workerd has at most: as many as fit its memory.
 */
const SIZES = [
  { clicks: 0, orders: 1000, rounds: 200, most: 100_000 },
  { clicks: 10, orders: 1000, rounds: 100, most: 50_000 },
  { clicks: 1000, orders: 100, rounds: 20, most: 1000 },
];

/** Where a decision begins, in words. */
const FROM = { parsed: "from a parsed order", json: "from JSON bytes" };

/**
 * @typedef {object} Orders
 * @property {number} clicks
 * @property {string} words
 * @property {number} count
 * @property {number} rounds
 * @property {number} most
 * @property {string} file
 * @property {string} text one order a line
 */

/** @param {Context} context @returns {Promise<Row[]>} */
export async function decideRows(context) {
  const snapshot = `${context.folder}/programme.promo`;
  await context.native("programme", CODES, PARTNERS, snapshot);
  const codes = linesOf(await context.native("codes", "hit", 0, CODES));
  const sizes = await Promise.all(SIZES.map((size) => written(context, size, codes)));
  const arena = await context.arena();
  await arena.hold("decider", "decider", readFileSync(snapshot));
  await arena.hold("homemade", "homemade", JSON.stringify(homeMade(codes)));
  const rows = [];
  for (const size of sizes) {
    rows.push(...(await contestRows(context, arena, size)));
    rows.push(...(await nativeRows(context, snapshot, size)));
  }
  for (const name of ["decider", "homemade", "orders", "objects", "texts"]) await arena.drop(name);
  return rows;
}

/**
 * @param {Context} context
 * @param {typeof SIZES[number]} size
 * @param {string[]} codes
 * @returns {Promise<Orders>}
 */
async function written({ folder, native }, { clicks, orders: count, rounds, most }, codes) {
  const random = seeded(SEED + clicks);
  const unknown = linesOf(await native("codes", "miss", CODES, count));
  const typed = unknown.map((miss, index) =>
    index % UNKNOWN_EVERY === 0 ? miss : codes[Math.floor(random() * codes.length)],
  );
  const partners = Array.from({ length: PARTNERS }, (_, index) => `p${index}`);
  const lines = ordersOf({ count, clicks, codes: typed, partners, random });
  const text = lines.map((line) => `${line}\n`).join("");
  const file = `${folder}/orders-${clicks}.jsonl`;
  writeFileSync(file, text);
  const words = `order of ${grouped(clicks)} clicks`;
  return { clicks, words, count, rounds, most, file, text };
}

/** @param {Context} context @param {import("../arena.mjs").Arena} arena @param {Orders} orders */
async function contestRows({ settings }, arena, { clicks, words, text, most }) {
  await arena.hold("orders", "orders", text);
  await arena.hold("objects", "objects", text);
  await requireSameAnswers(arena, text);
  await arena.hold("corpus", "texts", text);
  const { random } = settings;
  const contenders = {
    parsed: [arena.repeater("decider", "decider"), arena.repeater("homemade", "homemade")],
    json: [
      arena.finder("decider", "decider", "texts", random),
      arena.finder("homemade", "homemade", "texts", random),
    ],
  };
  const rows = [];
  for (const from of /** @type {const} */ (["parsed", "json"])) {
    const [ours, homemade] = contenders[from];
    const nanos = await contest({ ours, homemade }, settings, most);
    const ours_ns = estimate(nanos.ours).median;
    const homemade_ns = estimate(nanos.homemade).median;
    const row = {
      id: `decide-${from}-${clicks}`,
      what: `decision in workerd, ${words}, ${FROM[from]}`,
      usual: "1x: home-made table, no reasons, no trace",
      note: `${short(1e9 / ours_ns)} a second against ${short(1e9 / homemade_ns)}: this machine's`,
      figures: { ours_ns, homemade_ns },
    };
    const won = ratio(nanos.homemade, nanos.ours);
    rows.push(ratioInformation(row, won));
  }
  return rows;
}

/**
 * @param {Context} context
 * @param {string} snapshot
 * @param {Orders} orders
 * @returns {Promise<Row[]>}
 */
async function nativeRows({ quick }, snapshot, { clicks, words, count, rounds, file }) {
  const rows = [];
  const many = quick ? Math.ceil(rounds / 10) : rounds;
  for (const [from, begin] of Object.entries(FROM)) {
    const args = (/** @type {number} */ times) => ["decide", from, snapshot, file, times];
    const rate = await rateOf(async () => {
      const few = await processorSeconds(NATIVE, args(1));
      return (await processorSeconds(NATIVE, args(1 + many))) - few;
    }, count * many);
    rows.push(
      information({
        id: `decide-native-${from}-${clicks}`,
        what: `decisions a second and core, natively, ${words}, ${begin}`,
        usual: "",
        measured: short(rate),
        note: "processor time of this machine, not a ratio",
        figures: { rate },
      }),
      await instructionsRow(args, { count, id: `${from}-${clicks}`, what: `${words}, ${begin}` }),
    );
  }
  return rows;
}

/**
 * @param {(rounds: number) => (string | number)[]} args
 * @param {{count: number, id: string, what: string}} of
 * @returns {Promise<Row>}
 */
async function instructionsRow(args, { count, id, what }) {
  const row = {
    id: `decide-instructions-${id}`,
    what: `instructions a decision, ${what}`,
    usual: "",
    must: "",
  };
  if (!(await hasCallgrind())) return notMeasured(row, "install valgrind");
  const instructions = await instructionsOfEach(args, count, 3);
  return information({ ...row, measured: grouped(instructions), figures: { instructions } });
}

/**
 * The table that a shop would keep.
 *
 * @param {string[]} codes
 * @returns {import("../workerd/homemade.mjs").Table}
 */
function homeMade(codes) {
  const owned = codes.map((code, serial) => {
    const facts = { id: `c${serial}`, owner: `p${serial % PARTNERS}` };
    return /** @type {const} */ ([code.toLowerCase(), facts]);
  });
  const partners = Array.from({ length: PARTNERS }, (_, index) => [`p${index}`, TERMS]);
  return { codes: Object.fromEntries(owned), partners: Object.fromEntries(partners) };
}

/**
 * The two work differently and must credit the same partner, on the same basis, with as much.
 *
 * @param {import("../arena.mjs").Arena} arena
 * @param {string} text
 */
async function requireSameAnswers(arena, text) {
  const expected = await arena.answers("homemade", "homemade", text);
  for (const kind of ["decider", "decider-parsed"]) {
    const got = await arena.answers(kind, "decider", text);
    const wrong = expected.findIndex((answer, index) => `${answer}` !== `${got[index]}`);
    if (wrong < 0) continue;
    throw new Error(`the table says ${expected[wrong]}, ${kind} says ${got[wrong]}`);
  }
}

/** @param {string} text */
function linesOf(text) {
  return text.trimEnd().split("\n");
}
