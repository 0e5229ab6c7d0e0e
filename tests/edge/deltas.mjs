/**
 * Deltas for the Worker's tests, written from FORMAT.md and not by the crate, so that the two check
 * each other.
 * @module
 */

import { createHash, hkdfSync } from "node:crypto";

import { KEY } from "./snapshots.mjs";

/**
 * @typedef {object} Terms of an exact code; the rest is none
 * @property {string} owner
 * @property {number} [endAt] Unix milliseconds
 */

const NONE = 0xffff_ffff;
const NO_INSTANT = -(2n ** 63n);
const HEADER_SIZE = 8;
const SECTION_SIZE = 16;
const MASK = 2n ** 64n - 1n;

/**
 * A delta that says of each folded text which codes it has.
 *
 * @param {Record<string, Terms[]>} texts
 */
export function encodeDelta(texts) {
  const hashKey = Buffer.from(hkdfSync("sha256", KEY.program, "", "promo-edge hash 1", 16));
  /** @type {Buffer[]} */
  const heap = [];
  /** @type {Buffer[]} */
  const terms = [];
  const said = Object.entries(texts).flatMap(([text, codes]) => {
    const hash = sipHash(hashKey, Buffer.from(text));
    const indexes = codes.map((code) => terms.push(encodeTerms(code, heap)) - 1);
    return (codes.length ? indexes : [NONE]).map((index) => ({ hash, index }));
  });
  said.sort((a, b) => (a.hash.first < b.hash.first ? -1 : 1));
  const changed = said.map(({ hash, index }) =>
    integers([64, hash.first], [64, hash.last], [32, index]),
  );
  const keyCheck = integers([64, sipHash(hashKey, Buffer.from("PROMO-EDGE KEY CHECK")).first]);
  return sections([
    [1, 1, Buffer.concat(heap)],
    [16, 8, keyCheck],
    [26, 60, Buffer.concat(terms)],
    [27, 20, Buffer.concat(changed)],
  ]);
}

/** @param {Uint8Array} bytes */
export function contentId(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** @param {Terms} terms @param {Buffer[]} heap */
function encodeTerms({ owner, endAt }, heap) {
  const offset = Buffer.concat(heap).length;
  const text = Buffer.from(owner);
  heap.push(text);
  const end = endAt === undefined ? NO_INSTANT : BigInt(endAt);
  return integers(
    [32, 0], [32, 0], [32, offset], [32, text.length], [32, 0], [32, 0],
    [64, NO_INSTANT], [64, end], [64, 0], [32, NONE], [32, NONE], [32, 0],
  );
}

/** @param {[kind: number, entrySize: number, bytes: Buffer][]} all */
function sections(all) {
  const head = [Buffer.from("PrmD"), integers([16, 1], [16, all.length])];
  let offset = HEADER_SIZE + all.length * SECTION_SIZE;
  for (const [kind, entrySize, { length }] of all) {
    const count = length / entrySize;
    head.push(integers([16, kind], [16, entrySize], [32, offset], [32, count], [32, 0]));
    offset += length;
  }
  return Buffer.concat([...head, ...all.map(([, , bytes]) => bytes)]);
}

/** @param {[bits: number, value: number | bigint][]} values little-endian */
function integers(...values) {
  return Buffer.concat(values.map(([bits, value]) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(bits, BigInt(value)));
    return bytes.subarray(0, bits / 8);
  }));
}

/**
 * SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012).
 *
 * @param {Buffer} key
 * @param {Buffer} message
 */
export function sipHash(key, message) {
  const [k0, k1] = [key.readBigUInt64LE(0), key.readBigUInt64LE(8)];
  const v = [
    k0 ^ 0x736f6d6570736575n, k1 ^ 0x646f72616e646f6dn ^ 0xeen,
    k0 ^ 0x6c7967656e657261n, k1 ^ 0x7465646279746573n,
  ];
  const padded = Buffer.alloc(Math.floor(message.length / 8) * 8 + 8);
  message.copy(padded);
  padded[padded.length - 1] = message.length & 0xff;
  for (let at = 0; at < padded.length; at += 8) {
    const word = padded.readBigUInt64LE(at);
    v[3] ^= word;
    rounds(v, 2);
    v[0] ^= word;
  }
  v[2] ^= 0xeen;
  rounds(v, 4);
  const first = v[0] ^ v[1] ^ v[2] ^ v[3];
  v[1] ^= 0xddn;
  rounds(v, 4);
  return { first, last: v[0] ^ v[1] ^ v[2] ^ v[3] };
}

/** @param {bigint[]} v @param {number} count */
function rounds(v, count) {
  for (let round = 0; round < count; round += 1) {
    mix(v, 0, 1, 13n);
    v[0] = rotated(v[0], 32n);
    mix(v, 2, 3, 16n);
    mix(v, 0, 3, 21n);
    mix(v, 2, 1, 17n);
    v[2] = rotated(v[2], 32n);
  }
}

/** @param {bigint[]} v @param {number} to @param {number} from @param {bigint} by */
function mix(v, to, from, by) {
  v[to] = (v[to] + v[from]) & MASK;
  v[from] = rotated(v[from], by) ^ v[to];
}

/** @param {bigint} word @param {bigint} by */
function rotated(word, by) {
  return ((word << by) | (word >> (64n - by))) & MASK;
}
