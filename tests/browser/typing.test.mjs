// How codes come into the field: keys, paste, autofill, input methods, and scripts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { questions, record } from "./listening.mjs";
import { startShop, textsOf } from "./shop.mjs";

/** @type {import("./shop.mjs").Shop} */
let shop;
const en = await textsOf("en");

before(async () => {
  shop = await startShop();
});
after(() => shop.stop());

test("pasted and autofilled codes are asked about without a key", async () => {
  const visit = await shop.visit();
  const asked = questions(visit);
  await visit.input.focus();
  await visit.page.keyboard.insertText("SUMMER2");
  assert.equal(asked.length, 0, "typing alone asks nothing");
  await visit.page.keyboard.insertText("6 ");
  for (const keys of ["Control+A", "Control+X"]) await visit.page.keyboard.press(keys);
  assert.equal(asked.length, 0);
  await visit.page.keyboard.press("Control+V");
  await visit.settles("valid");
  assert.equal(asked[0].code, "SUMMER26 ", "as it was pasted: the Worker knows what to leave out");
  assert.equal(asked.length, 1);
  await visit.page.evaluate(() => {
    // As browsers fill a form: a value, an input without a type, and a change.
    const input = /** @type {HTMLInputElement} */ (document.querySelector("#code"));
    input.value = "FREESHIP";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await visit.page.waitForFunction(
    (said) => document.querySelector("promo-code [role=status]")?.textContent === said,
    en.free_shipping);
  assert.equal(asked.length, 2);
  await visit.close();
});

for (const [lang, unfinished, text] of [["ja", "なつ", "ようこそ10"], ["zh", "huan'ying", "欢迎10"]]) {
  test(`${lang}: an input method that is at work is left alone`, async () => {
    const visit = await shop.visit({ lang });
    const asked = questions(visit);
    const events = await record(visit);
    await visit.input.focus();
    const devtools = await visit.page.context().newCDPSession(visit.page);
    const composed = unfinished.repeat(30);
    const at = { selectionStart: composed.length, selectionEnd: composed.length };
    await devtools.send("Input.imeSetComposition", { text: composed, ...at });
    assert.deepEqual(await events(), [], "even what is too long for a code is not a code yet");
    const none = { text: "", selectionStart: 0, selectionEnd: 0 };
    await devtools.send("Input.imeSetComposition", none);
    await devtools.send("Input.insertText", { text });
    assert.equal(asked.length, 0);
    await visit.input.press("Enter");
    await visit.settles("valid", "refused");
    assert.deepEqual(asked.map(({ code }) => code), [text]);
    await visit.close();
  });
}

test("a newer text gives up the question before it", async () => {
  const visit = await shop.visit({
    prepare: (page) => page.route("**/v1/validate", (route) => {
      if (route.request().postDataJSON().code === "GIFT") return route.continue();
    }),
  });
  const givenUp = visit.page.waitForEvent("requestfailed");
  await visit.ask("SUMMER26");
  await visit.page.waitForSelector("promo-code[data-busy]");
  await visit.input.press("Backspace");
  assert.match((await givenUp).failure()?.errorText ?? "", /ABORTED/);
  await visit.ask("GIFT");
  await visit.settles("valid");
  await visit.close();
});

test("signals: a script that tries codes is reported, a shopper is not", async () => {
  const visit = await shop.visit();
  const asked = questions(visit);
  for (const code of ["GIFT", "NOPE", "GIFT", "FREESHIP"]) {
    await visit.ask(code);
    await visit.settles("valid", "refused");
  }
  assert.deepEqual(asked.map(({ signals }) => signals), Array(4).fill(undefined));
  await visit.page.evaluate(async () => {
    const field = /** @type {any} */ (document.querySelector("promo-code"));
    for (const code of ["SAVE5", "SAVE10", "SAVE15"]) {
      field.input.value = code;
      field.input.dispatchEvent(new Event("input", { bubbles: true }));
      await field.validate();
    }
  });
  const told = asked.slice(4).map(({ signals }) => signals);
  assert.deepEqual(told.map((signals) => signals.untrusted_inputs), [1, 2, 3]);
  assert.deepEqual(told.at(-1), { distinct_codes: 6, window_s: 10, untrusted_inputs: 3 });
  assert.equal(await visit.field.getAttribute("state"), "refused", "answered like any other");
  const logged = () => shop.log.some((line) =>
    line.includes('"signals":{"distinct_codes":6,"untrusted_inputs":3}'));
  for (const begun = Date.now(); !logged() && Date.now() - begun < 10_000;) {
    await visit.page.evaluate(() => null);
  }
  assert.ok(logged(), shop.log.slice(-5).join("\n"));
  await visit.close();
});

test("a key that is held asks once", async () => {
  const visit = await shop.visit({
    prepare: (page) => page.route("**/v1/validate", () => {}),
  });
  const asked = questions(visit);
  await visit.input.fill("SUMMER26");
  for (let times = 0; times < 10; times += 1) await visit.page.keyboard.down("Enter");
  await visit.page.keyboard.up("Enter");
  await visit.input.press("Enter");
  assert.equal(asked.length, 1);
  await visit.close();
});

test("another text, or another input, leaves no answer behind", async () => {
  const visit = await shop.visit();
  await visit.ask("SUMMER26");
  await visit.settles("valid");
  const applied = () => visit.field.evaluate((/** @type {any} */ field) => field.applied.length);
  await visit.page.route("**/v1/validate", (route) => route.fulfill({ status: 500 }));
  await visit.field.evaluate((/** @type {any} */ field) => {
    field.input.value = "ZZZ";
    field.validate();
  });
  await visit.settles("error");
  assert.equal(await applied(), 0, "what stood was about another text");
  await visit.page.unroute("**/v1/validate");
  await visit.ask("SUMMER26");
  await visit.settles("valid");
  await visit.field.evaluate((/** @type {any} */ field) => {
    const fresh = field.input.cloneNode();
    fresh.value = "";
    field.input.replaceWith(fresh);
  });
  await visit.settles("idle");
  assert.equal(await applied(), 0, "the new input is empty");
  await visit.ask("");
  await visit.settles("refused");
  await visit.field.evaluate((/** @type {any} */ field) => field.form.reset());
  await visit.settles("idle");
  assert.equal(await visit.input.getAttribute("aria-invalid"), null);
  await visit.close(/Failed to load resource/);
});

test("a text that a script has put there stays a script's when the focus leaves", async () => {
  const visit = await shop.visit();
  const asked = questions(visit);
  await visit.input.focus();
  await visit.input.evaluate((/** @type {any} */ input) => {
    input.value = "GIFT";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.blur();
  });
  await visit.settles("valid");
  assert.deepEqual(asked.map(({ signals }) => signals), [{ untrusted_inputs: 1 }]);
  await visit.close();
});

test("coming back to the page, the code that the browser kept is asked about", async () => {
  const visit = await shop.visit();
  const asked = questions(visit);
  // As a browser fills a form when it comes back: after the field has looked, and silently.
  await visit.input.evaluate((/** @type {any} */ input) => {
    input.value = "GIFT";
    dispatchEvent(new PageTransitionEvent("pageshow"));
  });
  await visit.settles("valid");
  assert.deepEqual(asked.map(({ code, signals }) => [code, signals]), [["GIFT", undefined]]);
  await visit.close();
});

test("what is pressed when the focus leaves is not moved from under the finger", async () => {
  const visit = await shop.visit();
  const asked = questions(visit);
  const codes = visit.page.waitForResponse(/public_bg\.wasm$/);
  await visit.input.focus();
  await codes;
  await visit.input.fill("HELLO10");
  const order = await visit.page.locator("button.order").first().boundingBox();
  assert.ok(order);
  await visit.page.mouse.move(order.x + 5, order.y + 5);
  await visit.page.mouse.down();
  await visit.page.evaluate(() => new Promise((later) => setTimeout(later, 200)));
  assert.equal(asked.length, 0, "the page holds still");
  await visit.page.mouse.up();
  await visit.page.waitForSelector("dialog[open]");
  await visit.settles("valid");
  assert.equal(asked.length, 1, "and the code is asked about");
  await visit.close();
});

test("leaving by the keyboard asks, whichever way it goes", async () => {
  const visit = await shop.visit();
  const asked = questions(visit);
  await visit.input.fill("FREESHIP");
  await visit.page.keyboard.press("Tab");
  assert.equal(asked.length, 0, "the button may be what comes next");
  await visit.page.keyboard.press("Tab");
  await visit.settles("valid");
  assert.equal(asked.length, 1);
  await visit.close();
});
