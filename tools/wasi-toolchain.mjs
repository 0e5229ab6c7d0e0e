/**
 * A Rust compiler for wasm32-wasip1, which shop platforms run; asked for when the function is
 * built, and by nothing else.
 *
 * The function compiles the standard library anew, so what it wants of a target is a C library and
 * the object that starts a program. rustup's target has both. Where that cannot be had, Debian's
 * compiler and C library are used instead.
 * @module
 */

import { existsSync } from "node:fs";
import process from "node:process";

import * as debian from "./debian.mjs";
import { StepError, ask, say } from "./steps.mjs";
import {
  DEBIAN_PACKAGES,
  DEBIAN_RUSTC,
  RUSTUP_TIMEOUT_S,
  debianEnv,
  described,
  hasStandardLibrary,
} from "./wasm-toolchain.mjs";

/** The target of modules that read standard input and write standard output. */
export const WASI_TARGET = "wasm32-wasip1";

const DEBIAN_LIBRARY = "/usr/lib/wasm32-wasi";
const RUSTUP_HINT = `rustup target add ${WASI_TARGET} && rustup component add rust-src`;

/**
 * @typedef {object} WasiToolchain
 * @property {string} name what it is, for stamps
 * @property {NodeJS.ProcessEnv} env makes cargo use it
 * @property {string[]} flags for rustc, besides
 */

/**
 * Finds a toolchain that can build for {@link WASI_TARGET}, and installs one if there is none.
 * `WASM_TOOLCHAIN=debian` or `=rustup` allows only that kind.
 *
 * @returns {Promise<WasiToolchain>}
 * @throws {StepError} when none can be had
 */
export async function wasiToolchain() {
  const only = process.env.WASM_TOOLCHAIN;
  if (only !== "debian" && (await rustupHasTarget())) return await rustupToolchain();
  if (only !== "rustup" && (await debianHasTarget())) return await debianToolchain();
  if (only !== "debian" && (await addRustupTarget())) return await rustupToolchain();
  if (only !== "rustup" && (await debian.canInstall())) {
    say("using Debian's compiler for the function");
    await debian.install([...DEBIAN_PACKAGES, "wasi-libc"], `a Rust compiler for ${WASI_TARGET}`);
    return await debianToolchain();
  }
  const what = `there is no Rust target ${WASI_TARGET}, and rustup cannot add it`;
  throw new StepError(what, RUSTUP_HINT);
}

async function rustupHasTarget() {
  return (await hasStandardLibrary(WASI_TARGET)) && (await described("rustc")).hasSource;
}

async function addRustupTarget() {
  say(`$ ${RUSTUP_HINT}`);
  const limits = { timeout_s: RUSTUP_TIMEOUT_S };
  for (const what of [["target", "add", WASI_TARGET], ["component", "add", "rust-src"]]) {
    if ((await ask("rustup", what, limits)) === null) return false;
  }
  return await rustupHasTarget();
}

/** @returns {Promise<WasiToolchain>} */
async function rustupToolchain() {
  return { name: (await described("rustc")).name, env: {}, flags: [] };
}

async function debianHasTarget() {
  if (!existsSync("/usr/bin/wasm-ld-22") || !existsSync(DEBIAN_LIBRARY)) return false;
  return (await described(DEBIAN_RUSTC)).hasSource;
}

/** @returns {Promise<WasiToolchain>} */
async function debianToolchain() {
  // rustc looks there for the object that starts a program, too.
  const flags = [`-Lnative=${DEBIAN_LIBRARY}`];
  const { name } = await described(DEBIAN_RUSTC);
  return { name, env: debianEnv(WASI_TARGET), flags };
}
