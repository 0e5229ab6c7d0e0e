/**
 * Five hundred patterns against the loop over compiled regular expressions that is the usual way.
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";

import { hasCallgrind, instructionsOfEach } from "../callgrind.mjs";
import { contest, ratio } from "../contest.mjs";
import { grouped, information, notMeasured, ratioInformation, ratioRow } from "../row.mjs";
import { estimate, seeded } from "../statistics.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */

const PATTERNS = 500;
/** One in so many matches by how a text ends. */
const SUFFIX_EVERY = 10;
const TEXTS = 5_000;
/** The same patterns on every run: another set would have other bytes. */
const SEED = 500;
/**
 * What a text of each kind is called, and how many times faster it must be. Texts that are one
 * symbol off keep both sides busy for most of their length; no target was set for them.
 *
 * @type {Record<string, {words: string, must?: number}>}
 */
const KINDS = {
  hit: { words: "hit", must: 6 },
  miss: { words: "miss", must: 40 },
  near: { words: "one symbol off" },
};

/**
 * A pattern and how to spell a code that it matches. `{n}` stands for a name, `#` for a digit and
 * `@` for a letter or a digit.
 *
 * @typedef {{pattern: string, code: string}} Shape
 */

/**
 * Shapes that marketers ask for: a partner's name with a number, a season, an episode.
 *
 * @type {Shape[]}
 */
const BY_BEGINNING = [
  { pattern: "{n}[0-9]{2}", code: "{n}##" },
  { pattern: "{n}-[A-Z0-9]{4,6}", code: "{n}-@@@@@" },
  { pattern: "{n}(10|15|20|25)", code: "{n}15" },
  { pattern: "(?i){n}(ep)?[0-9]{1,3}", code: "{n}ep#" },
  { pattern: "SUMMER-?{n}[0-9]*", code: "SUMMER-{n}###" },
];
/** @type {Shape[]} */
const BY_ENDING = [
  { pattern: "[A-Z0-9]{2,8}-{n}", code: "@@@@-{n}" },
  { pattern: ".*{n}20", code: "@@@{n}20" },
];

/** @param {Context} context @returns {Promise<Row[]>} */
export async function patternRows(context) {
  const made = fiveHundred();
  const patterns = `${context.folder}/patterns.txt`;
  const file = `${context.folder}/patterns.promo`;
  writeFileSync(patterns, made.map(({ pattern }) => `${pattern}\n`).join(""));
  const compiled = await context.native("snapshot", 1, file, patterns);
  const arena = await context.arena();
  await arena.hold("inside", "automata", readFileSync(file));
  await arena.hold("patterns", "patterns", JSON.stringify(made.map(asRegExp)));
  const rows = [sizeRow(compiled)];
  for (const [kind, texts] of Object.entries(await textsOf(arena, made))) {
    await arena.hold("corpus", kind, texts);
    const { random } = context.settings;
    const nanos = await contest(
      {
        automata: arena.finder("automata", "automata", kind, random),
        loop: arena.finder("patterns", "patterns", kind, random),
      },
      context.settings,
    );
    const { words, must } = KINDS[kind];
    const row = {
      id: `patterns-${kind}`,
      what: `${PATTERNS} patterns in workerd, ${words}`,
      usual: "1x: loop over RegExp",
      figures: {
        automata_ns: estimate(nanos.automata).median,
        loop_ns: estimate(nanos.loop).median,
      },
    };
    const won = ratio(nanos.loop, nanos.automata);
    rows.push(must ? ratioRow(row, won, must) : ratioInformation(row, won));
    rows.push(await instructionsRow(context, file, kind, texts));
  }
  return rows;
}

/** @param {any} compiled @returns {Row} */
function sizeRow({ patterns, automata, bytes }) {
  return information({
    id: "patterns-bytes",
    what: `bytes of ${patterns} patterns, one in ${SUFFIX_EVERY} by its ending`,
    usual: "",
    measured: `${grouped(bytes)} in ${automata} automata`,
    figures: { patterns, automata, bytes },
  });
}

