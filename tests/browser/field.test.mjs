// How the field behaves: keyboard, composition, slow and missing networks, and without JavaScript.

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

/**
 * Answers in place of the Worker when told to.
 *
 * @param {import("playwright-core").Page} page
 */
async function holdAnswers(page) {
  /** @type {Map<string, () => Promise<void>>} */
  const held = new Map();
  await page.route("**/v1/validate", (route) => {
    held.set(route.request().postDataJSON().code, () => route.continue());
  });
  return held;
}

/**
 * Writes down every text that the live region says.
 *
 * @param {import("playwright-core").Page} page
 */
async function listen(page) {
  await page.focus("#code");
  await page.evaluate(() => {
    /** @type {string[]} */
    const heard = [];
    Object.assign(globalThis, { heard });
    const region = /** @type {Element} */ (document.querySelector("promo-code [role=status]"));
    new MutationObserver(() => heard.push(region.textContent ?? "")).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  return () => page.evaluate(() => /** @type {any} */ (globalThis).heard.filter(Boolean));
}

/**
 * Waits until a question is under way.
 *
 * @param {import("./shop.mjs").Visit} visit
 */
async function checks(visit) {
  await visit.page.waitForSelector('promo-code[aria-busy]');
}

test("the keyboard is enough", async () => {
  const visit = await shop.visit();
  const { keyboard } = visit.page;
  /** @param {string} selector */
  const tabTo = async (selector) => {
    for (let presses = 0; presses < 40; presses += 1) {
      if (await visit.page.evaluate((to) => document.activeElement?.matches(to), selector)) return;
      await keyboard.press("Tab");
    }
    assert.fail(`${selector} is not reached by Tab`);
  };
  await keyboard.press("Tab");
  await tabTo("a.skip");
  await keyboard.press("Enter");
  await tabTo("#code");
  await keyboard.type("GIFT");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await visit.settles("valid");
  assert.equal(await visit.said(), en.gift);
  await keyboard.press("Enter");
  await visit.settles("idle");
  assert.equal(await visit.said(), en.removed);
  assert.equal(await visit.input.inputValue(), "");
  assert.equal(await visit.page.evaluate(() => document.activeElement?.id), "code");
  await visit.close();
});

test("without JavaScript the form submits the code", async () => {
  const visit = await shop.visit({ context: { javaScriptEnabled: false } });
  await visit.input.fill("HELLO10");
  await visit.page.click("button.order");
  await visit.page.waitForURL(/promo_code=/);
  assert.equal(new URL(visit.page.url()).searchParams.get("promo_code"), "HELLO10");
  await visit.close();
});

test("a code in the address is answered at once", async () => {
  const visit = await shop.visit({ lang: "en&promo_code=FREESHIP" });
  await visit.settles("valid");
  assert.equal(await visit.said(), en.free_shipping);
  await visit.close();
});

test("an unfinished composition asks nothing", async () => {
  const visit = await shop.visit({ lang: "ja" });
  await visit.settles("idle");
  let asked = 0;
  visit.page.on("request", (request) => (asked += Number(request.url().endsWith("/v1/validate"))));
  await visit.input.focus();
  const devtools = await visit.page.context().newCDPSession(visit.page);
  const compose = { selectionStart: 4, selectionEnd: 4 };
  await devtools.send("Input.imeSetComposition", { text: "ようこそ", ...compose });
  // An input method takes the key that ends a composition, and the page is shown this in its place.
  const taken = { windowsVirtualKeyCode: 229, key: "Enter", code: "Enter" };
  await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...taken });
  assert.equal(await visit.field.getAttribute("state"), "idle");
  assert.equal(asked, 0);
  await devtools.send("Input.insertText", { text: "ようこそ10" });
  assert.equal(asked, 0, "typing alone asks nothing");
  await visit.input.press("Enter");
  await visit.settles("valid");
  assert.equal(asked, 1);
  await visit.close();
});

test("the newest question wins", async () => {
  /** @type {Map<string, () => Promise<void>>} */
  let held = new Map();
  const visit = await shop.visit({ prepare: async (page) => (held = await holdAnswers(page)) });
  await visit.ask("SUMMER26");
  await visit.ask("STROLL10");
  await visit.ask("NOPE");
  await assert.doesNotReject(async () => {
    while (held.size < 3) await visit.page.evaluate(() => null);
  });
  await held.get("NOPE")?.();
  await visit.settles("refused");
  for (const code of ["STROLL10", "SUMMER26"]) await held.get(code)?.().catch(() => {});
  await visit.page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
  assert.equal(await visit.said(), en.not_valid);
  await visit.close();
});

