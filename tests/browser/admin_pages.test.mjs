// Every page of the desk, in every language: nothing that axe finds, nothing to scroll sideways for
// on a small phone, by light and by dark.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { REFUSALS, settled, startDesk } from "./desk.mjs";
import { LANGUAGES } from "./shop.mjs";

const PAGES = [
  "codes",
  "codes/new",
  "requests",
  "deals",
  "deals/new",
  "partners",
  "partners/mira-okafor",
  "lists",
  "lists/new",
  "settings",
  "audit",
];
const SIGHTS = /** @type {const} */ ([
  ["a desk by light", { viewport: { width: 1280, height: 860 }, colorScheme: "light" }],
  ["a small phone by dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }],
]);

/** @type {import("./desk.mjs").Desk} */
let desk;

before(async () => {
  desk = await startDesk();
});
after(() => desk.stop());

for (const lang of LANGUAGES) {
  for (const [sight, context] of SIGHTS) {
    test(`every page is good: ${lang}, on ${sight}`, async () => {
      const visit = await desk.visit({ lang, context });
      const { page } = visit;
      const tag = await page.evaluate(() => document.documentElement.lang);
      assert.equal(tag.split("-")[0], lang);
      for (const name of PAGES) {
        await page.evaluate((hash) => (location.hash = hash), `#/1000/${name}`);
        await settled(page);
        await visit.checkAccessibility(`${lang} ${name}`);
        const isWide = await page.evaluate(() =>
          document.documentElement.scrollWidth > document.documentElement.clientWidth);
        assert.equal(isWide, false, `${lang} ${name} is wider than the screen`);
      }
      await visit.close(REFUSALS);
    });
  }
}

test("a language is chosen in place, and remembered", async () => {
  const visit = await desk.visit({ hash: "settings" });
  const { page } = visit;
  await page.getByLabel("Language").selectOption("de");
  await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
  assert.equal(await page.title(), "Einstellungen · promo-edge");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  assert.equal(await page.evaluate(() => localStorage.getItem("promo-edge-language")), "de");
  await visit.close(REFUSALS);
});

test("signing in is accessible in every language", async () => {
  for (const lang of LANGUAGES) {
    const visit = await desk.visit({ lang, token: null });
    await visit.page.waitForSelector("main h1");
    await visit.checkAccessibility(`${lang} sign-in`);
    await visit.close(REFUSALS);
  }
});
