/**
 * The programs that only the benchmarks need.
 * @module
 */

import { rmSync } from "node:fs";

import { at, cargoBin, root } from "../tools/project.mjs";
import { unlessUpToDate } from "../tools/stamp.mjs";
import { run } from "../tools/steps.mjs";
import { TARGET } from "../tools/wasm-toolchain.mjs";

/** The native half. */
export const NATIVE = at("target", "release", "examples", "bench");

const SOURCES = ["src", "Cargo.toml", "Cargo.lock", "benches"];

export async function buildNative() {
  const what = { inputs: SOURCES, outputs: ["target/release/examples/bench"] };
  await unlessUpToDate("bench-native", what, () =>
    run("cargo", ["build", "--release", "--locked", "--example", "bench", "--features", "cli"], {
      cwd: root,
    }),
  );
}

/**
 * The wasm half, built as the Worker is.
 *
 * @param {import("../tools/wasm-toolchain.mjs").WasmToolchain} toolchain
 */
export async function buildWasm(toolchain) {
  const outputs = ["build/bench/bench.js", "build/bench/bench_bg.wasm"];
  const what = { inputs: SOURCES, settings: [toolchain.name], outputs };
  await unlessUpToDate("bench-wasm", what, async () => {
    const target = at("target", "bench-wasm");
    const crate = ["--manifest-path", at("benches", "wasm", "Cargo.toml")];
    await run("cargo", ["build", "--release", "--locked", ...crate, "--target", TARGET], {
      cwd: root,
      env: { ...toolchain.env, CARGO_TARGET_DIR: target },
    });
    const out = at("build", "bench");
    rmSync(out, { recursive: true, force: true });
    await run(cargoBin("wasm-bindgen"), [
      ...["--target", "web", "--out-dir", out, "--out-name", "bench"],
      `${target}/${TARGET}/release/promo_edge_bench.wasm`,
    ]);
  });
}