/**
 * @param {Context} context
 * @param {string} file of the snapshot
 * @param {string} kind
 * @param {string} texts one a line
 * @returns {Promise<Row>}
 */
async function instructionsRow({ folder }, file, kind, texts) {
  const row = {
    id: `patterns-instructions-${kind}`,
    what: `instructions a look-up among ${PATTERNS} patterns, ${KINDS[kind].words}`,
    usual: "",
    must: "",
  };
  if (!(await hasCallgrind())) return notMeasured(row, "install valgrind");
  const corpus = `${folder}/patterns-${kind}.txt`;
  writeFileSync(corpus, texts);
  const count = texts.trimEnd().split("\n").length;
  const instructions = await instructionsOfEach((rounds) => ["match", file, corpus, rounds], count);
  return information({ ...row, measured: grouped(instructions), figures: { instructions } });
}

/** @returns {{pattern: string, code: () => string}[]} */
function fiveHundred() {
  const random = seeded(SEED);
  const pick = (/** @type {string | Shape[]} */ from) => from[Math.floor(random() * from.length)];
  const names = new Set();
  while (names.size < PATTERNS) {
    const syllable = () => `${pick("BDFGKLMNPRSTVZ")}${pick("AEIOU")}`;
    names.add(`${syllable()}${syllable()}${random() < 0.5 ? syllable() : pick("LNRSX")}`);
  }
  return [...names].map((name, index) => {
    const shapes = index % SUFFIX_EVERY === 0 ? BY_ENDING : BY_BEGINNING;
    const shape = /** @type {Shape} */ (pick(shapes));
    const spelt = () => shape.code.replace("{n}", name)
      .replace(/#/g, () => `${pick("0123456789")}`)
      .replace(/@/g, () => `${pick("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")}`);
    return { pattern: shape.pattern.replace("{n}", name), code: spelt };
  });
}

/**
 * The pattern as JavaScript spells it: a flag at its beginning goes behind.
 *
 * @param {{pattern: string}} made
 * @returns {[string, string]}
 */
function asRegExp({ pattern }) {
  return pattern.startsWith("(?i)") ? [pattern.slice(4), "i"] : [pattern, ""];
}

/**
 * Texts of each kind, sorted by what the regular expressions say of them; the automata must say
 * the same, of every pattern that matches and not only of the first.
 *
 * @param {import("../arena.mjs").Arena} arena
 * @param {{code: () => string}[]} made
 */
async function textsOf(arena, made) {
  const random = seeded(SEED + 1);
  const digit = () => "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"[Math.floor(random() * 34)];
  const codes = Array.from({ length: TEXTS }, (_, index) => made[(index * 7) % made.length].code());
  const other = codes.map(() => Array.from({ length: 8 }, digit).join(""));
  const near = codes.map((code) => {
    const at = Math.floor(random() * code.length);
    return `${code.slice(0, at)}${digit()}${code.slice(at + 1)}`;
  });
  const matching = (/** @type {number[]} */ found) => found.length > 0;
  const silent = (/** @type {number[]} */ found) => found.length === 0;
  return {
    hit: await agreed(arena, codes, matching),
    miss: await agreed(arena, other, silent),
    near: await agreed(arena, near, silent),
  };
}

/**
 * @param {import("../arena.mjs").Arena} arena
 * @param {string[]} texts
 * @param {(found: number[]) => boolean} wanted
 * @returns {Promise<string>} those wanted, one a line
 */
async function agreed(arena, texts, wanted) {
  const corpus = texts.map((text) => `${text}\n`).join("");
  const expected = await arena.answers("patterns", "patterns", corpus);
  const got = await arena.answers("automata", "automata", corpus);
  texts.forEach((text, index) => {
    if (`${expected[index]}` === `${got[index]}`) return;
    throw new Error(`${text}: RegExp finds ${expected[index]}, the automata ${got[index]}`);
  });
  return texts.filter((_, index) => wanted(expected[index])).map((text) => `${text}\n`).join("");
}
