/**
 * A field in a page of somebody else's making, used as a shopper does.
 * @module
 */

import assert from "node:assert/strict";

import en from "../../www/promo-edge/locales/en.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {{ asked: string[] }} Site */

/** How often something is tried that has to be loaded first. */
const TRIES = 100;

/**
 * Opens a page in a fresh context and hands back what it complains about, too.
 *
 * @param {Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} [context]
 */
export async function openPage(browser, context = {}) {
  const page = await (await browser.newContext({ locale: "en-US", ...context })).newPage();
  // Browsers ask for one, and complain about a host that has none.
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  const complaints = /** @type {string[]} */ ([]);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  return { page, complaints };
}

/**
 * All that a field does with this package's own files: a malformed code is refused by the bundled
 * wasm, a public one is answered before the host has, and any other by the host.
 *
 * @param {Page} page
 * @param {Site} site
 */
export async function checkField(page, site) {
  await checkMalformed(page, site);
  await checkPublicCode(page);
  await checkAsking(page, site);
}

/** @param {Page} page @param {Site} site */
export async function checkMalformed(page, site) {
  const before = site.asked.length;
  await page.waitForSelector("promo-code[state=idle]");
  await until(page, "refused", () => page.locator("promo-code input").fill("X".repeat(65)));
  assert.equal(await said(page), en["malformed/too_long"]);
  assert.equal(site.asked.length, before, "nobody is asked");
  await page.locator("promo-code input").fill("");
}

/** @param {Page} page */
export async function checkPublicCode(page) {
  /** @type {(() => Promise<void>)[]} */
  let held = [];
  await page.route("**/v1/validate", (route) => void held.push(() => route.continue()));
  await page.locator("promo-code input").focus();
  await until(page, "provisional", async () => {
    await page.locator("promo-code input").fill("");
    held = [];
    await ask(page, "HELLO10");
  });
  assert.match((await said(page)) ?? "", /^You save \$12\.90\./);
  while (held.length === 0) await page.evaluate(() => null);
  for (const release of held) await release();
  await page.waitForSelector("promo-code[state=valid]:not([aria-busy])");
  await page.unroute("**/v1/validate");
}

/** @param {Page} page @param {Site} site */
export async function checkAsking(page, site) {
  await ask(page, "NOPE");
  await page.waitForSelector("promo-code[state=refused]:not([aria-busy])");
  assert.equal(await said(page), en.not_valid);
  assert.equal(site.asked.at(-1), "NOPE");
  await ask(page, "STROLL10");
  await page.waitForSelector("promo-code[state=valid]:not([aria-busy])");
  assert.equal(site.asked.at(-1), "STROLL10");
}

/** Without the package, the form submits what was typed. @param {Page} page */
export async function checkSubmitting(page) {
  await page.locator("input[name=promo_code]").fill("HELLO10");
  await page.locator("form button:not([part])").click();
  await page.waitForURL(/[?&]promo_code=HELLO10/);
}

/** @param {Page} page @param {string} code */
export async function ask(page, code) {
  await page.locator("promo-code input").fill(code);
  await page.locator("promo-code input").press("Enter");
}

/** @param {Page} page */
export async function said(page) {
  return page.locator("promo-code [role=status]").textContent();
}

/** @param {Page} page @param {string} state @param {() => Promise<unknown>} act */
async function until(page, state, act) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    await act();
    if ((await page.locator("promo-code").getAttribute("state")) === state) return;
  }
  assert.fail(`the field is never ${state}`);
}
