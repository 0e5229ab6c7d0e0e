// A checkout on its way to the shop: its codes are read from every kind of form, the shop is told
// who would be credited, and its body is not touched.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";

import { createRemoteJWKSet } from "jose";

import { verifyReceipt } from "../../plugins/server/index.js";
import { catalog, code } from "./catalog.mjs";
import { COOKIE, clickKey, encodePath } from "./click_path.mjs";
import { startFront } from "./front.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

/** @typedef {import("./front.mjs").Front} Front */

const CLICK_KEYS = clickKey(1);
const CHECKOUT = JSON.stringify({ path: "/checkout", method: "POST", code: "promo_code" });
const TOKEN = "a-token-of-the-merchant";
const FORM = "application/x-www-form-urlencoded";
const MINUTE = 60_000;
const BODY_SIZE_MAX = 256 * 1024;

/** @type {Front} */
let front;
/** @type {import("./snapshots.mjs").Snapshot} */
let snapshot;

before(async () => {
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  const TOKENS = JSON.stringify({ 1000: [{ sha256, scopes: ["credit"] }] });
  const { privateKey } = generateKeyPairSync("ed25519");
  const RECEIPT_KEYS = JSON.stringify({ keys: [privateKey.export({ format: "jwk" })] });
  front = await startFront({ vars: { CLICK_KEYS, CHECKOUT, TOKENS, RECEIPT_KEYS } });
  const codes = [
    code("ようこそ10", { id: "welcome" }),
    code("BEN20", { owner: "ben", credit_policy: "involved" }),
  ];
  snapshot = buildSnapshot(catalog({}, codes));
  await front.publish(snapshot);
});
beforeEach(() => void (front.seen = []));
after(() => front.close());

/**
 * Checks out, and hears what reached the shop and, of a checkout, what the Worker logs.
 *
 * @param {string | Uint8Array} body
 * @param {Record<string, string>} [headers]
 * @param {string} [path]
 */
async function checkOut(body, headers = { "content-type": FORM }, path = "/checkout") {
  const { status } = await front.ask(path, { method: "POST", headers, body });
  assert.equal(status, 200);
  const seen = front.seen.pop();
  assert.ok(seen);
  assert.deepEqual(seen.body, Buffer.from(body));
  const { "promo-decision": header = null, "promo-code": code = null } = seen.headers;
  const line = /^\/checkout(?![^?])/.test(path) ? await front.said() : null;
  return { seen, code, header, decision: header && JSON.parse(header), line };
}

/** @param {{partner: string, at: number}[]} clicks @param {string} [key] */
function bringing(clicks, key = CLICK_KEYS) {
  return { "content-type": FORM, cookie: `a=b; ${COOKIE}=${encodePath(clicks, key)}` };
}

test("the shop is told who is credited, and why", async () => {
  const { code, decision, seen, line } = await checkOut("name=A&promo_code=+save10+&total=12");
  assert.equal(code, "save10");
  assert.deepEqual(decision, {
    event_type: "SALE",
    code: { id: "save10", typed: "save10" },
    credited: {
      partner: "ana", basis: "promo_code", code_id: "save10", also_click_winner: false,
    },
    reasons: [],
    unused_codes: [],
    trace: decision.trace,
    snapshot: { id: snapshot.id },
  });
  assert.deepEqual(decision.trace.map((/** @type {any} */ { event }) => event), [
    "code_matched", "policy_met", "owner_credited", "contract_found",
  ]);
  assert.equal(seen.headers["content-type"], FORM);
  assert.equal(seen.headers["content-length"], "35");
  const said = { program: "1000", checkout: "decided", partner: "ana", basis: "promo_code" };
  assert.deepEqual(line, said);
});

test("a receipt proves it, and says nothing of an order", async () => {
  const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", front.url));
  const trust = { keys, issuer: "http://shop.example", program: "1000" };
  for (const [body, partner] of [["promo_code=SAVE10", "ana"], ["promo_code=STAFF50", null]]) {
    const { decision, seen } = await checkOut(/** @type {string} */ (body));
    const { iat, exp, jti, ...claims } = await verifyReceipt(seen.headers["promo-receipt"], trust);
    assert.deepEqual(claims, {
      iss: "http://shop.example", aud: "1000", typ: "proxy", event_type: "SALE",
      code_id: decision.code.id, partner, basis: partner && "promo_code",
      snapshot_id: snapshot.id,
    });
    assert.ok(exp - iat <= 300 && jti);
    await assert.rejects(verifyReceipt(`${seen.headers["promo-receipt"]}A`, trust));
  }
});

