/**
 * Click-path cookies, read and written from their description in `src/click_path.rs`, not by it, so
 * that the two check each other.
 * @module
 */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

/** @typedef {{partner: string, at: number}} Click `at` in milliseconds since 1970 */

export const COOKIE = "__Host-promo-clicks";

/** @param {number} digit 0 to 9 @returns {string} a key, as the setting has it */
export function clickKey(digit) {
  return `pck1_${String(digit).repeat(64)}`;
}

/**
 * A cookie's value.
 *
 * @param {Click[]} clicks
 * @param {string} key
 * @param {string} [program]
 */
export function encodePath(clicks, key, program = "1000") {
  const partners = [...new Set(clicks.map(({ partner }) => partner))];
  const signed = [Buffer.from([1, partners.length])];
  for (const partner of partners) signed.push(sized(partner));
  for (const { partner, at } of clicks) {
    const click = Buffer.alloc(9);
    click.writeUInt8(partners.indexOf(partner), 0);
    click.writeBigInt64LE(BigInt(at), 1);
    signed.push(click);
  }
  const bytes = Buffer.concat(signed);
  return Buffer.concat([bytes, mac(bytes, key, program)]).toString("base64url");
}

/**
 * The clicks of a `Set-Cookie` header, which must be signed and say everything that keeps it safe.
 *
 * @param {string[] | undefined} header
 * @param {string} key
 * @param {string} [program]
 * @returns {Click[]}
 */
export function pathSet(header, key, program = "1000") {
  assert.equal(header?.length, 1);
  const [cookie] = header ?? [];
  assert.ok(cookie.length <= 3800);
  const [pair, ...attributes] = cookie.split("; ");
  const expected = ["HttpOnly", "Max-Age=34560000", "Path=/", "SameSite=Lax", "Secure"];
  assert.deepEqual(attributes.toSorted(), expected);
  assert.ok(pair.startsWith(`${COOKIE}=`));
  return decodePath(pair.slice(COOKIE.length + 1), key, program);
}

/**
 * @param {string} value
 * @param {string} key
 * @param {string} program
 * @returns {Click[]}
 */
function decodePath(value, key, program) {
  const bytes = Buffer.from(value, "base64url");
  const signed = bytes.subarray(0, -16);
  assert.deepEqual(bytes.subarray(-16), mac(signed, key, program));
  assert.equal(signed[0], 1);
  const partners = [];
  let at = 2;
  while (partners.length < signed[1]) {
    partners.push(signed.subarray(at + 1, at + 1 + signed[at]).toString());
    at += 1 + signed[at];
  }
  const clicks = [];
  for (; at < signed.length; at += 9) {
    clicks.push({ partner: partners[signed[at]], at: Number(signed.readBigInt64LE(at + 1)) });
  }
  return clicks;
}

/** @param {Buffer} signed @param {string} key @param {string} program */
function mac(signed, key, program) {
  const secret = Buffer.from(key.slice("pck1_".length), "hex");
  const hmac = createHmac("sha256", secret).update("promo-edge clicks\n").update(sized(program));
  return hmac.update(signed).digest().subarray(0, 16);
}

/** @param {string} text */
function sized(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
