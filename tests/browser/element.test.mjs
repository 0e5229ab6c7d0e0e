// What the field is to a page: attributes and properties, events, states, and the ways in which
// codes come in.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { COMMAND } from "../../tools/build.mjs";
import { LANGUAGES, startShop, textsOf } from "./shop.mjs";

/** @type {import("./shop.mjs").Shop} */
let shop;
const en = await textsOf("en");

before(async () => {
  shop = await startShop();
});
after(() => shop.stop());

/** @typedef {import("./shop.mjs").Visit} Visit */

/** Writes down the events of the field. @param {Visit} visit */
async function record(visit) {
  await visit.page.evaluate(() => {
    /** @type {unknown[]} */
    const events = [];
    Object.assign(globalThis, { events });
    for (const what of ["validating", "validated", "refused", "error", "cleared"]) {
      document.addEventListener(`promo-code-${what}`, (/** @type {any} */ event) => {
        const { code, provisional, answer, failure } = event;
        const reason = answer?.reason ?? failure?.outcome;
        events.push([what, code, ...(provisional ? ["provisional"] : []), reason].filter(Boolean));
      });
    }
  });
  return () => visit.page.evaluate(() => /** @type {any} */ (globalThis).events.splice(0));
}

/** Bodies of the questions. @param {Visit} visit @returns {any[]} */
function questions(visit) {
  /** @type {any[]} */
  const asked = [];
  visit.page.on("request", (request) => {
    if (/\/v1\/validate$/.test(request.url())) asked.push(request.postDataJSON());
  });
  return asked;
}

test("an event for each outcome", async () => {
  const visit = await shop.visit();
  const events = await record(visit);
  await visit.ask("SUMMER26");
  await visit.settles("valid");
  assert.deepEqual(await events(), [["validating", "SUMMER26"], ["validated", "SUMMER26"]]);
  await visit.input.press("Backspace");
  assert.deepEqual(await events(), [["cleared", "SUMMER26"]]);
  await visit.ask("NOPE");
  await visit.settles("refused");
  assert.deepEqual(await events(), [["validating", "NOPE"], ["refused", "NOPE", "not_valid"]]);
  await visit.input.fill("X".repeat(65));
  assert.deepEqual(await events(), [["refused", "X".repeat(65), "malformed"]]);
  await visit.page.context().setOffline(true);
  await visit.ask("NOBODY");
  await visit.settles("offline");
  assert.deepEqual(await events(), [["validating", "NOBODY"], ["error", "NOBODY", "offline"]]);
  await visit.close(/Failed to load resource/);
});

test("a yes that stood is kept when nobody can be reached, and said to be provisional", async () => {
  const visit = await shop.visit();
  await visit.ask("BIG50");
  await visit.page.click('[data-sku="LL-TENT-2"] .add');
  await visit.settles("valid");
  const events = await record(visit);
  await visit.page.context().setOffline(true);
  await visit.page.click('[data-sku="LL-TENT-2"] [data-step="1"]');
  await visit.settles("provisional");
  const told = await events();
  assert.deepEqual(told.at(-1), ["error", "BIG50", "provisional", "offline"]);
  assert.ok((await visit.said()).includes(en.provisional_offline));
  await visit.close(/Failed to load resource/);
});

test("properties are attributes, whichever is set, and whenever", async () => {
  const visit = await shop.visit();
  const said = await visit.page.evaluate(async () => {
    const early = /** @type {any} */ (document.createElement("promo-late"));
    Object.assign(early, { currency: "EUR", subtotalMinor: 500, maxCodes: 2, items: [] });
    document.body.append(early);
    const PromoCodeElement = /** @type {any} */ (customElements.get("promo-code"));
    customElements.define("promo-late", class extends PromoCodeElement {});
    const taken = [early.getAttribute("currency"), early.getAttribute("subtotal-minor")];
    early.setAttribute("max-codes", "4");
    early.setAttribute("event-type", "SALE");
    const read = [early.maxCodes, early.eventType, early.items.length];
    early.currency = null;
    early.setAttribute("subtotal-minor", "12.5");
    return [...taken, ...read, early.hasAttribute("currency"), early.subtotalMinor];
  });
  assert.deepEqual(said, ["EUR", "500", 4, "SALE", 0, false, null]);
  await visit.close();
});

