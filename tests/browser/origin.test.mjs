// A shop behind the Worker, as a shopper and its merchant see it: two partners' links, a checkout,
// and who is credited.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { SHOP_HOST, serveFront } from "../../tools/serve.mjs";
import { Visit, startShop } from "./shop.mjs";

/** @typedef {import("playwright-core").BrowserContextOptions} ContextOptions */

/** @type {import("./shop.mjs").Shop} */
let shop;

before(async () => {
  shop = await startShop(serveFront);
});
after(() => shop.stop());

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
  await page.waitForSelector("h1:has-text('lantern')");
}

/** @param {Visit} visit @param {string} code */
async function checkOut({ page }, code) {
  await page.click("a:has-text('Buy it')");
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
    proof: (await textOf(".proof")).replace(/\s+/g, " ").trim(),
    decision: JSON.parse(await textOf("pre")),
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
  assert.deepEqual(rules, ["2", "3", "4", "9b", "9c", "10"]);
  assert.equal(decision.credited.partner, "mira-okafor");
  assert.equal(decision.credited.basis, "promo_code");
  assert.deepEqual(decision.reasons, [{ partner: "ben-arroyo", reason: "OTHER_REF_PRIORITIZED" }]);
  assert.match(proof, /^Receipt verified\. .* of the kind proxy/);
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
    await look("checkout");
    await page.click("button[type=submit]");
    await page.waitForSelector("h1:has-text('Thank you')");
    await page.click("summary");
    await look("order");
    await page.goto(`http://${SHOP_HOST}:${shop.port}/nowhere`);
    await look("error");
    await visit.close(/404/);
  });
}
