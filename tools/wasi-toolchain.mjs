/**
 * A Rust compiler with a standard library for wasm32-wasip1, which shop platforms run. rustup has
 * it; it is asked for when the function is built, and by nothing else.
 * @module
 */

import { existsSync, readdirSync } from "node:fs";

import { StepError, ask, say } from "./steps.mjs";

/** The target of modules that read standard input and write standard output. */
export const WASI_TARGET = "wasm32-wasip1";

/** A host that cannot be reached should not hold a build up for long. */
const RUSTUP_TIMEOUT_S = 180;

/**
 * Adds the target if it is not there.
 *
 * @throws {StepError} when rustup cannot add it
 */
export async function addWasiTarget() {
  if (await hasTarget()) return;
  const args = ["target", "add", WASI_TARGET];
  say(`$ rustup ${args.join(" ")}`);
  const added = await ask("rustup", args, { timeout_s: RUSTUP_TIMEOUT_S });
  if (added === null || !(await hasTarget())) {
    const what = `there is no Rust target ${WASI_TARGET}, and rustup cannot add it`;
    throw new StepError(what, `rustup ${args.join(" ")}`);
  }
}

async function hasTarget() {
  const folder = await ask("rustc", ["--print", "target-libdir", "--target", WASI_TARGET]);
  if (folder === null || !existsSync(folder)) return false;
  return readdirSync(folder).some((file) => file.startsWith("libstd-"));
}
