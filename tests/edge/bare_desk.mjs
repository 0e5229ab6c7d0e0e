/**
 * The Worker that keeps the catalogue on a bare Miniflare: all that it keeps is in a folder, which
 * may outlive it.
 * @module
 */

import { readFileSync, readdirSync } from "node:fs";

import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { unstable_readConfig, unstable_splitSqlQuery } from "wrangler";

import { DESK_VARS } from "./admin.mjs";

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
    durableObjects: { PUBLISHERS: { className: "PublisherObject", useSQLite: true } },
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
