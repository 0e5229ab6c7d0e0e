// The sample programme's bulk codes: a CSV for `promo build --codes`, the same bytes for the same
// seed.
//
//   node examples/sample/codes.mjs --out codes.csv [--seed TEXT] [--count N] [--program ID]
//       [--examples N]
//
// With --examples, that many of the codes, spread over the campaigns, go to stdout as JSON. The
// codes are a sample: whoever knows the seed knows them all. Codes worth money come from a secret
// seed.

import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";

/**
 * @typedef {object} Campaign
 * @property {string} prefix what its codes begin with
 * @property {number} symbols how many symbols follow, half of them after a dash
 * @property {number} share of every hundred codes
 * @property {string} owner the partner's id; empty: restricted codes
 * @property {"ALWAYS" | "INVOLVED" | "WINNER" | ""} rule the credit rule; empty for restricted
 *   codes
 * @property {string} deal
 * @property {string} start as a merchant writes it, or empty
 * @property {string} end as a merchant writes it, or empty
 * @property {string} zone IANA name, or empty
 */

/** No vowels, so that no words appear, and neither of two symbols that look alike. */
export const ALPHABET = "CDFGHJKMNPQRTVWXY34679";

export const HEADER =
  "Promo Code,Program Id,Media Id,Type,Credit Rule,Match Mode,Deal Id," +
  "Active Start Date,Active End Date,Timezone";

/**
 * Six campaigns, and every way to write a date: none, an offset, a wall clock, a bare date and the
 * last second of a day.
 *
 * @type {readonly Campaign[]}
 */
export const CAMPAIGNS = [
  {
    prefix: "PODCAST-", symbols: 8, share: 60, owner: "slow-mile", rule: "ALWAYS",
    deal: "welcome-10", start: "", end: "", zone: "",
  },
  {
    prefix: "PERK-", symbols: 8, share: 20, owner: "perkhaven", rule: "ALWAYS",
    deal: "first-15", start: "2025-09-01", end: "2035-06-30", zone: "America/New_York",
  },
  {
    prefix: "MILES-", symbols: 6, share: 12, owner: "mileleaf", rule: "INVOLVED",
    deal: "free-shipping", start: "2026-01-01T00:00:00-08:00", end: "", zone: "",
  },
  {
    prefix: "FÊTE-", symbols: 6, share: 5, owner: "claire-bivouac", rule: "WINNER",
    deal: "welcome-10", start: "2026-03-01T08:00:00", end: "2035-02-28T23:59:59",
    zone: "Europe/Paris",
  },
  {
    prefix: "野営-", symbols: 6, share: 2, owner: "hana-soto", rule: "INVOLVED",
    deal: "gift-mug", start: "2026-04-01", end: "", zone: "Asia/Tokyo",
  },
  {
    prefix: "SORRY-", symbols: 6, share: 1, owner: "", rule: "",
    deal: "free-shipping", start: "", end: "2035-12-31T23:59:59-08:00", zone: "",
  },
];

/**
 * As many as make the shuffle of {@link spell} look random: four would do, two more cost nothing
 * here.
 */
const ROUNDS = 6;

/**
 * The round keys of one campaign.
 *
 * @param {string} seed
 * @param {string} prefix
 * @returns {number[]}
 */
function roundKeys(seed, prefix) {
  const digest = createHash("sha256").update(`${prefix} ${seed}`).digest();
  return Array.from({ length: ROUNDS }, (_, round) => digest.readUInt32LE(round * 4));
}

/**
 * Scatters the bits of a 32-bit integer: the finaliser of MurmurHash3 (Appleby, 2011).
 *
 * @param {number} value
 * @returns {number}
 */
