// The process is killed in the middle of a fold, more than once. The fold goes on where it was, and
// what is published in the end has the bytes of the catalogue built as a whole.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { CATALOG } from "./admin.mjs";
import { newFolder } from "./bare.mjs";
import { makeTables, startBareDesk } from "./bare_desk.mjs";
import { insertCodes, manyCodes } from "./many_codes.mjs";
import { buildSnapshot, parts } from "./snapshots.mjs";

const MANY = 140_000;
const PROCESS = new URL("desk_process.mjs", import.meta.url).pathname;
const UNTIL_MS = 120_000;

test("killed while it counts and while it writes, a fold comes to its end", async (t) => {
  const folder = newFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const rows = manyCodes(MANY);
  const first = await startBareDesk(folder);
  const database = await first.miniflare.getD1Database("CATALOG");
  await makeTables(database);
  await ask(first.url, "PUT", "/catalog", CATALOG);
  await until(async () => (await state(first.url)).live_revision === 1);
  await insertCodes(database, rows);
  await first.miniflare.dispose();

  /** @type {number[]} how far the fold was when it was cut off */
  const cut = [];
  for (const from of [1, 50]) {
    const { url, kill } = await startProcess(folder);
    await ask(url, "POST", "/snapshots/publish");
    const far = await until(async () => {
      const { folding } = await state(url);
      return folding && folding.done >= from && folding.done < 100 && folding.done;
    });
    await kill();
    cut.push(far);
  }
  t.diagnostic(`killed at ${cut.join(" and ")} of 100`);

  const last = await startBareDesk(folder);
  t.after(() => last.miniflare.dispose());
  const { folding } = await state(last.url);
  assert.ok(folding === null || folding.done >= cut[1], "it did not begin again");
  const end = await until(async () => {
    const now = await state(last.url);
    return now.live_revision === now.revision && now;
  });
  const authored = rows.map(({ id, text }) => ({
    id, code: text, match_type: "exact", credit_policy: "always", owner: "ben",
    created_at: new Date(5).toISOString(),
  }));
  const catalog = { ...CATALOG, codes: [...CATALOG.codes, ...authored] };
  const built = buildSnapshot(catalog);
  assert.equal(end.manifest, built.id);
  const kv = /** @type {any} */ (await last.miniflare.getKVNamespace("SNAPSHOTS"));
  for (const [key, bytes] of parts(built)) {
    const there = Buffer.from((await kv.get(key, "arrayBuffer")) ?? []);
    assert.equal(Buffer.compare(there, Buffer.from(bytes)), 0, key);
  }
});

/** @param {string} folder */
async function startProcess(folder) {
  // Its own group: killing only Node would leave workerd serving.
  const child = spawn(process.execPath, [PROCESS, folder], {
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  const kill = async () => {
    const gone = once(child, "close");
    process.kill(-(/** @type {number} */ (child.pid)), "SIGKILL");
    await gone;
  };
  return { url: new URL(url), kill };
}

/** @param {URL} url @param {string} method @param {string} path @param {object} [body] */
async function ask(url, method, path, body) {
  const answer = await fetch(new URL(`/v1/programs/1000${path}`, url), {
    method, headers: { authorization: "Bearer maria" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** @param {URL} url */
async function state(url) {
  return (await ask(url, "GET", "/snapshots")).state;
}

/**
 * @template T
 * @param {() => Promise<T | false | null>} look
 * @returns {Promise<T>}
 */
async function until(look) {
  const deadline = performance.now() + UNTIL_MS;
  while (performance.now() < deadline) {
    const found = await look();
    if (found) return found;
  }
  throw new Error("it did not come to that");
}
