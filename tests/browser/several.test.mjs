// Several codes on one order: a list of them, which the form submits and which the cart changes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startShop, textsOf } from "./shop.mjs";

/** @type {import("./shop.mjs").Shop} */
let shop;
const en = await textsOf("en");

before(async () => {
  shop = await startShop();
});
after(() => shop.stop());

/** @typedef {import("./shop.mjs").Visit} Visit */

/**
 * A checkout that takes three codes.
 *
 * @param {NonNullable<Parameters<typeof shop.visit>[0]>} [options]
 */
async function visitForThree(options = {}) {
  const visit = await shop.visit(options);
  await visit.field.evaluate((/** @type {any} */ field) => (field.maxCodes = 3));
  return visit;
}

/** What the list shows. @param {Visit} visit */
const listed = (visit) =>
  visit.page.locator("promo-code li").evaluateAll((items) =>
    items.map((item) => item.textContent));

/** What the form submits. @param {Visit} visit */
const submitted = (visit) =>
  visit.page.locator("form.checkout").evaluate((form) =>
    new FormData(/** @type {HTMLFormElement} */ (form)).getAll("promo_code"));

/** @param {Visit} visit @param {string} code */
async function apply(visit, code) {
  await visit.ask(code);
  await visit.page.waitForSelector(`promo-code li:has-text("${code}")`);
}

test("each code that applies joins the list and leaves room for the next", async () => {
  const visit = await visitForThree();
  await apply(visit, "HELLO10");
  assert.equal(await visit.input.inputValue(), "");
  assert.equal(await visit.said(), "HELLO10: You save $24.40.");
  await apply(visit, "FREESHIP");
  assert.deepEqual(await listed(visit), ["HELLO10 −$24.40", `FREESHIP ${en.free_shipping}`]);
  assert.deepEqual((await submitted(visit)).filter(Boolean), ["HELLO10", "FREESHIP"]);
  assert.deepEqual(await codes(visit), ["HELLO10", "FREESHIP"]);
  await visit.checkAccessibility("two codes");
  await visit.close();
});

/** @param {Visit} visit */
const codes = (visit) =>
  visit.field.evaluate((/** @type {any} */ field) =>
    field.applied.map((/** @type {any} */ { code }) => code));

test("twice the same and one too many are refused by the page", async () => {
  let asked = 0;
  const visit = await visitForThree();
  for (const code of ["HELLO10", "FREESHIP", "GIFT"]) {
    await apply(visit, code);
    if (code !== "HELLO10") continue;
    visit.page.on("request", (request) => (asked += Number(/validate$/.test(request.url()))));
    await visit.ask(" hello10 ");
    await visit.settles("refused");
    assert.equal(await visit.said(), en.already_applied);
    assert.equal(asked, 0);
  }
  await visit.ask("SUMMER26");
  await visit.settles("refused");
  assert.equal(await visit.said(), en["too_many_codes/other"].replace("{limit}", "3"));
  assert.equal(asked, 2);
  await visit.close();
});

test("a code is taken back with the keyboard, and the focus stays near", async () => {
  const visit = await visitForThree();
  for (const code of ["HELLO10", "FREESHIP"]) await apply(visit, code);
  const remove = visit.field.getByRole("button", { name: "Remove HELLO10" });
  await remove.focus();
  await visit.page.keyboard.press("Enter");
  assert.deepEqual(await codes(visit), ["FREESHIP"]);
  assert.equal(await visit.said(), `HELLO10: ${en.removed}`);
  const focused = () => visit.field.evaluate((field) =>
    field.shadowRoot?.activeElement?.getAttribute("aria-label") ?? document.activeElement?.id);
  assert.equal(await focused(), "Remove FREESHIP");
  await visit.page.keyboard.press("Enter");
  assert.equal(await focused(), "code", "with the last of them gone, to the input");
  assert.deepEqual(await submitted(visit), [""]);
  await visit.close();
});

test("another cart refuses a code in the list, and brings it back", async () => {
  const visit = await visitForThree();
  await visit.page.click('[data-sku="LL-TENT-2"] .add');
  await apply(visit, "BIG50");
  await apply(visit, "FREESHIP");
  await visit.page.click('[data-sku="LL-TENT-2"] [data-step="-1"]');
  const refused = visit.page.locator("promo-code li", { hasText: en.minimum_purchase });
  await refused.waitFor();
  assert.equal(await visit.said(), `BIG50: ${en.minimum_purchase}`);
  assert.equal(await visit.input.getAttribute("aria-invalid"), null, "the input is not at fault");
  assert.deepEqual((await submitted(visit)).filter(Boolean), ["FREESHIP"]);
  await visit.checkAccessibility("one refused");
  await visit.page.click('[data-sku="LL-TENT-2"] .add');
  await refused.waitFor({ state: "detached" });
  assert.deepEqual(await codes(visit), ["BIG50", "FREESHIP"]);
  await visit.close();
});

test("resetting the form empties the list; going back brings it back", async () => {
  const visit = await visitForThree();
  await apply(visit, "FREESHIP");
  const form = visit.page.locator("form.checkout");
  await form.evaluate((one) => /** @type {HTMLFormElement} */ (one).reset());
  assert.deepEqual(await codes(visit), []);
  // What a browser does when the shopper comes back to the page.
  await visit.field.evaluate((/** @type {any} */ field) => {
    const state = new FormData();
    state.append("promo_code", "GIFT");
    field.formStateRestoreCallback(state, "restore");
  });
  await visit.page.waitForSelector(`promo-code li:has-text("${en.gift}")`);
  assert.deepEqual((await submitted(visit)).filter(Boolean), ["GIFT"]);
  await visit.close();
});

test("offline, a list stays and is confirmed later", async () => {
  const visit = await visitForThree();
  await apply(visit, "HELLO10");
  await visit.page.context().setOffline(true);
  await visit.page.click('[data-sku="LL-TENT-2"] .add');
  const waiting = visit.page.locator("promo-code li[part~=code-provisional]");
  await waiting.waitFor({ timeout: 15_000 });
  assert.deepEqual(await codes(visit), ["HELLO10"]);
  await visit.page.context().setOffline(false);
  await waiting.waitFor({ state: "detached" });
  assert.deepEqual(await listed(visit), ["HELLO10 −$57.30"]);
  await visit.close(/Failed to load resource/);
});

test("on a telephone, in each direction, nothing sticks out", async () => {
  for (const dir of ["ltr", "rtl"]) {
    const visit = await visitForThree({ context: { viewport: { width: 320, height: 700 } } });
    await visit.page.evaluate((to) => (document.documentElement.dir = to), dir);
    for (const code of ["HELLO10", "FREESHIP"]) await apply(visit, code);
    const width = await visit.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 320, dir);
    await visit.checkAccessibility(dir);
    await visit.close();
  }
});