function scatter(value) {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * @param {number} value
 * @param {number} length
 * @returns {string}
 */
function digits(value, length) {
  let text = "";
  for (let left = value; text.length < length; left = Math.floor(left / ALPHABET.length)) {
    text = ALPHABET[left % ALPHABET.length] + text;
  }
  return text;
}

/**
 * The code at a position of a campaign.
 *
 * A Feistel network over two halves of equal size (Luby and Rackoff, 1988) is a permutation, so no
 * two positions share a code and none has to be remembered.
 *
 * @param {Campaign} campaign
 * @param {number[]} keys
 * @param {number} position
 * @returns {string}
 */
function spell(campaign, keys, position) {
  const length = campaign.symbols / 2;
  const size = ALPHABET.length ** length;
  let left = Math.floor(position / size);
  let right = position % size;
  for (const key of keys) {
    [left, right] = [right, (left + (scatter(key ^ right) % size)) % size];
  }
  return `${campaign.prefix}${digits(left, length)}-${digits(right, length)}`;
}

/**
 * How many codes each campaign has when there are `count` in all.
 *
 * @param {number} count
 * @returns {number[]}
 */
export function campaignCounts(count) {
  let shares = 0;
  let given = 0;
  return CAMPAIGNS.map((campaign) => {
    shares += campaign.share;
    const upTo = Math.floor((count * shares) / 100);
    const own = upTo - given;
    given = upTo;
    return own;
  });
}

/**
 * Every code, campaign by campaign.
 *
 * @param {{seed: string, count: number}} options
 * @returns {Generator<{code: string, campaign: Campaign}>}
 */
export function* codes({ seed, count }) {
  for (const [index, own] of campaignCounts(count).entries()) {
    const campaign = CAMPAIGNS[index];
    const keys = roundKeys(seed, campaign.prefix);
    for (let position = 0; position < own; position += 1) {
      yield { code: spell(campaign, keys, position), campaign };
    }
  }
}

/**
 * The CSV, in pieces of a few dozen kilobytes.
 *
 * @param {{seed: string, count: number, program: string}} options
 * @returns {Generator<string>}
 */
export function* csv({ seed, count, program }) {
  let piece = `${HEADER}\n`;
  for (const { code, campaign } of codes({ seed, count })) {
    const type = campaign.owner === "" ? "RESTRICTED" : "TRACKING";
    const { owner, rule, deal, start, end, zone } = campaign;
    piece += `${code},${program},${owner},${type},${rule},LI,${deal},${start},${end},${zone}\n`;
    if (piece.length > 32_768) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

/**
 * Some codes to try, evenly spread, so that every large campaign is among them.
 *
 * @param {{seed: string, count: number, examples: number}} options
 * @returns {{code: string, owner: string | null, deal: string}[]}
 */
export function examples({ seed, count, examples: wanted }) {
  const chosen = [];
  let position = 0;
  for (const { code, campaign } of codes({ seed, count })) {
    if (position === Math.floor((chosen.length * count) / wanted)) {
      chosen.push({ code, owner: campaign.owner || null, deal: campaign.deal });
      if (chosen.length === wanted) break;
    }
    position += 1;
  }
  return chosen;
}

/** A wrong call, told to the person who made it. */
class UsageError extends Error {}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} most
 * @returns {number}
 */
function parseCount(name, text, most) {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > most) {
    throw new UsageError(`--${name}: expected a whole number from 1 to ${most}, got ${text}`);
  }
  return count;
}

/** @param {string[]} args */
async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string", default: "larch" },
      count: { type: "string", default: "100000" },
      program: { type: "string", default: "1000" },
      out: { type: "string" },
      examples: { type: "string" },
    },
  });
  if (values.out === undefined && values.examples === undefined) {
    throw new UsageError("nothing to do: give --out FILE, --examples N or both");
  }
  const seed = String(values.seed);
  const most = Math.min(
    ...CAMPAIGNS.map(({ symbols, share }) =>
    Math.floor((ALPHABET.length ** symbols * 100) / share),
  ),
  );
  const count = parseCount("count", String(values.count), most);
  if (values.out !== undefined) {
    const pieces = csv({ seed, count, program: String(values.program) });
    await pipeline(Readable.from(pieces), createWriteStream(values.out));
  }
  if (values.examples !== undefined) {
    const wanted = parseCount("examples", values.examples, count);
    const chosen = examples({ seed, count, examples: wanted });
    process.stdout.write(`${JSON.stringify(chosen)}\n`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`codes.mjs: ${error.message}\n`);
    process.exitCode = 2;
  });
}
