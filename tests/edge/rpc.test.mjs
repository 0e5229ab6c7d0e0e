// Other Workers call ours over a service binding: the same questions, the same answers.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { unstable_readConfig } from "wrangler";

import { orderOf, runVectors, vectorCatalog, vectorFiles } from "../vectors/vectors.mjs";
import { catalog } from "./catalog.mjs";
import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

const { compatibility_date: OURS } = unstable_readConfig({ config: "wrangler.toml" });
/** `caller` is as new as we are; before 2026-04-21, errors lost their properties on the way. */
const CALLERS = { caller: OURS ?? "", elder: "2026-04-20" };
/** How often something that happens after an answer is looked for. */
const TRIES = 200;
const CART = { event_type: "SALE", currency: "USD", subtotal_minor: 1234 };

const ORDER = {
  order_id: "A1",
  event_type: "SALE",
  placed_at: "2026-06-15T12:00:00Z",
  currency: "USD",
  subtotal_minor: 12_900,
  promo_codes: ["save10", "NOPE"],
};
const DRY_RUN = { dry_run: true };

/** @type {import("./worker.mjs").Worker} */
let worker;

before(async () => {
  const sha256 = createHash("sha256").update("merchant").digest("hex");
  const TOKENS = JSON.stringify({ 1000: [{ sha256, scopes: ["credit"] }] });
  worker = await startWorker({ callers: CALLERS, vars: { TOKENS } });
  await worker.publish(buildSnapshot(catalog()));
});
after(() => worker.close());

/** @param {any[]} args */
const validate = (...args) => worker.call("caller", "validate", ...args);

test("a caller is trusted", async () => {
  const { answer } = await validate({ code: " save10 ", cart: CART, customer_id: "c-1" });
  assert.ok(answer.snapshot.age_ms >= 0);
  delete answer.snapshot;
  assert.deepEqual(answer, {
    valid: true,
    code: "save10",
    deal: { id: "ten", name: "10 % off", type: "general_sale" },
    quote: { currency: "USD", amount_minor: 123, benefit: null },
    unchecked: [],
    exact_reason: null,
    code_id: "save10",
    owner: "ana",
    remaining_estimate: null,
  });
});

test("a caller may name the instant; an order's own comes first", async () => {
  const [before, after] = ["2000-12-31T23:59:59.999Z", "2001-01-01T00:00:00Z"];
  const over = { code: "OVER", cart: CART };
  assert.equal((await validate(over, { at: before })).answer.valid, true);
  assert.equal((await validate(over, { at: after })).answer.exact_reason, "expired");
  assert.equal((await validate(over)).answer.exact_reason, "expired");
  const placed = { ...over, placed_at: before };
  assert.equal((await validate(placed, { at: after })).answer.valid, true);
});

/** What is wrong with a call, and where it is said to be. @type {[string, any[], string][]} */
const BAD = [
  ["nothing is asked", [], "$"],
  ["no object", ["SAVE10"], "$"],
  ["an unknown field", [{ code: "A", colour: 1 }], "colour"],
  ["an unknown field inside", [{ code: "A", cart: { total: 1 } }], "cart.total"],
  ["an event type of nobody's", [{ code: "A", cart: { event_type: "RENT" } }], "cart.event_type"],
  ["an unknown option", [{ code: "A" }, { when: 1 }], "options.when"],
  ["no instant", [{ code: "A" }, { at: "soon" }], "options.at"],
  ["no options", [{ code: "A" }, 7], "options"],
  ["another program", [{ code: "A" }, { program: "1001" }], "options.program"],
];
for (const [name, args, path] of BAD) {
  test(`bad call: ${name}`, async () => {
    const { answer, message = "", problem } = await validate(...args);
    assert.equal(answer, undefined);
    assert.equal(problem.status, 400);
    assert.equal(problem.type, "/problems/bad-request");
    assert.equal(problem.path, path);
    assert.equal(problem.instance, "rpc:validate");
    assert.equal(message, `${problem.title}: ${problem.detail}`);
  });
}

test("an order is decided as it is over HTTP, to the byte", async () => {
  const { answer } = await worker.call("caller", "credit", ORDER, DRY_RUN);
  const { status, body } = await worker.credit(ORDER, { authorization: "Bearer merchant" });
  assert.equal(status, 200);
  assert.equal(answer.credited.partner, "ana");
  assert.equal(JSON.stringify(answer), JSON.stringify(body));
});

