/**
 * Where things are, and which versions of the tools are wanted.
 *
 * Versions are pinned once: npm packages in package.json, Cargo tools by the crates they must match
 * in Cargo.lock.
 * @module
 */

import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The folder that holds Cargo.toml and package.json. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** @param {string[]} parts a path below the project's folder */
export function at(...parts) {
  return path.join(root, ...parts);
}

/**
 * The Worker's secrets for a local start. Not `.dev.vars`: wrangler gives those to every Worker
 * that is started here, those of the tests too.
 */
export const SECRETS_FILE = "var/secrets.env";

/** Where the Cargo tools of this project live, so that nothing of a person's own is replaced. */
export const toolsFolder = at(".tools");

/** @param {string} name a program that an npm package brings */
export function npmBin(name) {
  return at("node_modules", ".bin", name);
}

/** @param {string} name a program that a Cargo tool brings */
export function cargoBin(name) {
  return path.join(toolsFolder, "bin", name);
}

/**
 * The version of a crate that Cargo.lock settles on.
 *
 * @param {string} crate
 */
export function lockedVersion(crate) {
  const lock = readFileSync(at("Cargo.lock"), "utf8");
  const found = lock.match(new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`));
  if (!found) throw new Error(`Cargo.lock does not name ${crate}`);
  return found[1];
}

/**
 * The environment for everything that is started: the pinned Node and its packages first on the
 * path, nothing sent home, nothing fetched at start.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnv() {
  return {
    PATH: [at("node_modules", ".bin"), process.env.PATH ?? ""].join(path.delimiter),
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WASM_BINDGEN_BIN: cargoBin("wasm-bindgen"),
    WASM_OPT_BIN: npmBin("wasm-opt"),
    ESBUILD_BIN: npmBin("esbuild"),
  };
}