test("clicks of the cookie are judged now", async () => {
  const at = Date.now();
  const none = await checkOut("promo_code=BEN20");
  assert.equal(none.decision.credited, null);
  assert.deepEqual(none.decision.reasons, [
    { partner: "ben", reason: "CREDITING_RULE_MISMATCH" },
  ]);
  const clicks = [{ partner: "ben", at: at - 2 * MINUTE }, { partner: "ana", at: at - MINUTE }];
  const involved = await checkOut("promo_code=BEN20", bringing(clicks));
  assert.equal(involved.decision.credited.partner, "ben");
  assert.deepEqual(involved.decision.reasons, [
    { partner: "ana", reason: "OTHER_REF_PRIORITIZED" },
  ]);
  const old = [{ partner: "ben", at: at - 31 * 24 * 60 * MINUTE }];
  const late = await checkOut("promo_code=BEN20", bringing(old));
  assert.deepEqual(late.decision.reasons, [
    { partner: "ben", reason: "OUTSIDE_ASSOCIATION_WINDOW" },
  ]);
});

test("without a code the last click is credited", async () => {
  const at = Date.now() - MINUTE;
  const clicks = [{ partner: "ben", at }, { partner: "ana", at: at + 1 }];
  for (const body of ["promo_code=", "total=12", ""]) {
    const { code, decision } = await checkOut(body, bringing(clicks));
    assert.equal(code, null);
    assert.equal(decision.code, null);
    assert.deepEqual(decision.unused_codes, []);
    assert.equal(decision.credited.partner, "ana");
    assert.equal(decision.credited.basis, "click");
  }
});

test("a click path of somebody else's is passed over, and the trace says so", async () => {
  const clicks = [{ partner: "ben", at: Date.now() - MINUTE }];
  const { decision } = await checkOut("promo_code=SAVE10", bringing(clicks, clickKey(2)));
  const events = decision.trace.map((/** @type {any} */ { event }) => event);
  assert.ok(events.includes("click_path_ignored"));
  assert.equal(decision.credited.partner, "ana");
});

const BOUNDARY = "----larch";
const PARTS = [
  'Content-Disposition: form-data; name="note"\r\n\r\nü',
  'Content-Disposition: form-data; name="promo_code"; filename="a.txt"\r\n\r\nSTAFF50',
  'Content-Disposition: form-data; name="promo_code"\r\n\r\nBEN20',
  'Content-Disposition: form-data; name="promo_code"\r\n\r\nSAVE10',
];
const MULTIPART = [...PARTS.map((part) => `--${BOUNDARY}\r\n${part}\r\n`), `--${BOUNDARY}--\r\n`]
  .join("");

/** A body, its type, and the codes on it. @type {[string, string, string, string[]][]} */
const KINDS = [
  ["a form", FORM, "promo_code=SAVE10", ["SAVE10"]],
  ["a form in capitals", FORM.toUpperCase(), "promo_code=SAVE10", ["SAVE10"]],
  ["a form with a charset", `${FORM}; charset=utf-8`, "promo_code=SAVE10", ["SAVE10"]],
  ["a form with several codes", FORM, "promo_code=NOPE&a=b&promo_code=SAVE10", ["NOPE", "SAVE10"]],
  ["a form in parts", `multipart/form-data; boundary=${BOUNDARY}`, MULTIPART, ["BEN20", "SAVE10"]],
  ["JSON", "application/json", '{"promo_code":"SAVE10"}', ["SAVE10"]],
  ["JSON with several", "application/json; charset=utf-8", '{"promo_code":["A","SAVE10"]}', [
    "A", "SAVE10",
  ]],
  ["JSON without", "application/json", '{"items":[]}', []],
];
for (const [what, type, body, codes] of KINDS) {
  test(`codes are read from ${what}`, async () => {
    const { decision } = await checkOut(body, { "content-type": type });
    const used = decision.code ? [decision.code.typed] : [];
    assert.deepEqual([...decision.unused_codes, ...used].toSorted(), codes.toSorted());
  });
}

