// What a manager does in the page, a shopper sees in the shop: both in Chromium, on one address,
// with roots as old as they are in production.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { REFUSALS, catalogue, settled, startDesk } from "./desk.mjs";
import { Shop } from "./shop.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("./desk.mjs").Desk} */
let desk;
/** @type {Shop} */
let shop;
/** Half of the age that a root has where no edit went by. */
const WITHIN_MS = 15_000;

before(async () => {
  desk = await startDesk(catalogue());
  shop = new Shop(Number(new URL(desk.url).port), desk.browser, async () => {});
});
after(() => desk.stop());

/**
 * Types a code in the shop until the field is in a state.
 *
 * @param {import("./shop.mjs").Visit} visit
 * @param {string} code
 * @param {"valid" | "refused"} state
 */
async function asked(visit, code, state) {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    await visit.page.reload();
    await visit.page.waitForSelector("html[data-ready]", { state: "attached" });
    await visit.ask(code);
    await visit.settles("valid", "provisional", "refused");
    const found = await visit.field.getAttribute("state");
    if (found === state) return;
    assert.ok(performance.now() < deadline, `${code} is ${found}, and not ${state}`);
  }
}

/** Does one thing to the code that is open. @param {Page} page @param {string} name */
async function act(page, name) {
  await page.getByRole("button", { name, exact: true }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: new RegExp(`^${name}`) }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

test("created, expired and reactivated in the page, and each time so in the shop", async () => {
  const shopper = await shop.visit();
  await asked(shopper, "HARVEST25", "refused");
  const manager = await desk.visit({ hash: "codes/new" });
  const { page } = manager;
  await page.getByLabel("Code", { exact: true }).fill("HARVEST25");
  await page.getByLabel("Owner", { exact: true }).selectOption("mira-okafor");
  await page.getByRole("radio", { name: "Always credit" }).check();
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("HARVEST25 was created.").waitFor();
  await asked(shopper, "harvest25", "valid");
  await act(page, "Expire");
  await asked(shopper, "HARVEST25", "refused");
  await act(page, "Reactivate");
  await asked(shopper, "HARVEST25", "valid");
  await manager.close(REFUSALS);
  await shopper.close(REFUSALS);
});

test("a file is dropped and accepted, and its codes are good in the shop", async () => {
  const manager = await desk.visit({ hash: "uploads" });
  const { page } = manager;
  await settled(page);
  const file = [
    "Promo Code,Program Id,Media Id,Type,Credit Rule,Match Mode,Deal Id,Active Start Date,"
      + "Active End Date,Timezone",
    ...["WOODS1", "WOODS2", "WOODS3"].map((code) =>
      `${code},1000,mira-okafor,TRACKING,ALWAYS,LI,,,,`),
  ].join("\n");
  const dropped = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "woods.csv", { type: "text/csv" }));
    return transfer;
  }, file);
  await page.dispatchEvent(".drop", "dragover", { dataTransfer: dropped });
  await page.dispatchEvent(".drop", "drop", { dataTransfer: dropped });
  await page.getByText("All 3 rows can become codes").waitFor();
  await manager.checkAccessibility("the preview");
  await page.getByRole("button", { name: "Create 3 codes" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Create 3 codes" }).click();
  await page.getByText("3 codes were created.").waitFor();
  await page.getByRole("link", { name: "Show them" }).click();
  await page.getByRole("link", { name: "WOODS2" }).waitFor();
  const shopper = await shop.visit();
  await asked(shopper, "woods3", "valid");
  await shopper.close(REFUSALS);
  await manager.close(REFUSALS);
});

test("wrong rows are shown, reported, and nothing is created", async () => {
  const manager = await desk.visit({ hash: "uploads" });
  const { page } = manager;
  await settled(page);
  const template = await (await fetch(`${desk.url}/admin/template.csv`)).text();
  const rows = ["BAD1,1000,nobody,TRACKING,ALWAYS,LI,,,,", "GOOD1,1000,,RESTRICTED,,LI,,,,"];
  const buffer = Buffer.from(template + rows.join("\n"));
  const file = { name: "mixed.csv", mimeType: "text/csv", buffer };
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByText("cannot become codes").or(page.getByText("cannot become a code")).waitFor();
  await page.getByRole("button", { name: /Media Id/ }).click();
  await page.getByRole("dialog").getByText("nobody").first().waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the error report" }).click();
  assert.equal((await download).suggestedFilename(), "mixed.csv-errors.csv");
  const workbook = await fetch(`${desk.url}/admin/template.xlsx`);
  assert.equal(workbook.status, 200);
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await page.getByText("Discarded").first().waitFor();
  await manager.close(REFUSALS);
});

test("an earlier publication is brought back from the page, and edits go on after it", async () => {
  const shopper = await shop.visit();
  const manager = await desk.visit({ hash: "publications" });
  const { page } = manager;
  await settled(page);
  const before = await desk.api("GET", "/snapshots");
  await desk.api("POST", "/codes", {
    code: "MISTAKE", match_type: "exact", credit_policy: "always", owner: "mira-okafor",
  });
  await asked(shopper, "MISTAKE", "valid");
  await page.reload();
  await settled(page);
  const { generation } = before.state;
  await page.getByRole("button", { name: `Roll back: ${generation}`, exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  await page.getByText("Rolled back. Publishing is held.").first().waitFor();
  await asked(shopper, "MISTAKE", "refused");
  await page.getByRole("button", { name: "Resume publishing" }).click();
  await asked(shopper, "MISTAKE", "valid");
  await manager.close(REFUSALS);
  await shopper.close(REFUSALS);
});
