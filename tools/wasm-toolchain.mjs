/**
 * A Rust compiler with a standard library for wasm32-unknown-unknown.
 *
 * rustup's own target is used where it is or can be had. Where it cannot, Debian's compiler and
 * library source are used instead, and the library is built once.
 * @module
 */

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";

import * as debian from "./debian.mjs";
import { at } from "./project.mjs";
import { StepError, ask, run, say } from "./steps.mjs";

/** The one target that Workers and browsers share. */
export const TARGET = "wasm32-unknown-unknown";

/** A compiler for wasm, the source of its standard library and its linker. */
export const DEBIAN_PACKAGES = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
/** Where those put the compiler. */
export const DEBIAN_RUSTC = "/usr/bin/rustc";
const RUSTUP_HINT = `rustup target add ${TARGET}`;
/** A host that cannot be reached should not hold a start up for long. */
export const RUSTUP_TIMEOUT_S = 180;

/**
 * @typedef {object} WasmToolchain
 * @property {string} name what it is, for a person and for stamps
 * @property {NodeJS.ProcessEnv} env makes cargo use it
 * @property {boolean} hasSource whether the standard library can be rebuilt for size
 */

/**
 * Finds a toolchain that can build for {@link TARGET}, and installs one if there is none.
 * `WASM_TOOLCHAIN=debian` or `=rustup` allows only that kind.
 *
 * @returns {Promise<WasmToolchain>}
 */
export async function wasmToolchain() {
  const only = process.env.WASM_TOOLCHAIN;
  if (only !== "debian" && (await hasStandardLibrary(TARGET))) return await rustupToolchain();
  if (only !== "rustup" && (await debianHasTarget())) return await debianToolchain();
  if (only !== "debian" && (await addRustupTarget())) return await rustupToolchain();
  if (only !== "rustup" && (await debian.canInstall())) {
    await installDebianTarget();
    return await debianToolchain();
  }
  throw new StepError(`there is no Rust target ${TARGET}, and rustup cannot add it`, RUSTUP_HINT);
}

async function addRustupTarget() {
  say(`$ ${RUSTUP_HINT}`);
  const limits = { timeout_s: RUSTUP_TIMEOUT_S };
  if ((await ask("rustup", ["target", "add", TARGET], limits)) === null) {
    say("rustup cannot add the target here; using Debian's compiler for wasm instead");
    return false;
  }
  // The source only makes the browser's modules smaller, so doing without is fine.
  await ask("rustup", ["component", "add", "rust-src"], limits);
  return await hasStandardLibrary(TARGET);
}

/** @returns {Promise<WasmToolchain>} */
async function rustupToolchain() {
  return { ...(await described("rustc")), env: {} };
}

async function debianHasTarget() {
  if (!existsSync(DEBIAN_RUSTC)) return false;
  const stamp = path.join(await debianLibrary(), "built-by");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === (await version(DEBIAN_RUSTC));
}

/** @returns {Promise<WasmToolchain>} */
async function debianToolchain() {
  return { ...(await described(DEBIAN_RUSTC)), env: debianEnv(TARGET) };
}

/**
 * Makes cargo use Debian's compiler, and a linker of the version that it was built with, under
 * Debian's name.
 *
 * @param {string} target
 */
export function debianEnv(target) {
  const name = target.toUpperCase().replaceAll("-", "_");
  return {
    PATH: [at("node_modules", ".bin"), "/usr/bin", process.env.PATH ?? ""].join(path.delimiter),
    [`CARGO_TARGET_${name}_LINKER`]: "wasm-ld-22",
  };
}

/** Installs Debian's compiler, then builds its standard library for wasm from an empty crate. */
async function installDebianTarget() {
  await debian.install(DEBIAN_PACKAGES, "a Rust compiler for wasm");
  const crate = at("target", "wasm-std");
  mkdirSync(path.join(crate, "src"), { recursive: true });
  writeFileSync(path.join(crate, "src", "lib.rs"), "");
  writeFileSync(path.join(crate, "Cargo.toml"), EMPTY_CRATE);
  const buildStd = "-Zbuild-std=std,panic_abort,proc_macro,test";
  await run("/usr/bin/cargo", ["build", "--release", "--target", TARGET, buildStd], {
    cwd: crate,
    env: {
      ...debianEnv(TARGET),
      CARGO_TARGET_DIR: path.join(crate, "target"),
      RUSTC_BOOTSTRAP: "1",
      // Without bitcode in it, link-time optimisation across this library fails.
      RUSTFLAGS: "-Cembed-bitcode=yes",
    },
  });
  const built = path.join(crate, "target", TARGET, "release", "deps");
  const library = await debianLibrary();
  mkdirSync(library, { recursive: true });
  for (const file of readdirSync(built)) {
    if (!file.endsWith(".rlib") || file.startsWith("libempty-")) continue;
    cpSync(path.join(built, file), path.join(library, file));
  }
  writeFileSync(path.join(library, "built-by"), await version(DEBIAN_RUSTC));
}

const EMPTY_CRATE = `[package]
name = "empty"
version = "0.0.0"
edition = "2024"
[profile.release]
panic = "abort"
[workspace]
`;

async function debianLibrary() {
  const args = ["--print", "target-libdir", "--target", TARGET];
  return (await ask(DEBIAN_RUSTC, args)) ?? "";
}

/**
 * @param {string} rustc
 * @returns {Promise<{ name: string, hasSource: boolean }>} as in {@link WasmToolchain}
 */
export async function described(rustc) {
  const sysroot = (await ask(rustc, ["--print", "sysroot"])) ?? "";
  const source = path.join(sysroot, "lib", "rustlib", "src", "rust", "library", "Cargo.toml");
  return { name: await version(rustc), hasSource: existsSync(source) };
}

/** @param {string} rustc */
async function version(rustc) {
  return (await ask(rustc, ["--version"])) ?? "";
}

/**
 * Whether the compiler on the path has the target's standard library.
 *
 * @param {string} target
 */
export async function hasStandardLibrary(target) {
  const folder = await ask("rustc", ["--print", "target-libdir", "--target", target]);
  if (folder === null || !existsSync(folder)) return false;
  return readdirSync(folder).some((file) => file.startsWith("libstd-"));
}
