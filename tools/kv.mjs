/**
 * Workers KV on standard input and output: one JSON request a line, one JSON answer a line, in
 * order. `promo publish` decides what is read and written; this only speaks to KV, by wrangler's
 * bindings: the local namespace that `wrangler dev` serves, or an account's, by wrangler's own
 * login.
 *
 *     node tools/kv.mjs --local --persist-to .wrangler/state
 *     node tools/kv.mjs [--env NAME]
 *
 * Requests: {op: "has" | "get" | "list" | "delete", key} and {op: "put", key, value}, values in
 * base64.
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { getPlatformProxy, unstable_readConfig } from "wrangler";

const BINDING = "SNAPSHOTS";

const { values: options } = parseArgs({
  options: {
    local: { type: "boolean", default: false },
    env: { type: "string" },
    "persist-to": { type: "string", default: ".wrangler/state" },
  },
});

/** The one namespace, in a configuration of its own: no other binding needs to start. */
function configuration() {
  /** @type {{kv_namespaces: {binding: string, id?: string}[]}} */
  const { kv_namespaces } = unstable_readConfig({ config: "wrangler.toml", env: options.env });
  const namespace = kv_namespaces.find(({ binding }) => binding === BINDING);
  if (!namespace) throw new Error(`wrangler.toml has no KV namespace with the binding ${BINDING}`);
  return {
    name: "promo-edge-kv",
    compatibility_date: "2026-01-01",
    kv_namespaces: [{ binding: BINDING, id: namespace.id, remote: !options.local }],
  };
}

/**
 * @typedef {object} Namespace what is used of a KV namespace
 * @property {(key: string, type: "arrayBuffer") => Promise<ArrayBuffer | null>} get
 * @property {(key: string, value: Uint8Array) => Promise<void>} put
 * @property {(key: string) => Promise<void>} delete
 * @property {(options: {prefix: string, limit?: number, cursor?: string}) =>
 *   Promise<{keys: {name: string}[], list_complete: boolean, cursor?: string}>} list
 */

/**
 * @param {Namespace} kv
 * @param {{op: string, key: string, value?: string}} request
 */
async function answer(kv, { op, key, value }) {
  switch (op) {
    case "has": {
      const { keys } = await kv.list({ prefix: key, limit: 1 });
      return { has: keys[0]?.name === key };
    }
    case "get": {
      const bytes = await kv.get(key, "arrayBuffer");
      return { value: bytes && Buffer.from(bytes).toString("base64") };
    }
    case "put":
      await kv.put(key, Buffer.from(value ?? "", "base64"));
      return {};
    case "delete":
      await kv.delete(key);
      return {};
    case "list":
      return { keys: await listAll(kv, key) };
    default:
      return { error: `no operation is called ${op}` };
  }
}

/**
 * @param {Namespace} kv
 * @param {string} prefix
 */
async function listAll(kv, prefix) {
  const names = [];
  /** @type {string | undefined} */
  let cursor;
  do {
    const page = await kv.list({ prefix, cursor });
    names.push(...page.keys.map(({ name }) => name));
    cursor = page.list_complete ? undefined : page.cursor;
  } while (cursor);
  return names;
}

// Whoever asked may be gone before the answer: then there is nobody to tell.
process.stdout.on("error", (error) => {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EPIPE") throw error;
});

const folder = mkdtempSync(path.join(tmpdir(), "promo-kv-"));
const configPath = path.join(folder, "wrangler.json");
writeFileSync(configPath, JSON.stringify(configuration()));
const proxy = await getPlatformProxy({
  configPath,
  // wrangler's command line adds this part to its --persist-to; the library does not.
  persist: { path: path.resolve(options["persist-to"], "v3") },
});
try {
  const kv = /** @type {Namespace} */ (proxy.env[BINDING]);
  /** @type {Promise<object>} */
  let last = Promise.resolve({});
  for await (const line of createInterface({ input: process.stdin })) {
    const answered = answer(kv, JSON.parse(line)).catch((error) => ({ error: String(error) }));
    // Requests run side by side; their answers keep the order of the requests.
    last = Promise.all([answered, last]).then(([result]) => {
      process.stdout.write(`${JSON.stringify(result)}\n`);
      return result;
    });
  }
  await last;
} finally {
  await proxy.dispose();
  rmSync(folder, { recursive: true, force: true });
}
