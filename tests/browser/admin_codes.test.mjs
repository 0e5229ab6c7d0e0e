// Codes at the partner manager's desk: found, made, ended, taken up again, moved, by two at once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { PROGRAM, REFUSALS, TOKEN, catalogue, settled, startDesk } from "./desk.mjs";

/** @type {import("./desk.mjs").Desk} */
let desk;
const LONG_COUNT = 1200;

before(async () => {
  desk = await startDesk(catalogue(LONG_COUNT));
});
after(() => desk.stop());

/** @param {string} code @param {object} [more] */
const tracking = (code, more = {}) => ({
  ...{ code, kind: "tracking", match_type: "exact", credit_policy: "always" },
  ...{ owner: "mira-okafor", ...more },
});

/** What stands in the first column of the rows that are drawn. @param {any} page */
const codesShown = (page) => page.locator("tr.row a.code").allTextContents();

/** Opens the codes that a filter finds. @param {string} query */
const codesPage = async (query) => {
  const visit = await desk.visit({ hash: `codes?${query}` });
  await settled(visit.page);
  return visit;
};

test("a token opens the desk, and is in no address and no lasting storage", async () => {
  const visit = await desk.visit({ token: null });
  const { page } = visit;
  await page.getByLabel("Token").fill("not a token");
  await page.keyboard.press("Enter");
  await page.getByText("This token is not known.", { exact: false }).first().waitFor();
  await page.getByLabel("Token").fill(TOKEN);
  await page.keyboard.press("Enter");
  await settled(page);
  const stored = await page.evaluate(() =>
    JSON.stringify([location.href, { ...localStorage }, document.cookie]));
  assert.equal(stored.includes(TOKEN), false);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await visit.close(REFUSALS);
});

test("active codes come first, and filters stand in the address", async () => {
  const visit = await codesPage("");
  const { page } = visit;
  assert.equal(await page.getByLabel("Schedule").inputValue(), "active");
  await page.getByLabel("Find a code").fill("^gear");
  await page.waitForURL(/text=%5Egear/);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("tr.row a.code")].every((link) =>
      /^gear/i.test(link.textContent ?? "")));
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel("Find a code").inputValue(), "^gear");
  assert.ok((await codesShown(page)).every((/** @type {string} */ code) => /^gear/i.test(code)));
  await page.getByLabel("Find a code").fill("nothing is called so");
  await page.getByText("No code matches").waitFor();
  await visit.close(REFUSALS);
});

test("of a long list the rows in sight are drawn, and the last are reached", async () => {
  const visit = await codesPage("text=^long-&sort=code");
  const { page } = visit;
  assert.ok((await page.locator("tr.row").count()) < 120);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const last = `LONG-${String(LONG_COUNT - 1).padStart(5, "0")}`;
  await page.waitForFunction((code) => {
    scrollTo(0, document.body.scrollHeight);
    return [...document.querySelectorAll("tr.row a.code")].some((a) => a.textContent === code);
  }, last);
  assert.ok((await page.locator("tr.row").count()) < 120);
  await visit.close(REFUSALS);
});

test("a code is made, with its dates in the programme's zone", async () => {
  const visit = await desk.visit({ hash: "codes/new", context: { timezoneId: "Asia/Tokyo" } });
  const { page } = visit;
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("Type the code.").waitFor();
  assert.ok(await page.evaluate(() => document.activeElement?.matches("[aria-invalid=true]")));
  await page.getByLabel("Code", { exact: true }).fill("PAGE26");
  await page.getByLabel("Owner", { exact: true }).selectOption("mira-okafor");
  await page.getByRole("radio", { name: "Credit if involved" }).check();
  await page.getByLabel("Start", { exact: true }).fill("2027-07-01");
  await page.getByLabel("End", { exact: true }).fill("2027-07-31");
  await page.locator(".reading").getByText("Asia/Tokyo").waitFor();
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("PAGE26 was created.").waitFor();
  const { items } = await desk.api("GET", "/codes?text=^page26&state=all");
  const [{ start_at, end_at, state, credit_policy, owner }] = items;
  assert.deepEqual({ start_at, end_at, state, credit_policy, owner }, {
    ...{ start_at: "2027-07-01T07:00:00Z", end_at: "2027-08-01T07:00:00Z", state: "pending" },
    ...{ credit_policy: "involved", owner: "mira-okafor" },
  });
  assert.equal(await page.getByLabel("End", { exact: true }).inputValue(), "2027-07-31");
  await visit.close(REFUSALS);
});

