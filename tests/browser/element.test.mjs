// What the field is to a page: attributes and properties, events, states, and what it says.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { COMMAND } from "../../tools/build.mjs";
import { questions, record } from "./listening.mjs";
import { LANGUAGES, startShop, textsOf } from "./shop.mjs";

/** @type {import("./shop.mjs").Shop} */
let shop;
const en = await textsOf("en");

before(async () => {
  shop = await startShop();
});
after(() => shop.stop());

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

test("a yes that stood is kept when nobody can be reached, as provisional", async () => {
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

test("a server in trouble is asked once more; one that is overrun says until when", async () => {
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

test("forced colours and right to left leave nothing out", async () => {
  for (const lang of LANGUAGES) {
    const context = /** @type {const} */ ({ forcedColors: "active" });
    const visit = await shop.visit({ lang, context });
    await visit.page.evaluate(() => (document.documentElement.dir = "rtl"));
    await visit.ask("BIG50");
    await visit.settles("refused");
    const [icon, button, isInk] = await visit.field.evaluate((field) => {
      const root = /** @type {ShadowRoot} */ (field.shadowRoot);
      const box = (/** @type {string} */ part) =>
        /** @type {Element} */ (root.querySelector(`[part~=${part}]`)).getBoundingClientRect();
      const { stroke, color } = getComputedStyle(
        /** @type {Element} */ (root.querySelector("[part~=icon]")));
      return [box("icon").left, box("button").left, Number(stroke === color)];
    });
    const input = await visit.input.boundingBox();
    assert.ok(button < (input?.x ?? 0), "the button is at the end of the line");
    assert.ok(icon > button, "and the sign at its beginning");
    assert.equal(isInk, 1, "and it has the colour of the text");
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

test("what is no answer is a failure, whatever its status", async () => {
  const bodies = ["null", "<!doctype html><p>Not found</p>", '{"valid":"yes"}', '{"valid":true}'];
  for (const body of bodies) {
    const visit = await shop.visit({
      prepare: (page) => page.route("**/v1/validate", (route) => route.fulfill({ body })),
    });
    await visit.ask("SUMMER26");
    await visit.settles("error");
    assert.equal(await visit.said(), en.error, body);
    await visit.close();
  }
});

test("the field speaks the language around it, through any shadow", async () => {
  const visit = await shop.visit();
  const said = await visit.page.evaluate(async () => {
    const host = document.createElement("div");
    host.lang = "fr";
    const field = document.createElement("promo-code");
    field.innerHTML = "<label>Code <input></label>";
    host.attachShadow({ mode: "open" }).append(field);
    document.body.append(host);
    const button = /** @type {Element} */ (field.shadowRoot?.querySelector("[part~=button]"));
    while (!button.textContent) await new Promise((later) => setTimeout(later));
    return button.querySelector("[data-shown]")?.textContent;
  });
  assert.equal(said, (await textsOf("fr")).apply);
  await visit.close();
});
