// What codes stand on, at the desk: settings, deals, partners, lists, requests, and the history.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { REFUSALS, settled, startDesk } from "./desk.mjs";

/** @type {import("./desk.mjs").Desk} */
let desk;

before(async () => {
  desk = await startDesk();
});
after(() => desk.stop());

/** @param {string} hash */
const open = async (hash) => {
  const visit = await desk.visit({ hash });
  await settled(visit.page);
  return visit;
};

test("tracking is switched per programme and per event type, and the history says so", async () => {
  const visit = await open("settings");
  const { page } = visit;
  await page.getByRole("checkbox", { name: "LEAD" }).check();
  await page.getByRole("checkbox", { name: "Track promo codes in this programme" }).uncheck();
  await page.getByLabel("Days until approval").fill("14");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Saved.").first().waitFor();
  const settings = await desk.api("GET", "");
  assert.equal(settings.tracking, false);
  assert.equal(settings.approval_days, 14);
  assert.deepEqual(settings.event_types, [
    { id: "SALE", promo_codes: true },
    { id: "LEAD", promo_codes: true },
  ]);
  await page.getByRole("link", { name: "Audit" }).click();
  await page.getByRole("row", { name: /Maria.*Settings/ }).first().getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("tracking", { exact: true }).waitFor();
  assert.equal(await dialog.locator("del").filter({ hasText: "30" }).count(), 1);
  assert.equal(await dialog.locator("ins").filter({ hasText: "14" }).count(), 1);
  await visit.checkAccessibility("an entry of the history");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await visit.close(REFUSALS);
});

test("a deal is made, changed and expired", async () => {
  const visit = await open("deals/new");
  const { page } = visit;
  await page.getByLabel("Name").fill("Winter, 12.5 % off");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("Give a percentage, up to 100.").waitFor();
  await page.getByLabel("Percentage").fill("12.5");
  await page.getByLabel("Minimum purchase (USD)").fill("49.99");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "Winter, 12.5 % off" }).waitFor();
  const made = await desk.api("GET", "/deals/winter-12-5-off");
  assert.deepEqual([made.discount, made.minimum_purchase_minor], [
    { kind: "percent", bps: 1250 },
    4999,
  ]);
  await page.getByRole("button", { name: "Expire", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Expire" }).click();
  await page.getByText("The deal expired.").first().waitFor();
  assert.notEqual((await desk.api("GET", "/deals/winter-12-5-off")).end_at, null);
  await visit.close(REFUSALS);
});

test("a partner's payout rules are checked while they are typed, and said in words", async () => {
  const visit = await open("partners/mira-okafor");
  const { page } = visit;
  const contract = page.getByRole("group", { name: "Contract mira-2026" });
  await contract.getByText("the code is MIRAFIRST or OKAFOR15").waitFor();
  await contract.getByText("Edit groups and restrictions").click();
  const rules = contract.getByLabel("Groups and restrictions, as JSON");
  await rules.fill('{ "groups": [{ "name": "big", "when": {}, "rate_bps": 12000 }] }');
  await contract.getByText("groups[0].rate_bps").waitFor();
  await rules.fill('{ "groups": [{ "name": "big", "rate_bps": 1500, '
    + '"when": { "minimum_total_minor": 20000 } }] }');
  await contract.getByText("the order is worth $200.00 or more").waitFor();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Saved.").first().waitFor();
  const { contracts } = await desk.api("GET", "/partners/mira-okafor");
  const [group] = contracts.at(-1).payout.groups;
  assert.deepEqual([group.name, group.rate_bps, contracts.length], ["big", 1500, 2]);
  await visit.close(REFUSALS);
});

test("an exception list pays nothing", async () => {
  const visit = await open("lists/new");
  const { page } = visit;
  await page.getByLabel("Name").fill("Staff");
  await page.getByLabel("Id", { exact: true }).fill("staff");
  await page.getByLabel("Items").fill("STAFF50\nSTAFF75");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "Staff" }).waitFor();
  const list = await desk.api("GET", "/exception-lists/staff");
  assert.deepEqual([list.items, list.rate_bps], [["STAFF50", "STAFF75"], 0]);
  await visit.close(REFUSALS);
});