test("codes of any letters reach the shop in ASCII", async () => {
  const { code, header, decision } = await checkOut(
    `promo_code=${encodeURIComponent("ようこそ１０")}&promo_code=${encodeURIComponent("🏕\u007f")}`,
  );
  assert.equal(code, encodeURIComponent("ようこそ10"));
  assert.match(header ?? "", /^[ -~]+$/);
  assert.equal(decision.code.typed, "ようこそ10");
  assert.deepEqual(decision.unused_codes, ["🏕\u007f"]);
  assert.equal(decision.credited.code_id, "welcome");
});

test("a server may hand the click path on with its order", async () => {
  const placed = Date.now();
  const clicks = [{ partner: "ben", at: placed - MINUTE }];
  const order = {
    order_id: "A1", event_type: "SALE", placed_at: new Date(placed).toISOString(),
    currency: "USD", subtotal_minor: 12900,
    clicks: [{ partner: "ana", at: new Date(placed - 2 * MINUTE).toISOString() }],
  };
  const credit = async (/** @type {string} */ click_path) => {
    const { status, body } = await front.ask("/v1/credit?dry_run=1", {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ ...order, click_path }),
    });
    assert.equal(status, 200);
    return JSON.parse(body.toString());
  };
  const merged = await credit(encodePath(clicks, CLICK_KEYS));
  assert.equal(merged.credited.partner, "ben");
  assert.equal(merged.trace[0].eligible, 2);
  for (const foreign of [encodePath(clicks, CLICK_KEYS, "1001"), "x".repeat(5000), ""]) {
    const ignored = await credit(foreign);
    assert.equal(ignored.credited.partner, "ana");
    assert.equal(ignored.trace[0].event, "click_path_ignored");
  }
});

test("nobody is forced by a request", async () => {
  for (const [type, body] of [
    [FORM, "promo_code=SAVE10&forced_partner=ben"],
    ["application/json", '{"promo_code":"SAVE10","forced_partner":"ben"}'],
  ]) {
    const { decision } = await checkOut(body, { "content-type": type, forced_partner: "ben" });
    assert.equal(decision.credited.partner, "ana");
    assert.equal(decision.credited.basis, "promo_code");
  }
});

test("what the shopper says in our name is not what the shop hears", async () => {
  const forged = { "promo-decision": "{}", promo_code: "X", "Promo-Code": "Y" };
  const headers = { "content-type": FORM, ...forged };
  const { code, decision, seen } = await checkOut("promo_code=SAVE10", headers);
  assert.equal(code, "SAVE10");
  assert.equal(decision.credited.partner, "ana");
  assert.equal(seen.headers.promo_code, undefined);
});

/** Checkouts that cannot be decided. @type {[string, string, string | Uint8Array][]} */
const UNDECIDED = [
  ["no type", "", "promo_code=SAVE10"],
  ["another type", "text/plain", "promo_code=SAVE10"],
  ["JSON that is none", "application/json", "{"],
  ["JSON that is no object", "application/json", '["SAVE10"]'],
  ["a number for a code", "application/json", '{"promo_code":10}'],
  ["a form without its boundary", "multipart/form-data", MULTIPART],
  ["too many codes", FORM, "promo_code=A&".repeat(17)],
  ["far too many codes", FORM, Array.from({ length: 5000 }, (_, n) => `promo_code=${n}`).join("&")],
  ["a code of kilobytes", FORM, `promo_code=${"X".repeat(5000)}`],
  ["a body that is too large", FORM, `promo_code=SAVE10&x=${"y".repeat(BODY_SIZE_MAX)}`],
];
for (const [what, type, body] of UNDECIDED) {
  test(`the checkout goes on undecided: ${what}`, async () => {
    const headers = { ...(type && { "content-type": type }), "promo-decision": "forged" };
    const { code, decision, line } = await checkOut(body, /** @type {any} */ (headers));
    assert.equal(decision, null);
    assert.equal(code, null);
    assert.equal(line.checkout, "undecided");
    assert.ok(line.because);
  });
}

