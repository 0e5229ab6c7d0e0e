// No private code reaches a shopper's page in any form. A page is opened, used and listened to; from
// every byte that it received nobody can tell a private code, nor confirm one that is guessed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { COMMAND } from "../../tools/build.mjs";
import { PROGRAMS, SAMPLE_CODE, bulkCodes, catalogFile } from "../../tools/sample.mjs";
import { openPublicCodes } from "../../www/promo-edge/public-codes.js";
import { startShop } from "./shop.mjs";

const ROOT = new URL("../../", import.meta.url);
/** A page with nothing on it but the field: what a merchant writes there is the merchant's. */
const PAGE = `<!doctype html><html lang="en" data-ready><title>Checkout</title><form>
<promo-code endpoint="/v1/validate" currency="USD" subtotal-minor="12900" event-type="SALE">
<label for="code">Promo code</label><input id="code" name="promo_code"></promo-code></form>
<script type="module" src="/promo-edge/define.js"></script></html>`;
/** Shorter texts are found anywhere. */
const TEXT_LENGTH_MIN = 6;
/** Base64 that is long enough to hide something in. */
const BASE64 = /[A-Za-z0-9+/_-]{64,}={0,2}/g;

/** @type {{code: string, match_type: string, public?: boolean}[]} */
const authored = JSON.parse(readFileSync(new URL(catalogFile("1000"), ROOT), "utf8")).codes;
const hidden = authored.filter((code) => !code.public);
const patterns = hidden.filter((code) => code.match_type === "regex").map(({ code }) => code);
const exact = hidden.filter((code) => code.match_type === "exact").map(({ code }) => code);
const bulk = readFileSync(new URL(bulkCodes(PROGRAMS[0].id), ROOT), "utf8").trim().split("\n");
const texts = [...exact, ...bulk.slice(1).map((row) => row.split(",")[0] ?? "")];

/** @type {Map<string, Buffer>} what the page received, by where from */
const received = new Map();

before(async () => {
  const shop = await startShop();
  const visit = await shop.visit({
    path: "plain.html",
    prepare: async (page) => {
      await page.route("**/plain.html*", (route) =>
        route.fulfill({ contentType: "text/html", body: PAGE }));
      page.on("response", async (response) => {
        const body = await response.body().catch(() => Buffer.alloc(0));
        const headers = Buffer.from(JSON.stringify(response.headers()));
        received.set(`${response.url()} ${received.size}`, Buffer.concat([headers, body]));
      });
    },
  });
  const codes = visit.page.waitForResponse(/public_bg\.wasm$/);
  await visit.input.focus();
  await codes;
  for (const code of [SAMPLE_CODE, "HELLO1O", "NOBODYS", "VIP"]) {
    await visit.ask(code);
    await visit.settles("valid", "refused");
  }
  await visit.close();
  await shop.stop();
});
after(() => received.clear());

/** Each body as it is, as UTF-16, and what is in it as base64. */
function* readings() {
  for (const [url, body] of received) {
    yield { url, bytes: body };
    for (const [text] of body.toString("latin1").matchAll(BASE64)) {
      yield { url: `${url} (base64)`, bytes: Buffer.from(text, "base64") };
    }
  }
}

/**
 * Where one of many needles stands in a text.
 *
 * @param {string} text
 * @param {Set<string>} needles
 */
function* found(text, needles) {
  for (const length of new Set([...needles].map((needle) => needle.length))) {
    for (let at = 0; at + length <= text.length; at += 1) {
      const piece = text.slice(at, at + length);
      if (needles.has(piece)) yield piece;
    }
  }
}

test("the page has received what it works with", () => {
  const urls = [...received.keys()].join("\n");
  for (const part of ["define.js", "/v1/public", "public_bg.wasm", "/v1/validate"]) {
    assert.ok(urls.includes(part), part);
  }
  assert.ok(texts.length > 100_000 && patterns.length > 30);
  const all = Buffer.concat([...received.values()]).toString("latin1").toLowerCase();
  const [seen] = found(all, new Set(["hello10"]));
  assert.equal(seen, "hello10", "a code that was there would be found");
});

test("no private code and no private pattern is in it as a text", () => {
  const needles = new Set();
  for (const text of [...texts, ...patterns].filter(({ length }) => length >= TEXT_LENGTH_MIN)) {
    const lower = text.toLowerCase();
    needles.add(Buffer.from(lower).toString("latin1"));
    needles.add(Buffer.from(lower, "utf16le").toString("latin1"));
  }
  for (const { url, bytes } of readings()) {
    const [seen] = found(bytes.toString("latin1").toLowerCase(), needles);
    assert.equal(seen, undefined, url);
  }
});

test("no private code is in it as a hash that anybody can compute", () => {
  const needles = new Set();
  for (const text of texts) {
    for (const spelled of [text.toUpperCase(), text.toLowerCase()]) {
      for (const algorithm of ["md5", "sha1", "sha256"]) {
        const hash = createHash(algorithm).update(spelled).digest();
        needles.add(hash.subarray(0, 8).toString("latin1"));
        needles.add(hash.toString("hex").slice(0, 16));
      }
    }
  }
  for (const { url, bytes } of readings()) {
    const [seen] = found(bytes.toString("latin1"), needles);
    assert.equal(seen, undefined, url);
  }
});

test("with the data and the code that it received, no private code can be confirmed", async () => {
  const [, bundle] = [...received].find(([url]) => url.includes("/v1/public")) ?? [];
  assert.ok(bundle);
  const from = bundle.indexOf("PrmB");
  const wasm = readFileSync(new URL("www/promo-edge/wasm/public/public_bg.wasm", ROOT));
  const publicCodes = await openPublicCodes(new Uint8Array(bundle.subarray(from)), wasm);
  const at = Date.parse("2026-11-15T12:00:00Z");
  const cart = { currency: "USD", subtotal_minor: 12_900, event_type: "SALE" };
  assert.equal(publicCodes.validate(SAMPLE_CODE, at, cart)?.valid, true);
  const members = patterns.flatMap((pattern) =>
    JSON.parse(String(execFileSync(COMMAND, ["explain", pattern, "--json"]))).matching);
  assert.ok(members.length > patterns.length);
  const open = new Set(authored.filter((code) => code.public).map(({ code }) => code));
  for (const text of [...texts, ...members].filter((one) => !open.has(one.toUpperCase()))) {
    assert.equal(publicCodes.validate(text, at, cart), undefined, text);
    const meant = publicCodes.suggest(text, at);
    assert.ok(meant === undefined || open.has(meant), `${text}: ${meant}`);
  }
});
