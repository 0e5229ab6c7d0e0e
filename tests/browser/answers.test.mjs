// What a shopper is told, in every language, and that everybody can perceive it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { formatMoney } from "../../www/promo-edge/messages.js";
import { LANGUAGES, startShop, textsOf } from "./shop.mjs";

/** @type {import("./shop.mjs").Shop} */
let shop;

before(async () => {
  shop = await startShop();
});
after(() => shop.stop());

const TOO_LONG = "X".repeat(65);
const REFUSED = [
  { what: "expired", code: "SPRING24", collapsed: "not_valid", detailed: "expired" },
  { what: "unknown", code: "NOPE", collapsed: "not_valid", detailed: "unknown_code" },
  { what: "not yet active", code: "ECLIPSE45", collapsed: "not_valid", detailed: "not_started" },
  { what: "below the minimum", code: "BIG50", collapsed: "minimum_purchase" },
  { what: "for another currency", code: "EURO5", collapsed: "currency_mismatch" },
  { what: "for known customers", code: "BIRTHDAY10", collapsed: "customer_required" },
  { what: "for another country", code: "CANADA10", collapsed: "country_not_eligible" },
  { what: "for other articles", code: "LIGHTS15", collapsed: "no_eligible_items" },
  { what: "malformed", code: TOO_LONG, collapsed: "malformed/too_long" },
  { what: "missing", code: "", collapsed: "malformed/empty" },
];

for (const lang of LANGUAGES) {
  test(`${lang}: a valid code, and what it saves`, async () => {
    const texts = await textsOf(lang);
    const visit = await shop.visit({ lang });
    assert.match((await visit.page.getAttribute("html", "lang")) ?? "", new RegExp(`^${lang}`));
    await visit.ask("hello10");
    await visit.settles("valid");
    const saving = formatMoney(2440, "USD", lang);
    assert.equal(await visit.said(), texts.saving.replace("{amount}", saving));
    assert.equal(await visit.page.textContent("#discount"), `−${saving}`);
    assert.equal(await visit.input.getAttribute("aria-invalid"), null);
    await visit.close();
  });

  test(`${lang}: refusals, as a shop tells them and in detail`, async () => {
    const texts = await textsOf(lang);
    for (const host of ["localhost", "detailed.localhost"]) {
      const visit = await shop.visit({ lang, host });
      for (const { what, code, collapsed, detailed = collapsed } of REFUSED) {
        await visit.ask(code);
        await visit.settles("refused");
        const expected = host === "localhost" ? collapsed : detailed;
        assert.equal(await visit.said(), texts[expected], `${host}: ${what}`);
        assert.equal(await visit.input.getAttribute("aria-invalid"), "true");
      }
      await visit.close();
    }
  });
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`axe finds nothing, ${colorScheme}`, async () => {
    const visit = await shop.visit({ host: "detailed.localhost", context: { colorScheme } });
    await visit.page.click("summary");
    await visit.checkAccessibility("idle");
    for (const code of ["HELLO10", "FREESHIP", "VIP20", "FIRST15", "GIFT"]) {
      await visit.ask(code);
      await visit.settles("valid");
      await visit.checkAccessibility(code);
    }
    for (const { what, code } of REFUSED) {
      await visit.ask(code);
      await visit.settles("refused");
      await visit.checkAccessibility(what);
    }
    await visit.page.context().setOffline(true);
    await visit.ask("NOPE");
    await visit.settles("offline");
    await visit.checkAccessibility("offline");
    await visit.close(/Failed to load resource/);
  });
}

for (const lang of LANGUAGES) {
  test(`${lang}: axe finds nothing, on a telephone`, async () => {
    const context = { viewport: { width: 360, height: 740 } };
    const visit = await shop.visit({ lang, context });
    await visit.ask("BIG50");
    await visit.settles("refused");
    await visit.checkAccessibility(lang);
    const width = await visit.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 360, "nothing sticks out");
    await visit.close();
  });
}
