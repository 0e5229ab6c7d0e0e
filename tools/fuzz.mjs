/**
 * The fuzz targets of tests/fuzz: compiled, and each run for a bounded time from a seed that is
 * printed. A finding fails the tests and leaves its input in tests/fuzz/artifacts.
 * @module
 */

import { existsSync, readFileSync } from "node:fs";

import { at, cargoBin, root, toolsFolder } from "./project.mjs";
import { StepError, ask, run, say } from "./steps.mjs";

const FOLDER = "tests/fuzz";
const CARGO_FUZZ = "0.13.2";
/** Long enough to find what a change broke; a hunt for more is `cargo fuzz run` by hand. */
const SECONDS_EACH = 10;
const SEED = 20_260_101;

/** Runs every target that tests/fuzz/Cargo.toml names. */
export async function fuzz() {
  const names = targets();
  if (names.length === 0) throw new StepError(`${FOLDER}/Cargo.toml names no fuzz target`);
  if ((await ask(cargoBin("cargo-fuzz"), ["--version"])) !== `cargo-fuzz ${CARGO_FUZZ}`) {
    const args = ["install", `cargo-fuzz@${CARGO_FUZZ}`, "--root", toolsFolder, "--force"];
    await run("cargo", args, { env: { CARGO_TARGET_DIR: `${toolsFolder}/build` } });
  }
  for (const name of names) {
    say(`${name}: ${SECONDS_EACH} s, seed ${SEED}`);
    const folder = ["--fuzz-dir", at(FOLDER), "--target-dir", at("target", "fuzz")];
    // A stable compiler has no sanitizers; a panic or a hang is what these targets look for.
    const limits = [`-max_total_time=${SECONDS_EACH}`, `-seed=${SEED}`, "-print_final_stats=1"];
    const what = ["run", ...folder, "--sanitizer", "none", name, "--", ...limits];
    await run(cargoBin("cargo-fuzz"), what, { cwd: root, env: { RUSTC_BOOTSTRAP: "1" } });
  }
}

/** @returns {string[]} */
function targets() {
  const manifest = at(FOLDER, "Cargo.toml");
  if (!existsSync(manifest)) return [];
  const sections = readFileSync(manifest, "utf8").split(/^\[\[bin\]\]/m).slice(1);
  return sections.flatMap((section) => section.match(/^name = "([^"]+)"/m)?.[1] ?? []);
}
