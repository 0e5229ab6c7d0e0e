// POST /v1/validate: what shoppers and trusted callers are told.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { catalog } from "./catalog.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

const TOKEN = "a-token-of-the-merchant";
const TRUSTED = { authorization: `Bearer ${TOKEN}` };
const HOSTS = { "shop.example": "1000", "detailed.example": "1001" };
const CART = { event_type: "SALE", currency: "USD", subtotal_minor: 1234 };

/** @type {import("./worker.mjs").Worker} */
let worker;
/** @type {import("./snapshots.mjs").Snapshot} */
let snapshot;

before(async () => {
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  const tokens = [{ sha256, scopes: ["credit"] }];
  const TOKENS = JSON.stringify({ 1000: tokens, 1001: tokens });
  worker = await startWorker({ vars: { PROGRAM: null, PROGRAMS: JSON.stringify(HOSTS), TOKENS } });
  snapshot = buildSnapshot(catalog());
  await worker.publish(snapshot);
  await worker.publish(buildSnapshot(catalog({ id: "1001", public_reasons: "detailed" })));
});
after(() => worker.close());

test("a code that is valid comes with its deal and a quote", async () => {
  const { status, body } = await worker.validate({ code: " save10 ", cart: CART });
  const { snapshot: facts, ...answer } = body;
  assert.equal(status, 200);
  assert.deepEqual(answer, {
    valid: true,
    code: "save10",
    deal: { id: "ten", name: "10 % off", type: "general_sale" },
    quote: { currency: "USD", amount_minor: 123, benefit: null },
    unchecked: [],
  });
  assert.equal(facts.id, snapshot.id);
  assert.ok(facts.age_ms >= 0);
});

test("a pattern is never said back", async () => {
  const { body } = await worker.validate({ code: "SUMMER26", cart: CART });
  assert.equal(body.valid, true);
  assert.equal(body.code, "SUMMER26");
  assert.doesNotMatch(JSON.stringify(body), /\[0-9\]/);
});

test("text is normalised by the platform", async () => {
  for (const code of ["ＳＡＶＥ１０", "SA\u200bVE10", "Save10", "VA\u030aR20", "vår20"]) {
    const { body } = await worker.validate({ code, cart: CART });
    assert.equal(body.valid, true, code);
  }
});

test("what is not known about the order is named", async () => {
  const { body } = await worker.validate({ code: "FIRST" });
  assert.equal(body.valid, true);
  assert.deepEqual(body.unchecked.toSorted(), ["event_type", "first_order"]);
});

const item = { sku: "mug", category: "cups", quantity: 1, unit_price_minor: 1234 };
/** Every reason: a request that is refused for it. @type {[string, object][]} */
const REFUSALS = [
  ["malformed", { code: "  " }],
  ["tracking_disabled", { code: "SAVE10", cart: { ...CART, event_type: "LEAD" } }],
  ["unknown_code", { code: "NOPE", cart: CART }],
  ["not_started", { code: "SOON", cart: CART }],
  ["expired", { code: "OVER", cart: CART }],
  ["customer_required", { code: "ONCE", cart: CART }],
  ["currency_mismatch", { code: "EURO", cart: CART }],
  ["country_not_eligible", { code: "FRANCE", cart: { ...CART, country: "DE" } }],
  ["first_order_only", { code: "FIRST", cart: CART, first_order: false }],
  ["segment_not_eligible", { code: "VIP", cart: CART, segments: ["new"] }],
  ["minimum_purchase", { code: "LARGE", cart: CART }],
  ["minimum_quantity", { code: "MANY", cart: { ...CART, items: [item] } }],
  ["no_eligible_items", { code: "SHOES", cart: { ...CART, items: [item] } }],
];
const ONLY_TRUSTED = new Set(["first_order_only", "segment_not_eligible"]);
const HIDDEN = new Set(["tracking_disabled", "unknown_code", "not_started", "expired"]);

for (const [reason, request] of REFUSALS) {
  test(`refused: ${reason}`, async () => {
    const headers = ONLY_TRUSTED.has(reason) ? TRUSTED : {};
    const detailed = await worker.validate(request, headers, "detailed.example");
    assert.equal(detailed.status, 200);
    assert.equal(detailed.body.valid, false);
    assert.equal(detailed.body.reason, reason);
    const collapsed = await worker.validate(request, headers);
    assert.equal(collapsed.body.reason, HIDDEN.has(reason) ? "not_valid" : reason);
    const trusted = await worker.validate(request, TRUSTED);
    assert.equal(trusted.body.exact_reason, reason);
  });
}

test("collapsed: unknown, pending, expired and disabled cannot be told apart", async () => {
  const bodies = [];
  const headers = [];
  for (const [reason, request] of REFUSALS.filter(([reason]) => HIDDEN.has(reason))) {
    const answer = await worker.validate(request);
    assert.equal(answer.status, 200, reason);
    answer.body.snapshot.age_ms = 0;
    bodies.push(JSON.stringify(answer.body));
    headers.push([...answer.headers].filter(([name]) => name !== "server-timing"));
  }
  assert.equal(new Set(bodies).size, 1);
  const sizeless = headers.map((list) => list.filter(([name]) => name !== "content-length"));
  for (const list of sizeless) assert.deepEqual(list, sizeless[0]);
});

test("a trusted caller is told whose code it is, and may name the instant", async () => {
  const placed = { code: "OVER", cart: CART, placed_at: "2000-12-31T23:59:59.999Z" };
  const { body } = await worker.validate(placed, TRUSTED);
  assert.equal(body.valid, true);
  assert.equal(body.code_id, "over");
  assert.equal(body.owner, "ana");
  assert.equal(body.exact_reason, null);
  assert.equal(body.remaining_estimate, null);
  const later = { ...placed, placed_at: "2001-01-01T00:00:00Z" };
  assert.equal((await worker.validate(later, TRUSTED)).body.exact_reason, "expired");
});

test("a trusted caller is told the exact reason even under collapsed", async () => {
  const { body } = await worker.validate({ code: "SOON", cart: CART }, TRUSTED);
  assert.equal(body.reason, "not_valid");
  assert.equal(body.exact_reason, "not_started");
  assert.equal(body.owner, "ana");
  const staff = await worker.validate({ code: "STAFF50", cart: CART }, TRUSTED);
  assert.equal(staff.body.owner, null);
});

test("shoppers are told none of that", async () => {
  for (const code of ["SAVE10", "SOON"]) {
    const { body } = await worker.validate({ code, cart: CART });
    for (const field of ["exact_reason", "code_id", "owner", "remaining_estimate"]) {
      assert.ok(!(field in body), field);
    }
  }
});

test("each host has its own programme", async () => {
  const [one, other] = await Promise.all([
    worker.validate({ code: "SAVE10" }),
    worker.validate({ code: "SAVE10" }, {}, "detailed.example"),
  ]);
  assert.notEqual(one.body.snapshot.id, other.body.snapshot.id);
  const unknown = await worker.validate({ code: "SAVE10" }, {}, "other.example");
  assert.equal(unknown.status, 404);
  assert.equal(unknown.body.type, "/problems/unknown-host");
});