test("each result is announced once", async () => {
  const visit = await shop.visit();
  const heard = await listen(visit.page);
  await visit.ask("HELLO10");
  await visit.settles("valid");
  assert.deepEqual(await heard(), ["You save $24.40."]);
  await visit.input.press("Enter");
  await visit.settles("valid");
  assert.deepEqual(await heard(), ["You save $24.40."]);
  await visit.close();
});

test("a malformed code is refused while it is typed, by nobody but the page", async () => {
  const visit = await shop.visit();
  let asked = 0;
  visit.page.on("request", (request) => (asked += Number(request.url().endsWith("/v1/validate"))));
  await visit.page.evaluate(async () => {
    const { loadEngine } = await import(new URL("promo-edge/engine.js", location.href).href);
    await loadEngine();
  });
  await visit.input.fill("X".repeat(64));
  assert.equal(await visit.field.getAttribute("state"), "idle");
  await visit.input.pressSequentially("X");
  await visit.settles("refused");
  assert.equal(await visit.said(), en["malformed/too_long"]);
  await visit.input.press("Backspace");
  await visit.settles("idle");
  assert.equal(asked, 0);
  await visit.close();
});

test("a public code is answered here, and confirmed by the Worker", async () => {
  /** @type {Map<string, () => Promise<void>>} */
  let held = new Map();
  const visit = await shop.visit({ prepare: async (page) => (held = await holdAnswers(page)) });
  const codes = visit.page.waitForResponse(/public_bg\.wasm$/);
  await visit.input.focus();
  await codes;
  await assert.doesNotReject(async () => {
    // Compiling follows the download; a question asked before it ends goes to the Worker alone.
    for (let tries = 0; tries < 50; tries += 1) {
      await visit.input.fill("");
      await visit.ask("HELLO10");
      if ((await visit.field.getAttribute("state")) === "provisional") return;
    }
    assert.fail("no local answer");
  });
  assert.equal(await visit.said(), "You save $24.40.");
  assert.equal(await visit.page.textContent("#discount"), "−$24.40");
  while (!held.has("HELLO10")) await visit.page.evaluate(() => null);
  await held.get("HELLO10")?.();
  await visit.settles("valid");
  assert.equal(await visit.said(), "You save $24.40.");
  await visit.close();
});

test("offline, what was typed is kept, and asked about later", async () => {
  const visit = await shop.visit();
  await visit.page.context().setOffline(true);
  await visit.ask("SUMMER26");
  await visit.settles("offline");
  assert.equal(await visit.said(), en.offline);
  assert.equal(await visit.input.inputValue(), "SUMMER26");
  await visit.page.context().setOffline(false);
  await visit.settles("valid");
  assert.equal(await visit.said(), "You save $24.40.");
  await visit.close(/Failed to load resource/);
});

test("another cart is another question", async () => {
  const visit = await shop.visit();
  await visit.ask("BIG50");
  await visit.settles("refused");
  assert.equal(await visit.said(), en.minimum_purchase);
  await visit.page.click('[data-sku="LL-TENT-2"] .add');
  await visit.settles("valid");
  assert.equal(await visit.said(), "You save $50.00.");
  await visit.page.click('[data-sku="LL-TENT-2"] [data-step="-1"]');
  await visit.settles("refused");
  assert.equal(await visit.page.isVisible("#discount-row"), false);
  await visit.close();
});

test("a cart that changes while its question is under way is asked about", async () => {
  const asked = /** @type {number[]} */ ([]);
  const visit = await shop.visit({
    prepare: (page) =>
      page.route("**/v1/validate", (route) => {
        asked.push(route.request().postDataJSON().cart.subtotal_minor);
        // Nobody answers the first.
        if (asked.length > 1) return route.continue();
      }),
  });
  await visit.ask("BIG50");
  await checks(visit);
  await visit.page.click('[data-sku="LL-TENT-2"] .add');
  await visit.settles("valid");
  assert.equal(await visit.said(), "You save $50.00.");
  assert.equal(asked.length, 2);
  assert.ok(asked[0] < asked[1], "the second question is about the fuller cart");
  await visit.close();
});

