// The process is killed while a bulk file is checked, and while its rows become codes. The work
// goes on where it was, and there are all of its codes or none, whenever one looks.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";

import { CATALOG } from "./admin.mjs";
import { newFolder } from "./bare.mjs";
import { ask, makeTables, startBareDesk, startProcess, until } from "./bare_desk.mjs";
import { csv, row } from "./uploads.mjs";

const MANY = 60_000;
/** How long after it was accepted, or began again, the process is killed, in milliseconds. */
const KILLED_AFTER_MS = [0, 150, 600, 1_500];

test("killed while it is checked and while it is accepted: all of a file or nothing", async (t) => {
  const folder = newFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const first = await startBareDesk(folder);
  await makeTables(await first.miniflare.getD1Database("CATALOG"));
  await ask(first.url, "PUT", "/catalog", CATALOG);
  await first.miniflare.dispose();
  const file = csv(Array.from({ length: MANY }, (_, index) =>
    row(`K${String(index).padStart(6, "0")}`)));

  let { url, kill } = await startProcess(folder);
  const { id } = await ask(url, "POST", "/uploads?name=many.csv", file);
  const { rows_done } = await until(async () => {
    const upload = await ask(url, "GET", `/uploads/${id}`);
    assert.equal(upload.state, "checking", "it is checked before anybody can look");
    return upload.rows_done > 0 && upload;
  });
  await kill();
  t.diagnostic(`killed with ${rows_done} of ${MANY} rows checked`);
  ({ url, kill } = await startProcess(folder));
  const previewed = await until(async () => {
    const upload = await ask(url, "GET", `/uploads/${id}`);
    assert.ok(upload.rows_done >= rows_done, "it did not begin again");
    return upload.state !== "checking" && upload;
  });
  const { state, rows_ok, rows_bad } = previewed;
  assert.deepEqual([state, rows_ok, rows_bad], ["previewed", MANY, 0]);

  await ask(url, "POST", `/uploads/${id}/accept`);
  for (const wait of KILLED_AFTER_MS) {
    const at = performance.now() + wait;
    await until(async () => performance.now() >= at || (await isWhole(url, id), false));
    await kill();
    ({ url, kill } = await startProcess(folder));
    await isWhole(url, id);
  }
  await until(async () => (await ask(url, "GET", `/uploads/${id}`)).state === "accepted");
  await kill();
  const last = await startBareDesk(folder);
  t.after(() => last.miniflare.dispose());
  const database = await last.miniflare.getD1Database("CATALOG");
  const sql = "SELECT count(*) AS count FROM codes WHERE upload = ?";
  assert.equal(await database.prepare(sql).bind(id).first("count"), MANY);
  const audit = "SELECT count(*) AS count FROM audit WHERE entity = 'upload'";
  assert.equal(await database.prepare(audit).first("count"), 1, "accepted once");
});

/** Looks for the file's last code, and its first. @param {URL} url @param {string} id */
async function isWhole(url, id) {
  const look = async (/** @type {string} */ text) =>
    (await ask(url, "GET", `/codes?state=all&upload=${id}&text=^${text}`)).items.length;
  const before = (await ask(url, "GET", `/uploads/${id}`)).state;
  const counts = [await look("k000000"), await look(`k${String(MANY - 1).padStart(6, "0")}`)];
  // The first is looked for before the last: it may have come in between, and never has gone.
  assert.ok(counts[0] <= counts[1], `${counts} of ${id}`);
  if (before === "accepted") assert.deepEqual(counts, [1, 1]);
}
