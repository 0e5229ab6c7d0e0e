/**
 * The programs that only the benchmarks need.
 * @module
 */

import { cpSync, rmSync } from "node:fs";

import { runWorkerBuild } from "../tools/build.mjs";
import { at, cargoBin, root } from "../tools/project.mjs";
import { unlessUpToDate } from "../tools/stamp.mjs";
import { run } from "../tools/steps.mjs";
import { TARGET } from "../tools/wasm-toolchain.mjs";

/** The native half. */
export const NATIVE = at("target", "release", "examples", "bench");

/** The Worker that ours is measured against. */
export const BASELINE = at("build", "bench-worker");

const OURS = ["src", "Cargo.toml", "Cargo.lock"];

export async function buildNative() {
  const inputs = [...OURS, "benches/native"];
  const what = { inputs, outputs: ["target/release/examples/bench"] };
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
  const inputs = [...OURS, "benches/wasm"];
  const what = { inputs, settings: [toolchain.name], outputs };
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

/**
 * A Worker of the same SDK that only reads and answers, built as ours is.
 *
 * @param {import("../tools/wasm-toolchain.mjs").WasmToolchain} toolchain
 */
export async function buildBaseline(toolchain) {
  const source = "benches/worker-baseline";
  const inputs = [source, "Cargo.lock", "tools/build.mjs"];
  const outputs = ["build/bench-worker/index.js", "build/bench-worker/index_bg.wasm"];
  const what = { inputs, settings: [toolchain.name], outputs };
  await unlessUpToDate("bench-worker", what, async () => {
    const crate = at("target", "worker-baseline-crate");
    rmSync(crate, { recursive: true, force: true });
    cpSync(at(source), crate, { recursive: true });
    await runWorkerBuild(crate, BASELINE, [], toolchain);
  });
}
