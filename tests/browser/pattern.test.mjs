// The pattern editor in Chromium: built and pasted patterns, in five languages, by keyboard, on a
// phone, and compared with a catalogue.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { LANGUAGES, startShop } from "./shop.mjs";

/** @typedef {import("playwright-core").Page} Page */

const PATH = "admin/pattern/";

/** @type {import("./shop.mjs").Shop} */
let shop;

before(async () => {
  shop = await startShop();
});
after(() => shop.stop());

/** @param {string} lang */
const textsOf = async (lang) => (await import(`../../www/admin/pattern/texts/${lang}.js`)).default;
const en = await textsOf("en");

/** @param {Page} page */
const patternField = (page) => page.getByRole("textbox", { name: en.pattern, exact: true });
/** @param {Page} page */
const textField = (page) => page.getByRole("textbox", { name: en.text, exact: true });

/**
 * Waits until the page says this of the pattern.
 *
 * @param {Page} page
 * @param {string} words
 */
async function says(page, words) {
  await page.locator(".pattern-meaning").getByText(words, { exact: true }).first().waitFor();
}

test("what is built is explained, and tried", async () => {
  const visit = await shop.visit({ path: PATH });
  const { page } = visit;
  await says(page, "The code is “SUMMER”, then exactly 2 digits, then anything or nothing.");
  await textField(page).fill("SPRING, 20%");
  await page.getByLabel(en.digits, { exact: true }).selectOption("none");
  await says(page, "The code starts with “SPRING” or “20%”; anything or nothing may follow.");
  assert.equal(await patternField(page).inputValue(), "^(SPRING|20%).*");
  await page.getByRole("radio", { name: en.ends_with }).check();
  await page.getByRole("checkbox", { name: en.any_case }).check();
  await says(page, "The code ends with “SPRING” or “20%”; anything or nothing may come before.");
  assert.equal(await patternField(page).inputValue(), "^(?i).*(SPRING|20%)$");
  await page.getByRole("textbox", { name: en.trial }).fill("my-spring\n ＭＹ20% \nSUMMER\n");
  const tried = page.locator(".pattern-tried li");
  await page.getByText("Matching: 2 of 3", { exact: true }).waitFor();
  assert.deepEqual(await tried.allInnerTexts().then((all) => all.map((one) => one.split("\n"))), [
    ["my-spring", en.match],
    [" ＭＹ20% ", en.match, "read as MY20%"],
    ["SUMMER", en.no_match],
  ]);
  assert.equal(decodeURIComponent(new URL(page.url()).hash), "#^(?i).*(SPRING|20%)$");
  await visit.close();
});

test("a pasted pattern is told in the fields, or that it says more than they can", async () => {
  const visit = await shop.visit({ path: PATH });
  const { page } = visit;
  const unbuilt = page.getByText(en.unbuilt);
  await patternField(page).fill("(?i:.*vip.*)");
  await says(page, "The code contains “vip”; anything or nothing may come before and after.");
  assert.equal(await textField(page).inputValue(), "vip");
  assert.ok(await page.getByRole("radio", { name: en.contains }).isChecked());
  assert.ok(await page.getByRole("checkbox", { name: en.any_case }).isChecked());
  await patternField(page).fill("SALE[0-9]{3,}");
  await page.waitForFunction(() => {
    const digits = /** @type {HTMLSelectElement | null} */ (
      document.querySelector("select[id$=digits]")
    );
    return digits?.value === "at_least";
  });
  assert.equal(await page.getByLabel(en.digits_least).inputValue(), "3");
  assert.ok(!(await unbuilt.isVisible()));
  await patternField(page).fill("[A-Z]{3}-[0-9]{4}");
  await unbuilt.waitFor();
  await visit.checkAccessibility("a pattern that has no form");
  await patternField(page).fill("");
  await page.getByText(en.nothing).waitFor();
  assert.ok(!(await unbuilt.isVisible()));
  await visit.close();
});

test("what is no pattern is refused, its place marked", async () => {
  const visit = await shop.visit({ path: PATH });
  const { page } = visit;
  await patternField(page).fill("SUMMER(25");
  await page.getByRole("heading", { name: en.refused }).waitFor();
  assert.equal(await page.locator(".pattern-place mark").textContent(), "(");
  assert.equal(await patternField(page).getAttribute("aria-invalid"), "true");
  await says(page, "Character 7: This ( is never closed.");
  await page.getByRole("status").getByText("never closed").waitFor({ state: "attached" });
  await visit.checkAccessibility("a refused pattern");
  await patternField(page).fill("SUMMER(25)");
  await says(page, "The code is “SUMMER25”.");
  assert.equal(await patternField(page).getAttribute("aria-invalid"), "false");
  await visit.close();
});