test("a form's own ways: disabled, reset, states for CSS", async () => {
  const visit = await shop.visit();
  await visit.ask("SUMMER26");
  await visit.settles("valid");
  const seen = await visit.field.evaluate((/** @type {any} */ field) => {
    const isState = field.matches(":state(valid)");
    const fieldset = document.createElement("fieldset");
    field.before(fieldset);
    fieldset.append(field);
    fieldset.disabled = true;
    const button = field.shadowRoot.querySelector("[part~=button]");
    const isDisabled = button.disabled;
    fieldset.disabled = false;
    const isForm = field.form === document.querySelector("form.checkout");
    field.form.reset();
    return [isState, isDisabled, button.disabled, isForm, field.state, field.input.value];
  });
  assert.deepEqual(seen, [true, true, false, true, "idle", ""]);
  await visit.close();
});

test("pasted and autofilled codes are asked about without a key", async () => {
  const visit = await shop.visit();
  const asked = questions(visit);
  await visit.input.focus();
  await visit.page.keyboard.insertText("SUMMER2");
  assert.equal(asked.length, 0, "typing alone asks nothing");
  await visit.page.evaluate(() => {
    const input = /** @type {HTMLInputElement} */ (document.querySelector("#code"));
    input.value = " SUMMER26\u200b";
    input.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
  });
  await visit.settles("valid");
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
    await devtools.send("Input.imeSetComposition", { text: "", selectionStart: 0, selectionEnd: 0 });
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
  await visit.page.waitForSelector("promo-code[aria-busy]");
  await visit.input.press("Backspace");
  assert.match((await givenUp).failure()?.errorText ?? "", /ABORTED/);
  await visit.ask("GIFT");
  await visit.settles("valid");
  await visit.close();
});

test("a network that never answers is given up, twice, and what was typed is kept", async () => {
  let tries = 0;
  const visit = await shop.visit({
    prepare: (page) => page.route("**/v1/validate", (route) => {
      tries += 1;
      // Nobody answers the first two.
      if (tries > 2) return route.continue();
    }),
  });
  await visit.field.evaluate(async (/** @type {any} */ field) => {
    const { createClient } = await import(new URL("promo-edge/client.js", location.href).href);
    field.client = createClient({ endpoint: "/v1/validate", timeoutMs: 200, retryDelayMs: 20 });
  });
  await visit.ask("SUMMER26");
  await visit.settles("offline");
  assert.equal(tries, 2);
  assert.equal(await visit.said(), en.offline);
  assert.equal(await visit.input.inputValue(), "SUMMER26");
  await visit.page.evaluate(() => dispatchEvent(new Event("online")));
  await visit.settles("valid");
  await visit.close();
});

test("a server in trouble is asked once more; one that is overrun says when to come back", async () => {
  let tries = 0;
  const visit = await shop.visit({
    prepare: (page) => page.route("**/v1/validate", (route) => {
      tries += 1;
      if (tries === 1) return route.fulfill({ status: 503 });
      if (tries === 2) return route.continue();
      return route.fulfill({ status: 429, headers: { "Retry-After": "120" } });
    }),
  });
  await visit.ask("GIFT");
  await visit.settles("valid");
  assert.equal(tries, 2);
  await visit.ask("SUMMER26");
  await visit.settles("error");
  assert.equal(await visit.said(), `${en.too_many_requests} You can try again in 2 minutes.`);
  assert.equal(await visit.input.inputValue(), "SUMMER26", "what was typed is kept");
  await visit.close(/Failed to load resource/);
});

