// A shop behind the Worker, as a shopper and its merchant see it: two partners' links, a checkout,
// who is credited, and what becomes of the order.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { at } from "../../tools/project.mjs";
import { LOCAL_STATE } from "../../tools/sample.mjs";
import { SHOP_HOST, serveFront } from "../../tools/serve.mjs";
import { Visit, startShop } from "./shop.mjs";

/** @typedef {import("playwright-core").BrowserContextOptions} ContextOptions */

/** @type {import("./shop.mjs").Shop} */
let shop;

/** Orders of a run are not those of the next, nor of whoever works here: codes run out. */
const state = mkdtempSync(path.join(tmpdir(), "promo-shop-"));

before(async () => {
  for (const part of ["kv", "d1"]) {
    cpSync(at(LOCAL_STATE, part), path.join(state, "v3", part), { recursive: true });
  }
  shop = await startShop(({ port }) => serveFront({ port, args: ["--persist-to", state] }));
});
after(async () => {
  await shop.stop();
  rmSync(state, { recursive: true });
});

/** @param {ContextOptions} [context] */
async function enter(context = {}) {
  const page = await (await shop.browser.newContext(context)).newPage();
  const visit = new Visit(page);
  await page.goto(`http://${SHOP_HOST}:${shop.port}/`);
  return visit;
}

/** Follows a partner's link from the start page. @param {Visit} visit @param {string} partner */
async function follow({ page }, partner) {
  await page.click("header .brand");
  await page.click(`.road:has-text("${partner}") a`);
  // Not the heading: that of the page before names a lantern, too.
  await page.waitForURL(/\/lantern/);
}

/** @param {Visit} visit @param {string} code @param {number} [quantity] */
async function checkOut({ page }, code, quantity = 1) {
  await page.goto(`http://${SHOP_HOST}:${shop.port}/lantern`);
  await page.click("a:has-text('Buy it')");
  await page.fill("#quantity", String(quantity));
  await page.fill("#code", code);
  await page.click("button[type=submit]");
  await page.waitForSelector("h1:has-text('Thank you')");
}

/** What the page says, and the decision that it says it of. @param {Visit} visit */
async function told({ page }) {
  const textOf = async (/** @type {string} */ where) => (await page.textContent(where)) ?? "";
  return {
    outcome: await textOf(".outcome"),
    others: await page.locator(".other").allTextContents(),
    rules: await page.locator(".steps .rule").allTextContents(),
    news: await textOf("#news"),
    proof: (await textOf(".ledger .proof")).replace(/\s+/g, " ").trim(),
    decision: JSON.parse(await textOf("pre#answer")),
  };
}

test("two links, a checkout, and the decision explained", async () => {
  const visit = await enter();
  await follow(visit, "Mira Okafor");
  await follow(visit, "Ben Arroyo Rides");
  assert.equal(new URL(visit.page.url()).pathname, "/lantern");
  await checkOut(visit, " mira10 ");
  const { outcome, others, rules, proof, decision } = await told(visit);
  assert.match(outcome, /mira-okafor/);
  assert.equal(others.length, 1);
  assert.match(others[0], /ben-arroyo/);
  assert.deepEqual(rules, ["2", "3", "4", "9b", "9c", "10", "1.9"]);
  assert.equal(decision.credited.partner, "mira-okafor");
  assert.equal(decision.credited.basis, "promo_code");
  assert.deepEqual(decision.reasons, [{ partner: "ben-arroyo", reason: "OTHER_REF_PRIORITIZED" }]);
  assert.match(proof, /^Receipt verified\. .* of the kind recorded/);
  assert.match(proof, new RegExp(`Signed by http://${SHOP_HOST}:${shop.port} for programme 1000`));
  await visit.close();
});

test("without a code the last link is credited, however often it is followed", async () => {
  const visit = await enter();
  await follow(visit, "Ben Arroyo Rides");
  await follow(visit, "Mira Okafor");
  await visit.page.reload();
  await visit.page.reload();
  await checkOut(visit, "");
  const { outcome, proof, decision } = await told(visit);
  assert.match(outcome, /mira-okafor/);
  assert.match(proof, /^Receipt verified/);
  assert.equal(decision.credited.basis, "click");
  const counted = decision.trace.find((/** @type {any} */ { event }) => event === "clicks_counted");
  // Of clicks in a row the first and the last are kept.
  assert.equal(counted.eligible, 3);
  await visit.close();
});

test("a code whose policy is not met credits nobody", async () => {
  const visit = await enter();
  await follow(visit, "Mira Okafor");
  await checkOut(visit, "NIGHTRIDE15");
  const { others, decision } = await told(visit);
  assert.equal(decision.credited, null);
  assert.equal(others.length, 2);
  await visit.close();
});

test("the cookie is the browser's own business", async () => {
  const visit = await enter();
  await follow(visit, "Ben Arroyo Rides");
  const cookies = await visit.page.context().cookies();
  const [cookie] = cookies;
  assert.equal(cookies.length, 1);
  assert.equal(cookie.name, "__Host-promo-clicks");
  assert.equal(cookie.domain, SHOP_HOST);
  assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite], [true, true, "Lax"]);
  assert.equal(await visit.page.evaluate(() => document.cookie), "");
  await visit.close();
});