test("the keyboard is enough", async () => {
  const visit = await shop.visit({ path: PATH });
  const { page } = visit;
  await page.getByRole("radio", { name: en.starts_with }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("OFF");
  await page.keyboard.press("Tab");
  await page.keyboard.type("none");
  await says(page, "The code ends with “OFF”; anything or nothing may come before.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await says(page, "Capitals and small letters make no difference.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("20off");
  await page.getByText("Matching: 1 of 1", { exact: true }).waitFor();
  await visit.close();
});

test("a catalogue's codes that match the same are found, in the page's language", async () => {
  const visit = await shop.visit({ path: PATH });
  const { page } = visit;
  await page.evaluate(async () => {
    const url = new URL("./pattern.js", location.href).href;
    const { mountPattern } = await import(url);
    const place = document.querySelector("#editor");
    let loads = 0;
    const codes = [
      { id: "c1", code: "summer25", match_type: "exact" },
      { id: "c2", code: "WINTER", match_type: "exact" },
      { id: "c3", code: "^.*(25)$", match_type: "regex" },
      ...Array.from({ length: 700 }, (_, at) => (
        { id: `n${at}`, code: `OTHER${at}`, match_type: "exact" }
      )),
    ];
    const loadOthers = async () => {
      loads += 1;
      if (loads === 1) throw new Error("away");
      return codes;
    };
    const editor = await mountPattern(place, { pattern: "^(SUMMER).*", lang: "en", loadOthers });
    Object.assign(globalThis, { editor });
  });
  await page.getByText(en.overlaps_failed).waitFor();
  await page.getByRole("button", { name: en.again }).click();
  await page.getByText("Codes found: 2. Compared: 703.").waitFor();
  const found = page.locator(".pattern-overlaps li");
  assert.deepEqual(await found.allInnerTexts().then((all) => all.map((one) => one.split("\n"))), [
    ["summer25", en.exact, "Both match SUMMER25"],
    ["^.*(25)$", en.regex, "Both match SUMMER25"],
  ]);
  await visit.checkAccessibility("codes that match the same");
  await page.evaluate(() => /** @type {any} */ (globalThis).editor.setLang("de"));
  await page.getByText("Gefundene Codes: 2. Verglichen: 703.").waitFor();
  await page.evaluate(() => (/** @type {any} */ (globalThis).editor.value = "^(SPRING)$"));
  await page.getByText((await textsOf("de")).overlaps_none).waitFor();
  await page.evaluate(() => /** @type {any} */ (globalThis).editor.destroy());
  assert.equal(await page.locator("#editor > *").count(), 0);
  await visit.close();
});

test("it says so when the module cannot be had, and goes on when it can", async () => {
  let isAway = true;
  const prepare = (/** @type {Page} */ page) =>
    page.context().route("**/desk_bg.wasm", (route) => (isAway ? route.abort() : route.continue()));
  const visit = await shop.visit({ path: PATH, prepare, isReady: ".pattern-refusal" });
  const { page } = visit;
  await page.getByRole("alert").getByText(en.failed).waitFor();
  isAway = false;
  await patternField(page).fill("^(SUMMER).*");
  await says(page, "The code starts with “SUMMER”; anything or nothing may follow.");
  assert.ok(!(await page.getByRole("alert").isVisible()));
  await visit.close(/ERR_FAILED/);
});

for (const lang of LANGUAGES) {
  test(`in ${lang} the page is complete and accessible, wide or narrow`, async () => {
    const texts = await textsOf(lang);
    for (const [width, colorScheme] of /** @type {const} */ ([[1280, "light"], [320, "dark"]])) {
      const context = { viewport: { width, height: 800 }, colorScheme };
      const visit = await shop.visit({ path: PATH, lang, context });
      const { page } = visit;
      assert.equal(await page.title(), texts.title);
      const input = page.getByRole("textbox", { name: texts.pattern, exact: true });
      await input.fill("(SUMMER|WINTER)-?(?:[A-Z]{2}|VIP[0-9]+)[a-z]{3}(x[0-9])*");
      await page.getByRole("textbox", { name: texts.trial }).fill("SUMMERABabc\n\u200bSUMMER");
      await page.locator(".pattern-tried li").nth(1).waitFor();
      await page.locator(".pattern-list.warnings").waitFor();
      const isWide = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      assert.ok(!isWide, `scrolls sideways at ${width}`);
      await visit.checkAccessibility(`${lang} ${width} ${colorScheme}`);
      await input.fill("[Z-A]");
      await page.getByRole("heading", { name: texts.refused }).waitFor();
      await visit.checkAccessibility(`${lang} ${width} ${colorScheme}, refused`);
      await visit.close();
    }
  });
}