test("signals: a script that tries codes is reported, a shopper is not", async () => {
  const visit = await shop.visit();
  const asked = questions(visit);
  for (const code of ["GIFT", "NOPE", "GIFT", "FREESHIP"]) {
    await visit.ask(code);
    await visit.settles("valid", "refused");
  }
  assert.deepEqual(asked.map(({ signals }) => signals), [undefined, undefined, undefined, undefined]);
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

test("forced colours, reduced motion and right to left leave nothing out", async () => {
  for (const lang of LANGUAGES) {
    const context = /** @type {const} */ ({ forcedColors: "active", reducedMotion: "reduce" });
    const visit = await shop.visit({ lang, context });
    await visit.page.evaluate(() => (document.documentElement.dir = "rtl"));
    await visit.ask("BIG50");
    await visit.settles("refused");
    const [icon, button, moving] = await visit.field.evaluate((field) => {
      const root = /** @type {ShadowRoot} */ (field.shadowRoot);
      const box = (/** @type {string} */ part) =>
        /** @type {Element} */ (root.querySelector(`[part~=${part}]`)).getBoundingClientRect();
      const longest = root.getAnimations().map(({ effect }) =>
        Number(effect?.getComputedTiming().duration));
      return [box("icon").left, box("button").left, Math.max(0, ...longest)];
    });
    const input = await visit.input.boundingBox();
    assert.ok(button < (input?.x ?? 0), "the button is at the end of the line");
    assert.ok(icon > button, "and the sign at its beginning");
    assert.ok(moving <= 1, "nothing moves");
    await visit.close();
  }
});

test("a mistyped check symbol is noticed here, and a right one asked about", async () => {
  const seed = `${mkdtempSync(join(tmpdir(), "promo-edge-"))}/seed`;
  const generate = ["generate", "--pattern", "VOUCHER-#####", "--count", "3", "--check-symbol"];
  const printed = execFileSync(COMMAND, [...generate, "--program", "1000", "--seed-file", seed], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const visit = await shop.visit();
  const asked = questions(visit);
  await visit.field.evaluate((/** @type {any} */ field) => (field.checkSymbol = "GIFT- voucher-"));
  for (const [, code] of String(printed).matchAll(/^(VOUCHER-\w{5}),/gm)) {
    const wrong = code.replace(/.$/, (last) => (last === "3" ? "4" : "3"));
    asked.length = 0;
    await visit.ask(wrong.toLowerCase());
    await visit.settles("refused");
    assert.equal(await visit.said(), en["malformed/check_symbol"]);
    assert.equal(asked.length, 0);
    await visit.ask(code.toLowerCase());
    await visit.settles("refused");
    assert.equal(await visit.said(), en.not_valid);
    assert.equal(asked.length, 1);
  }
  await visit.close();
});

test("the public code that was meant is suggested, and taken with one press", async () => {
  const visit = await shop.visit();
  const codes = visit.page.waitForResponse(/public_bg\.wasm$/);
  await visit.input.focus();
  await codes;
  await assert.doesNotReject(async () => {
    // Compiling follows the download.
    for (let tries = 0; tries < 50; tries += 1) {
      await visit.ask("");
      await visit.ask("HELLO1O");
      await visit.settles("refused");
      if ((await visit.said()).includes("HELLO10")) return;
    }
    assert.fail("nothing is suggested");
  });
  assert.equal(await visit.said(), `${en.not_valid} Did you mean HELLO10, with the digit 0?`);
  await visit.checkAccessibility("a suggestion");
  await visit.field.getByRole("button", { name: "Use HELLO10" }).click();
  await visit.settles("valid");
  assert.equal(await visit.input.inputValue(), "HELLO10");
  assert.equal(await visit.page.evaluate(() => document.activeElement?.id), "code");
  await visit.ask("STAFF-1234O");
  await visit.settles("refused");
  assert.equal(await visit.said(), en.not_valid, "nothing is suggested of private codes");
  await visit.close();
});