test("an order is recorded as it is over HTTP", async () => {
  const order = { ...ORDER, order_id: "recorded" };
  const { answer } = await worker.call("caller", "credit", order);
  assert.equal(answer.outcome, "recorded");
  const again = await worker.record(order, { authorization: "Bearer merchant" });
  assert.deepEqual(again.body, { ...answer, outcome: "already_recorded" });
  const { problem } = await worker.call("caller", "credit", { ...order, subtotal_minor: 1 });
  assert.deepEqual([problem.status, problem.path], [409, "subtotal_minor"]);
});

test("a caller may force a partner", async () => {
  const order = { ...ORDER, forced_partner: "ben" };
  const { answer } = await worker.call("caller", "credit", order, DRY_RUN);
  assert.equal(answer.credited.basis, "forced");
});

/** @type {[string, any[], string][]} */
const BAD_ORDERS = [
  ["an unknown field", [{ ...ORDER, colour: 1 }, DRY_RUN], "colour"],
  ["an event type of nobody's", [{ ...ORDER, event_type: "RENT" }, DRY_RUN], "event_type"],
];
for (const [name, args, path] of BAD_ORDERS) {
  test(`bad order: ${name}`, async () => {
    const { answer, problem } = await worker.call("caller", "credit", ...args);
    assert.equal(answer, undefined);
    assert.equal(problem.status, 400);
    assert.equal(problem.path, path);
    assert.equal(problem.instance, "rpc:credit");
  });
}

test("a request larger than a body may be is refused", async () => {
  const { problem } = await validate({ code: "A".repeat(256 * 1024) });
  assert.equal(problem.status, 413);
});

test("an older caller hears what is wrong from the message alone", async () => {
  const { message, problem } = await worker.call("elder", "validate", { code: "A", colour: 1 });
  assert.match(message ?? "", /cannot be understood: colour: expected/);
  assert.equal(problem, undefined);
});

test("a newer snapshot is looked for after the answer", async () => {
  const next = buildSnapshot(catalog({ name: "Next" }));
  await worker.publish(next, 2);
  for (let tried = 1; ; tried += 1) {
    const { answer } = await validate({ code: "SAVE10" });
    if (answer.snapshot.id === next.id) break;
    assert.ok(tried < TRIES, "still the snapshot before");
  }
});

test("nothing else can be called", async () => {
  for (const method of ["public", "healthz", "route", "getMemory", "__wbg_reset_state"]) {
    const { answer, message } = await worker.call("caller", method, {});
    assert.equal(answer, undefined, method);
    assert.match(message ?? "", /does not implement the method/, method);
  }
});

test("vectors", async () => {
  const names = [...new Set(vectorFiles().map((file) => file.catalog))];
  const programs = Object.fromEntries(names.map((name) => [`${name}.example`, name]));
  const vars = { PROGRAM: null, PROGRAMS: JSON.stringify(programs) };
  const several = await startWorker({ vars, callers: CALLERS, hasLedger: false });
  try {
    for (const name of names) {
      const { program, ...rest } = vectorCatalog(name);
      await several.publish(buildSnapshot({ ...rest, program: { ...program, id: name } }));
    }
    await runVectors("RPC", async (file, vector) => {
      const { at = file.at, request } = vector;
      const order = orderOf(file, vector);
      const options = { at, program: file.catalog };
      const { answer, problem } = order
        ? await several.call("caller", "credit", order, { ...options, dry_run: true })
        : await several.call("caller", "validate", request, options);
      return { status: problem?.status ?? 200, body: answer ?? problem };
    }, trustedVectors());
    const { problem } = await several.call("caller", "validate", { code: "A" });
    assert.equal(problem.path, "options.program");
    assert.match(problem.expected, /^one of .*time/);
  } finally {
    await several.close();
  }
});

/** Those that a trusted caller can ask; what is no JSON cannot come this way. */
function trustedVectors() {
  const isOurs = (/** @type {import("../vectors/vectors.mjs").Vector} */ { caller, body }) =>
    caller !== "shopper" && body === undefined;
  return vectorFiles().map((file) => ({ ...file, cases: file.cases.filter(isOurs) }));
}