/** Presses a button of an order's page. @param {Visit} visit @param {string} name */
async function press({ page }, name) {
  await Promise.all([page.waitForURL(/#news$/), page.click(`button:has-text("${name}")`)]);
}

test("an order is recorded, cancelled, and stays cancelled", async () => {
  const visit = await enter();
  await checkOut(visit, "MIRA10");
  const { news, decision } = await told(visit);
  assert.match(news, /recorded/);
  assert.equal(decision.outcome, "recorded");
  assert.equal(decision.state, "pending");
  assert.equal(decision.payout.amount_minor, 576);
  const other = await visit.page.context().newPage();
  await other.goto(visit.page.url());
  await press(visit, "Cancel order");
  const cancelled = await told(visit);
  assert.match(cancelled.news, /^Cancelled/);
  assert.equal(cancelled.decision.state, "reversed");
  assert.equal(cancelled.decision.current.payout_minor, 0);
  assert.match(cancelled.proof, /^Receipt verified/);
  assert.equal(await visit.page.locator("button:has-text('Cancel')").count(), 0);
  await press(new Visit(other), "Cancel order");
  const twice = await told(new Visit(other));
  assert.equal(twice.decision.outcome, "already_reversed");
  assert.deepEqual(twice.decision.reversed, cancelled.decision.reversed);
  await visit.close();
});

test("what comes back is not paid for", async () => {
  const visit = await enter();
  await checkOut(visit, "MIRA10", 3);
  await press(visit, "Return one lantern");
  await visit.page.goto(visit.page.url().replace("#news", ""));
  await press(visit, "Return one lantern");
  const { decision } = await told(visit);
  assert.deepEqual(decision.adjustments.map((/** @type {any} */ left) => left.payout_minor), [
    1_152, 576,
  ]);
  assert.equal(await visit.page.locator(".adjustments li").count(), 2);
  assert.equal(await visit.page.locator("button:has-text('Return')").count(), 0);
  await visit.checkAccessibility("adjusted");
  await visit.close();
});

test("a code of three uses credits three orders, and another when one is cancelled", async () => {
  const visit = await enter();
  const partner = async () => {
    await checkOut(visit, "LAMP3");
    return (await told(visit)).decision.credited?.partner ?? null;
  };
  for (let use = 1; use <= 3; use += 1) assert.equal(await partner(), "ben-arroyo", `use ${use}`);
  const third = visit.page.url();
  assert.equal(await partner(), null);
  const { others, decision } = await told(visit);
  assert.deepEqual(decision.reasons, [
    { partner: "ben-arroyo", reason: "MAX_RECURRENCES_REACHED" },
  ]);
  assert.match(others[0], /ben-arroyo/);
  assert.match(await visit.page.textContent(".told") ?? "", /where no use of a code is counted/);
  await visit.page.goto(third);
  await press(visit, "Cancel order");
  let again = null;
  // A use goes back after the answer.
  for (let tries = 0; tries < 20 && again === null; tries += 1) again = await partner();
  assert.equal(again, "ben-arroyo");
  await visit.close();
});

test("the shop hears of its orders", async () => {
  const visit = await enter();
  await checkOut(visit, "MIRA10");
  await press(visit, "Cancel order");
  const events = visit.page.locator(".events code");
  while ((await events.count()) < 2) await visit.page.reload();
  assert.deepEqual(await events.allTextContents(), ["order.recorded", "order.reversed"]);
  await visit.checkAccessibility("with events");
  await visit.close();
});

test("the explanation in five languages", async () => {
  const visit = await enter();
  await follow(visit, "Mira Okafor");
  await checkOut(visit, "STAFF50");
  const outcomes = new Set();
  for (const name of ["English", "Français", "Deutsch", "日本語", "简体中文"]) {
    await visit.page.click(`.languages a:has-text("${name}")`);
    await visit.page.waitForSelector(`.languages [aria-current]:has-text("${name}")`);
    outcomes.add((await told(visit)).outcome);
    assert.equal(await visit.page.locator(".steps li").count(), 4);
    await visit.checkAccessibility(name);
  }
  assert.equal(outcomes.size, 5);
  await visit.close();
});

/** @type {[string, ContextOptions][]} */
const WAYS = [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["on a telephone", { viewport: { width: 360, height: 740 } }],
  ["without scripts", { javaScriptEnabled: false }],
];
for (const [what, context] of WAYS) {
  test(`every page can be perceived: ${what}`, async () => {
    const visit = await enter(context);
    const { page } = visit;
    const look = async (/** @type {string} */ where) => {
      if (context.javaScriptEnabled === false) return;
      await visit.checkAccessibility(where);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= (context.viewport?.width ?? 1280), `${where}: nothing sticks out`);
    };
    await look("start");
    await follow(visit, "Ben Arroyo Rides");
    await look("lantern");
    await page.click("a:has-text('Buy it')");
    await page.waitForURL(/\/checkout/);
    await look("checkout");
    await page.click("button[type=submit]");
    await page.waitForSelector("h1:has-text('Thank you')");
    for (const summary of await page.locator("summary").all()) await summary.click();
    await look("order");
    await press(visit, "Cancel order");
    await look("cancelled");
    await page.goto(`http://${SHOP_HOST}:${shop.port}/nowhere`);
    await look("error");
    await visit.close(/404/);
  });
}
