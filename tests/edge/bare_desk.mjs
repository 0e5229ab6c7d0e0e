/**
 * The Worker that keeps the catalogue on a bare Miniflare: all that it keeps is in a folder, which
 * may outlive it.
 * @module
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";

import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { unstable_readConfig, unstable_splitSqlQuery } from "wrangler";

import { DESK_VARS, UNTIL_MS } from "./admin.mjs";

const PROCESS = new URL("desk_process.mjs", import.meta.url).pathname;
const root = new URL("../../", import.meta.url).pathname;

/** @param {string} folder */
export async function startBareDesk(folder) {
  const { compatibility_date } = unstable_readConfig({ config: `${root}wrangler.admin.toml` });
  const options = convertV4MiniflareOptions({
    name: "promo-edge-admin",
    modules: ["build/admin/index.js", "build/admin/index_bg.wasm"].map((file) => ({
      type: file.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
      path: root + file,
    })),
    modulesRoot: root,
    compatibilityDate: compatibility_date,
    cf: false,
    bindings: DESK_VARS,
    kvNamespaces: { SNAPSHOTS: "snapshots" },
    d1Databases: { CATALOG: "catalog" },
    durableObjects: {
      PUBLISHERS: { className: "PublisherObject", useSQLite: true },
      UPLOADS: { className: "UploadObject", useSQLite: true },
    },
  });
  const miniflare = new Miniflare({ ...options, resourcePersistencePath: folder });
  return { miniflare, url: await miniflare.ready };
}

/** Makes the tables. @param {any} database */
export async function makeTables(database) {
  for (const file of readdirSync(`${root}migrations/catalog`).sort()) {
    const text = readFileSync(`${root}migrations/catalog/${file}`, "utf8");
    const statements = unstable_splitSqlQuery(text);
    for (const statement of statements) await database.prepare(statement).run();
  }
}

/** Starts it in a process of its own, to be killed. @param {string} folder */
export async function startProcess(folder) {
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

/**
 * Asks about the programme.
 *
 * @param {URL} url
 * @param {string} method
 * @param {string} path
 * @param {string | object} [body]
 * @returns {Promise<any>}
 */
export async function ask(url, method, path, body) {
  const isRaw = typeof body === "string" || body === undefined;
  const text = isRaw ? body : JSON.stringify(body);
  const answer = await fetch(new URL(`/v1/programs/1000${path}`, url), {
    method, headers: { authorization: "Bearer maria" }, body: text,
  });
  const said = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${said}`);
  return JSON.parse(said);
}

/**
 * Looks until there is something.
 *
 * @template T
 * @param {() => Promise<T | false | null>} look
 * @returns {Promise<T>}
 */
export async function until(look) {
  const deadline = performance.now() + UNTIL_MS;
  while (performance.now() < deadline) {
    const found = await look();
    if (found) return found;
  }
  throw new Error("it did not come to that");
}