test("a code in the way is named, with a link", async () => {
  const { id } = await desk.api("POST", "/codes", tracking("TAKEN26"));
  const visit = await desk.visit({ hash: "codes/new" });
  const { page } = visit;
  await page.getByLabel("Code", { exact: true }).fill("taken26");
  await page.getByLabel("Owner", { exact: true }).selectOption("velo-luc");
  await page.getByRole("radio", { name: "Always credit" }).check();
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("Another code is in the way").waitFor();
  await page.getByRole("link", { name: "TAKEN26" }).click();
  await page.waitForURL((url) => url.hash === `#/${PROGRAM}/codes/${encodeURIComponent(id)}`);
  await visit.close(REFUSALS);
});

test("chosen codes are expired and reactivated, and those that stay are explained", async () => {
  await desk.api("POST", "/codes", tracking("ENDS-A"));
  const { id } = await desk.api("POST", "/codes", tracking("ENDS-B"));
  await desk.api("POST", "/codes/expire", { ids: [id] });
  const visit = await codesPage("text=^ends-&state=all");
  const { page } = visit;
  for (const code of ["ENDS-A", "ENDS-B"]) await page.getByLabel(`Select ${code}`).check();
  await page.getByRole("button", { name: "Expire", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("2 codes selected").waitFor();
  await dialog.getByText("Orders placed before this moment", { exact: false }).waitFor();
  await visit.checkAccessibility("the confirmation");
  await dialog.getByRole("button", { name: "Expire 2 codes" }).click();
  await page.getByText("1 code expired.").waitFor();
  await page.getByRole("button", { name: "Why?" }).click();
  await page.getByText("has expired already").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByLabel("Select all 2 that match").check();
  await page.getByRole("button", { name: "Reactivate", exact: true }).click();
  await page.getByRole("button", { name: "Reactivate 2 codes" }).click();
  await page.getByText("2 codes reactivated.").waitFor();
  const { items } = await desk.api("GET", "/codes?text=^ends-&state=active");
  assert.equal(items.length, 2);
  await visit.close(REFUSALS);
});

test("dates and a deal are given to many at once", async () => {
  for (const code of ["MANY-A", "MANY-B", "MANY-C"]) {
    await desk.api("POST", "/codes", tracking(code));
  }
  const visit = await codesPage("text=^many-&state=all");
  const { page } = visit;
  await page.getByLabel("Select all 3 that match").check();
  await page.getByRole("button", { name: "Change dates" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("End", { exact: true }).fill("2030-01-31");
  await dialog.getByRole("button", { name: "Change 3 codes" }).click();
  await page.getByText("3 codes have new dates.").waitFor();
  await page.getByLabel("Select all 3 that match").check();
  await page.getByRole("button", { name: "Apply deal" }).click();
  const [deal] = catalogue().deals;
  await dialog.getByLabel("Deal").selectOption(deal.id);
  await dialog.getByRole("button", { name: "Change 3 codes" }).click();
  await page.getByText("3 codes have the deal.").waitFor();
  const { items } = await desk.api("GET", "/codes?text=^many-&state=all");
  const ends = items.map((/** @type {any} */ code) => [code.end_at, code.deal]);
  assert.deepEqual(new Set(ends.map(String)), new Set([`2030-02-01T08:00:00Z,${deal.id}`]));
  await visit.close(REFUSALS);
});

test("two who edit one code lose nothing", async () => {
  const made = await desk.api("POST", "/codes", tracking("BOTH26"));
  const visit = await desk.visit({ hash: `codes/${made.id}` });
  const { page } = visit;
  await page.getByLabel("Uses in all").fill("50");
  await page.getByLabel("Comments").fill("from the page");
  const theirs = { version: made.version, comments: "from elsewhere", public: true };
  await desk.api("PATCH", `/codes/${made.id}`, theirs);
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Somebody changed this meanwhile").waitFor();
  await page.getByText("from elsewhere").waitFor();
  await visit.checkAccessibility("the choice between two edits");
  await page.getByRole("group", { name: "Comments" })
    .getByRole("radio", { name: "Theirs, as it is now from elsewhere" }).check();
  await page.getByRole("button", { name: "Save this choice" }).click();
  await page.getByText("Saved.").first().waitFor();
  const now = await desk.api("GET", `/codes/${made.id}`);
  assert.deepEqual([now.max_redemptions, now.comments, now.public], [50, "from elsewhere", true]);
  await visit.close(REFUSALS);
});

test("the keyboard goes from row to row", async () => {
  const visit = await codesPage("text=^long-&sort=code");
  const { page } = visit;
  await page.getByRole("link", { name: "LONG-00000" }).focus();
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "LONG-00003");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.textContent === "LONG-00003");
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
  await visit.close(REFUSALS);
});
