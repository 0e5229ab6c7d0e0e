/**
 * Sets up all that is missing to build, run and test: npm packages, the wasm toolchain and two
 * Cargo tools. Needs only Node and rustup; each part is skipped when it is there.
 * @module
 */

import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

import { at, cargoBin, lockedVersion, npmBin, root, toolEnv, toolsFolder } from "./project.mjs";
import { contentStamp } from "./stamp.mjs";
import { StepError, ask, program, run, say, step } from "./steps.mjs";
import { wasmToolchain } from "./wasm-toolchain.mjs";

/** @typedef {import("./wasm-toolchain.mjs").WasmToolchain} WasmToolchain */

/**
 * Runs a program of this folder on the pinned Node: installs the npm packages, one of which is
 * that Node, and then starts the program again on it if need be.
 *
 * @param {ImportMeta} meta of the program
 * @param {() => Promise<void>} main
 */
export async function programOnPinnedNode(meta, main) {
  if (process.argv[1] === undefined || meta.url !== pathToFileURL(process.argv[1]).href) return;
  await program(async () => {
    await installPackages();
    Object.assign(process.env, toolEnv());
    const pinned = await ask(npmBin("node"), ["--version"]);
    if (pinned === process.version || pinned === null) await main();
    else process.exitCode = await continueOn(npmBin("node"));
  });
}

/**
 * Everything a build needs beside npm packages.
 *
 * @returns {Promise<WasmToolchain>}
 */
export async function setUpRust() {
  return await step("Rust for the Worker and the browser", async () => {
    const rustup = "install Rust with rustup (rustup.rs), then run this again";
    const rust = await ask("cargo", ["--version"]);
    if (rust === null) throw new StepError("there is no cargo on the path", rustup);
    const toolchain = await wasmToolchain();
    say(`native: ${rust}`);
    say(`wasm:   ${toolchain.name}${toolchain.hasSource ? ", with the library's source" : ""}`);
    await installCargoTool("wasm-bindgen-cli", "wasm-bindgen", lockedVersion("wasm-bindgen"));
    await installCargoTool("worker-build", "worker-build", lockedVersion("worker"));
    return toolchain;
  });
}

async function installPackages() {
  const wanted = contentStamp(["package-lock.json"]);
  const stamp = at("node_modules", ".installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await step("npm packages", async () => {
    const mend = "npm ci";
    await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, mend });
    writeFileSync(stamp, wanted);
  });
}

/**
 * Both tools share one target folder: most of what they are made of is the same.
 *
 * @param {string} crate
 * @param {string} binary
 * @param {string} version
 */
async function installCargoTool(crate, binary, version) {
  const present = await ask(cargoBin(binary), ["--version"]);
  if (present?.split(" ").at(-1) === version) return say(`${crate} ${version}`);
  say(`installing ${crate} ${version} (3 to 4 minutes the first time)`);
  const args = ["install", `${crate}@${version}`, "--root", toolsFolder, "--force"];
  const env = { CARGO_TARGET_DIR: `${toolsFolder}/build` };
  const mend = `cargo ${args.join(" ")}`;
  try {
    await run("cargo", [...args, "--locked"], { env });
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    // A version that the tool's own lock file names may have been withdrawn, or not be here yet.
    say("its locked dependencies are not to be had here; taking the nearest that are");
    await run("cargo", args, { env, mend });
  }
}

/** @param {string} node the Node to run this very command line on */
function continueOn(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  // The child tidies up, and this one waits for it. A terminal signals both: twice does no harm.
  for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.removeAllListeners(signal);
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve) => {
    child.on("close", (code) => resolve(code ?? 1));
  });
}

await programOnPinnedNode(import.meta, async () => {
  await setUpRust();
});
