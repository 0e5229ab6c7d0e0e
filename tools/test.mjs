/**
 * `npm test`: sets up, builds and runs every test there is.
 *
 *     npm test                     everything
 *     npm test -- rust edge        only these groups
 * @module
 */

import { existsSync, readdirSync } from "node:fs";
import process from "node:process";

import { browser, fonts } from "./browser.mjs";
import { build } from "./build.mjs";
import { fuzz } from "./fuzz.mjs";
import { installPlugin } from "./plugins.mjs";
import { at, npmBin, root } from "./project.mjs";
import { schemathesis, wasmtimePython } from "./python.mjs";
import { buildSample, migrateTables, publishSample } from "./sample.mjs";
import { programOnPinnedNode, setUpRust } from "./setup.mjs";
import { StepError, run, say, step } from "./steps.mjs";
import { TARGET } from "./wasm-toolchain.mjs";

/** @typedef {import("./wasm-toolchain.mjs").WasmToolchain} WasmToolchain */

/** What the crate can be built as, by features; the empty set is the bare core. */
const FEATURE_SETS = [
  "",
  "wire",
  "patterns",
  "zones",
  "catalog",
  "cli",
  "edge",
  "admin",
  "browser",
  "public-codes",
  "validator",
  "desk",
  "function",
];

/** Those that `npm run build` does not compile for wasm, and that are meant for it. */
const UNBUILT_FOR_WASM = ["", "wire"];

/**
 * @typedef {object} Group
 * @property {(toolchain: WasmToolchain) => Promise<unknown>} test
 * @property {boolean} [isBuilt] needs what `npm run build` makes
 * @property {boolean} [isSeeded] needs the sample programme in the local KV
 */

/**
 * In the order of how soon they fail.
 *
 * @type {Record<string, Group>}
 */
const GROUPS = {
  format: { test: () => run("cargo", ["fmt", "--check"], { cwd: root, mend: "cargo fmt" }) },
  types: { test: () => run(npmBin("tsc"), ["--project", at("tsconfig.json")]), isBuilt: true },
  lint: { test: lint, isBuilt: true },
  rust: { test: testRust },
  fuzz: { test: fuzz },
  sample: { test: () => testNode("sample") },
  wasm: { test: () => testNode("wasm"), isBuilt: true },
  packaging: { test: () => testInBrowser("packaging"), isBuilt: true },
  edge: { test: () => testNode("edge"), isBuilt: true },
  api: { test: testApi, isBuilt: true },
  function: { test: testFunction, isBuilt: true },
  plugins: { test: testPlugins, isBuilt: true },
  browser: { test: () => testInBrowser("browser"), isBuilt: true, isSeeded: true },
};

/**
 * Clippy on every feature set alone, and every set that is meant for wasm compiled for it.
 *
 * @param {WasmToolchain} toolchain
 */
async function lint(toolchain) {
  for (const features of FEATURE_SETS) {
    const scope = features === "cli" ? "--all-targets" : "--lib";
    const args = ["clippy", "--locked", scope, "--features", features, "--", "-D", "warnings"];
    await run("cargo", args, { cwd: root });
  }
  for (const features of UNBUILT_FOR_WASM) {
    await run("cargo", ["check", "--locked", "--lib", "--target", TARGET, "--features", features], {
      cwd: root,
      env: { ...toolchain.env, CARGO_TARGET_DIR: at("target", "wasm-check") },
    });
  }
}

/** The test runner prints its own closing lines. */
async function testRust() {
  await run("cargo", ["test", "--locked", "--features", "cli", "--no-fail-fast"], { cwd: root });
}

/** @param {WasmToolchain} toolchain */
async function testFunction(toolchain) {
  await build(toolchain, ["function"]);
  process.env.WASMTIME_PYTHON = await wasmtimePython();
  await testNode("function");
}

async function testApi() {
  process.env.SCHEMATHESIS = await schemathesis();
  await testNode("api");
}

async function testPlugins() {
  await installPlugin("vendure");
  await testNode("plugins");
}

/** @param {string} folder */
async function testInBrowser(folder) {
  process.env.CHROME_BIN = await browser();
  await fonts();
  say(`browser: ${process.env.CHROME_BIN}`);
  await testNode(folder);
}

/**
 * Runs a folder of tests/ with Node's runner, one file at a time: each starts a workerd or a
 * browser of its own.
 *
 * @param {string} folder
 */
async function testNode(folder) {
  const files = testFiles(`tests/${folder}`);
  if (files.length === 0) throw new StepError(`there are no tests in tests/${folder}`);
  const flags = ["--test", "--test-concurrency=1", "--test-reporter=spec"];
  await run(npmBin("node"), [...flags, ...files], { cwd: root });
}

/** @param {string} folder */
function testFiles(folder) {
  if (!existsSync(at(folder))) return [];
  const files = readdirSync(at(folder)).sort();
  return files.filter((file) => file.endsWith(".test.mjs")).map((file) => `${folder}/${file}`);
}

await programOnPinnedNode(import.meta, async () => {
  const asked = process.argv.slice(2);
  const names = asked.length > 0 ? asked : Object.keys(GROUPS);
  const groups = names.map((name) => ({ name, ...groupOf(name) }));
  const toolchain = await setUpRust();
  if (groups.some((group) => group.isBuilt)) await build(toolchain);
  if (groups.some((group) => group.isSeeded)) {
    await step("Sample programme: 100,000 bulk codes, compiled twice", buildSample);
    await step("Publishing to the local KV", publishSample);
    await step("Tables of the catalogue and the reports in the local D1", migrateTables);
  }
  /** @type {string[]} */
  const failed = [];
  for (const { name, test } of groups) {
    try {
      await step(`Tests: ${name}`, () => test(toolchain));
    } catch (error) {
      // The other groups are worth knowing about too.
      reportStep(error);
      failed.push(name);
    }
  }
  for (const name of failed) {
    // Once more, so that what failed stands at the end of a long log. It has failed all the same.
    await step(`Again: ${name}`, () => groupOf(name).test(toolchain)).catch(reportStep);
  }
  if (failed.length > 0) {
    throw new StepError(`tests of ${failed.join(", ")}`, `npm test -- ${failed.join(" ")}`);
  }
  console.log(`\nPassed: ${names.join(", ")}.`);
});

/** Says that a step failed; what is no such failure goes on. @param {unknown} error */
function reportStep(error) {
  if (!(error instanceof StepError)) throw error;
  console.error(`   failed: ${error.message}${error.mend ? `\n   ${error.mend}` : ""}`);
}

/** @param {string} name */
function groupOf(name) {
  const group = GROUPS[name];
  if (group) return group;
  const known = Object.keys(GROUPS).join(" ");
  throw new StepError(`no group of tests is called "${name}"`, `npm test -- ${known}`);
}