test("the same cart, told again, is not asked about again", async () => {
  const visit = await shop.visit();
  await visit.ask("HELLO10");
  await visit.settles("valid");
  let asked = 0;
  visit.page.on("request", (request) => (asked += Number(request.url().endsWith("/v1/validate"))));
  await visit.field.evaluate(async (/** @type {any} */ field) => {
    field.items = structuredClone(field.items);
    await new Promise((later) => setTimeout(later, 400));
  });
  assert.equal(asked, 0);
  await visit.close();
});

test("another endpoint is asked what the last one has not answered", async () => {
  const visit = await shop.visit({
    prepare: (page) =>
      page.route("**/v1/validate*", (route) => {
        if (route.request().url().endsWith("?second")) return route.continue();
      }),
  });
  await visit.ask("FREESHIP");
  await checks(visit);
  await visit.page.evaluate(() => {
    const states = /** @type {(string | null)[]} */ ([]);
    const field = /** @type {Element} */ (document.querySelector("promo-code"));
    const note = () => states.push(field.getAttribute("state"));
    new MutationObserver(note).observe(field, { attributeFilter: ["state"] });
    Object.assign(globalThis, { states });
    field.setAttribute("endpoint", "/v1/validate?second");
  });
  await visit.settles("valid");
  const states = await visit.page.evaluate(() => /** @type {any} */ (globalThis).states);
  assert.deepEqual(states, ["valid"], "never offline");
  await visit.close();
});

test("a field that is moved asks again, one that is taken out stops", async () => {
  let asked = 0;
  const visit = await shop.visit({
    prepare: (page) =>
      page.route("**/v1/validate", (route) => {
        asked += 1;
        // Nobody answers the first.
        if (asked > 1) return route.continue();
      }),
  });
  await visit.ask("SUMMER26");
  await checks(visit);
  const apart = await visit.field.evaluate((field) => {
    const place = /** @type {Element} */ (field.parentElement);
    place.removeChild(field);
    const seen = [field.getAttribute("state"), field.hasAttribute("aria-busy")];
    place.append(field);
    return seen;
  });
  assert.deepEqual(apart, ["idle", false]);
  await visit.settles("valid");
  assert.equal(asked, 2);
  assert.equal(await visit.said(), "You save $24.40.");
  await visit.field.getByRole("button").click();
  await visit.settles("idle");
  await visit.close();
});

test("public codes that could not be had are asked for when the focus comes back", async () => {
  let tries = 0;
  const visit = await shop.visit({
    prepare: (page) =>
      page.route("**/v1/public", (route) => {
        tries += 1;
        return tries === 1 ? route.abort() : route.continue();
      }),
  });
  const failed = visit.page.waitForEvent("requestfailed");
  await visit.input.focus();
  await failed;
  const codes = visit.page.waitForResponse(/public_bg\.wasm$/);
  await visit.input.blur();
  await visit.input.focus();
  await codes;
  await visit.input.blur();
  await visit.input.focus();
  assert.equal(tries, 2, "once they are here, they stay");
  await visit.close(/Failed to load resource/);
});

test("a language that cannot be fetched is English", async () => {
  const visit = await shop.visit({
    lang: "fr",
    prepare: (page) => page.route("**/promo-edge/locales/fr.js", (route) => route.abort()),
  });
  await visit.ask("FREESHIP");
  await visit.settles("valid");
  assert.equal(await visit.said(), en.free_shipping);
  await visit.close(/Failed to load resource/);
});

test("a double click applies a code and leaves it applied", async () => {
  const visit = await shop.visit();
  await visit.input.fill("FREESHIP");
  await visit.field.getByRole("button").dblclick();
  await visit.settles("valid");
  assert.equal(await visit.input.inputValue(), "FREESHIP");
  await visit.close();
});

test("the twin is one link away and takes the code along", async () => {
  const visit = await shop.visit();
  await visit.ask("SPRING24");
  await visit.settles("refused");
  assert.equal(await visit.said(), en.not_valid);
  await visit.page.click("summary");
  await visit.page.click("#detailed");
  await visit.page.waitForURL(/detailed\.localhost/);
  await visit.settles("refused");
  assert.equal(await visit.said(), en.expired);
  await visit.close();
});