test("the checkout goes on undecided: a compressed body", async () => {
  const headers = { "content-type": FORM, "content-encoding": "gzip" };
  const { decision, line } = await checkOut(gzipSync("promo_code=SAVE10"), headers);
  assert.equal(decision, null);
  assert.equal(line.checkout, "undecided");
});

test("a body of unknown length is read up to the limit, and goes on whole", async () => {
  const chunk = "y".repeat(64 * 1024);
  for (const [chunks, isDecided] of /** @type {const} */ ([[3, true], [40, false]])) {
    const sent = front.open("/checkout", { method: "POST", headers: { "content-type": FORM } });
    const answered = new Promise((resolve, reject) => {
      sent.on("response", (answer) => answer.resume().on("end", resolve)).on("error", reject);
    });
    sent.write("promo_code=SAVE10&x=");
    for (let n = 0; n < chunks; n += 1) sent.write(chunk);
    sent.end();
    await answered;
    const seen = front.seen.pop();
    assert.equal(seen?.body.length, 20 + chunks * chunk.length);
    assert.equal("promo-decision" in (seen?.headers ?? {}), isDecided);
    assert.equal((await front.said()).checkout, isDecided ? "decided" : "undecided");
  }
});

test("only the checkout is read", async () => {
  for (const path of ["/checkout/", "/checkout/1", "/Checkout", "/"]) {
    const { decision } = await checkOut("promo_code=SAVE10", undefined, path);
    assert.equal(decision, null, path);
  }
  const put = await front.ask("/checkout", { method: "PUT", body: "promo_code=SAVE10" });
  assert.equal(put.status, 200);
  assert.equal(front.seen.pop()?.headers["promo-decision"], undefined);
  // The next line that is logged is of the next checkout.
  const next = await checkOut("promo_code=SAVE10", undefined, "/checkout?step=3");
  assert.equal(next.decision.credited.partner, "ana");
  assert.equal(next.line.checkout, "decided");
  assert.deepEqual(front.log, []);
});

test("without a snapshot, or for an event type of nobody's, it goes on undecided", async () => {
  const rent = JSON.stringify({ ...JSON.parse(CHECKOUT), event_type: "RENT" });
  for (const [setting, published] of /** @type {const} */ ([[CHECKOUT, false], [rent, true]])) {
    const other = await startFront({ vars: { CHECKOUT: setting } });
    try {
      if (published) await other.publish(snapshot);
      const headers = { "content-type": FORM };
      const body = "promo_code=SAVE10";
      const { status } = await other.ask("/checkout", { method: "POST", headers, body });
      assert.equal(status, 200);
      assert.equal(other.seen[0].body.toString(), body);
      assert.equal(other.seen[0].headers["promo-decision"], undefined);
      assert.equal((await other.said()).checkout, "undecided");
    } finally {
      await other.close();
    }
  }
});

test("a store that does not answer keeps nobody waiting", { timeout: 30_000 }, async () => {
  /** @type {Record<string, any>[]} */
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    request.resume().on("end", () => response.end("shop"));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const vars = { CLICK_KEYS, CHECKOUT, ORIGIN: `http://127.0.0.1:${port}` };
  const worker = await startWorker({ vars, main: "tests/edge/faulty.js" });
  try {
    await worker.product.setFaults({ "r/": "hangs" });
    const headers = { "content-type": FORM };
    const sent = { method: "POST", headers, body: "promo_code=SAVE10" };
    const { status, body } = await worker.fetch("/checkout", sent);
    assert.equal(status, 200);
    assert.equal(body.toString(), "shop");
    assert.equal(seen[0]["promo-decision"], undefined);
  } finally {
    await worker.close();
    server.close();
  }
});

test("a checkout that cannot be read from the setting is named", async () => {
  const unusable = await startFront({ vars: { CHECKOUT: "/checkout" } });
  try {
    const { status, body } = await unusable.ask("/healthz");
    assert.equal(status, 500);
    assert.match(JSON.parse(body.toString()).detail, /setting CHECKOUT: expected/);
    assert.equal((await unusable.ask("/")).body.toString(), "shop");
  } finally {
    await unusable.close();
  }
});
