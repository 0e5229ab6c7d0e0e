/**
 * Builds the command line, both Workers, the four browser modules, what the npm package holds
 * besides and the admin page's framework, and prints what they weigh.
 *
 *     npm run build                      all of it but the function
 *     npm run build -- worker slim       only these (command, worker, admin, slim, public,
 *                                        validator, desk, package, page, templates,
 *                                        function)
 * @module
 */

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { deflateRawSync, gzipSync } from "node:zlib";

import { PACKAGE, SINGLE_FILE, buildPackage, integrityOf } from "./package.mjs";
import { at, cargoBin, npmBin, root } from "./project.mjs";
import { programOnPinnedNode, setUpRust } from "./setup.mjs";
import { unlessUpToDate } from "./stamp.mjs";
import { StepError, run, say, step } from "./steps.mjs";
import { WASI_TARGET, addWasiTarget } from "./wasi-toolchain.mjs";
import { TARGET } from "./wasm-toolchain.mjs";

/** @typedef {import("./wasm-toolchain.mjs").WasmToolchain} WasmToolchain */

/** What every product is made of. */
const SOURCES = ["src", "Cargo.toml", "Cargo.lock", "tools/build.mjs", "package-lock.json"];

/**
 * The wasm features of the engines we promise to run on. `--all-features` would let wasm-opt use
 * some that no browser has yet.
 */
const WASM_FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
].map((feature) => `--enable-${feature}`);

/**
 * A fifth less to upload and to start than built for speed. What a request waits for is the
 * platform.
 */
const WORKER_BUILD = { CARGO_PROFILE_RELEASE_OPT_LEVEL: "s" };

/** @type {Record<string, (toolchain: WasmToolchain) => Promise<void>>} */
const PRODUCTS = {
  command: buildCommand,
  worker: (toolchain) => buildWorker("worker", "edge", toolchain),
  admin: (toolchain) => buildWorker("admin", "admin", toolchain),
  slim: buildSlim,
  public: buildPublic,
  validator: (toolchain) =>
    buildBrowserModule("promo-edge/wasm/validator", "validator", toolchain),
  desk: (toolchain) => buildBrowserModule("admin/wasm/desk", "desk", toolchain, FAST_BUILD),
  package: async () => {
    await buildPackage();
    printSizes(SINGLE_FILE, `${PACKAGE}/integrity.json`);
  },
  page: buildFramework,
  templates: buildTemplates,
  function: buildFunction,
};

/** Built when asked for by name: it needs a target that nothing else does. */
const APART = "function";

/** The command line, for `npm start` and the tests. */
export const COMMAND = at("target", "release", "promo");

/**
 * @param {WasmToolchain} toolchain
 * @param {string[]} [names] default: all but the function
 */
export async function build(
  toolchain,
  names = Object.keys(PRODUCTS).filter((name) => name !== APART),
) {
  for (const name of names) {
    const product = PRODUCTS[name];
    if (!product) {
      const known = Object.keys(PRODUCTS).join(" ");
      throw new StepError(`nothing is called "${name}"`, `npm run build -- ${known}`);
    }
    await step(`Building: ${name}`, () => product(toolchain));
  }
}

async function buildCommand() {
  await unlessUpToDate("command", { inputs: SOURCES, outputs: ["target/release/promo"] }, () =>
    run("cargo", ["build", "--release", "--locked", "--bin", "promo", "--features", "cli"], {
      cwd: root,
    }),
  );
}

/**
 * worker-build compiles a crate whose only kind is `cdylib`. Ours is a plain library, because a
 * crate of both kinds loses its link-time optimisation; so it is given a manifest of its own that
 * differs in nothing else and points at the same source.
 *
 * @param {string} name of its folder below build/
 * @param {string} feature
 * @param {WasmToolchain} toolchain
 */
async function buildWorker(name, feature, toolchain) {
  const outputs = [`build/${name}/index.js`, `build/${name}/index_bg.wasm`];
  const settings = [toolchain.name];
  await unlessUpToDate(name, { inputs: SOURCES, settings, outputs }, async () => {
    const crate = at("target", "worker-crate");
    mkdirSync(crate, { recursive: true });
    writeFileSync(`${crate}/Cargo.toml`, workerManifest());
    await runWorkerBuild(crate, at("build", name), ["--features", feature], toolchain);
  });
  printSizes(`build/${name}/index_bg.wasm`, `build/${name}/index.js`);
}

/**
 * Compiles a crate into a Worker, with the versions of every crate that ours has.
 *
 * @param {string} crate its folder, which is given a Cargo.lock
 * @param {string} out folder of the Worker
 * @param {string[]} args for cargo
 * @param {WasmToolchain} toolchain
 */
export async function runWorkerBuild(crate, out, args, toolchain) {
  cpSync(at("Cargo.lock"), `${crate}/Cargo.lock`);
  rmSync(out, { recursive: true, force: true });
  await run(cargoBin("worker-build"), ["--release", "--out-dir", out, crate, ...args], {
    cwd: root,
    env: { ...toolchain.env, ...WORKER_BUILD, CARGO_TARGET_DIR: at("target", "worker") },
  });
  // worker-build keeps the names of functions, a fifth of the download; they are in target/.
  const wasm = `${out}/index_bg.wasm`;
  await run(npmBin("wasm-opt"), [wasm, "-o", wasm, "--strip-debug", ...WASM_FEATURES]);
}

/** Our manifest, as a `cdylib` and without the targets that live in other folders. */
function workerManifest() {
  const own = readFileSync(at("Cargo.toml"), "utf8");
  const sections = own.split(/^(?=\[)/m);
  const kept = sections.filter((section) => !/^\[(\[|lib\]|dev-dependencies)/.test(section));
  const lib = `[lib]\nname = "promo_edge"\npath = "${at("src", "lib.rs")}"\n`;
  return [
    ...kept.map((section) => section.replace(/^readme = .*\n/m, "")),
    `\n${lib}crate-type = ["cdylib"]\n`,
    '\n[package.metadata.wasm-pack.profile.release]\nwasm-opt = ["-Oz"]\n',
    "\n[workspace]\n",
  ].join("");
}

/**
 * A module for browsers, as small as it can be made unless another way is asked for.
 *
 * @param {string} below www/, the folder; its last part is the module's name
 * @param {string} feature
 * @param {WasmToolchain} toolchain
 * @param {HowBuilt} [how]
 */
async function buildBrowserModule(below, feature, toolchain, how = SIZE_BUILD) {
  const folder = `www/${below}`;
  const name = path.basename(below);
  const outputs = [`${folder}/${name}.js`, `${folder}/${name}_bg.wasm`];
  const settings = [toolchain.name, toolchain.hasSource];
  const isPlain = how.needsSource && !toolchain.hasSource;
  await unlessUpToDate(name, { inputs: SOURCES, settings, outputs }, async () => {
    if (isPlain) {
      say("without the standard library's source this module is larger than it need be");
      say("to mend it: rustup component add rust-src");
    }
    const { args, env } = isPlain ? { args: [], env: {} } : how;
    const target = at("target", isPlain ? "browser-plain" : how.folder);
    const what = ["--release", "--locked", "--lib", "--crate-type", "cdylib", "--target", TARGET];
    await run("cargo", ["rustc", ...what, "--features", feature, ...args], {
      cwd: root,
      env: { ...toolchain.env, ...env, CARGO_TARGET_DIR: target },
    });
    rmSync(at(folder), { recursive: true, force: true });
    await run(cargoBin("wasm-bindgen"), [
      ...["--target", "web", "--out-dir", at(folder), "--out-name", name],
      ...["--remove-name-section", "--remove-producers-section"],
      `${target}/${TARGET}/release/promo_edge.wasm`,
    ]);
    const wasm = at(folder, `${name}_bg.wasm`);
    await run(npmBin("wasm-opt"), [wasm, "-o", wasm, how.optimise, ...WASM_FEATURES]);
    await trimGlue(at(folder), name);
  });
  printSizes(...outputs);
}

/**
 * Keeps of wasm-bindgen's glue what starts with a module that it is given. The other start fetches
 * a file by itself, which bundlers would take along or fail to find.
 *
 * @param {string} folder
 * @param {string} name
 */
async function trimGlue(folder, name) {
  const over = [`--outfile=${name}.js`, "--allow-overwrite", "--log-level=error"];
  await run(npmBin("esbuild"), ["--bundle", "--minify", "--format=esm", ...over], {
    cwd: folder,
    // Which leaves out the default export.
    input: `export * from "./${name}.js";`,
  });
}

/**
 * The slim module, and once more as a script: so no bundler, path, content type or policy can lose
 * it. Compressed before it is written in base64, it weighs no more on the wire than the file.
 *
 * @param {WasmToolchain} toolchain
 */
async function buildSlim(toolchain) {
  const folder = "www/promo-edge/wasm/slim";
  await buildBrowserModule("promo-edge/wasm/slim", "browser", toolchain);
  const packed = deflateRawSync(readFileSync(at(folder, "slim_bg.wasm")), { level: 9 });
  const says = "/** The slim module, deflated, in base64. */";
  const script = `${says}\nexport default "${packed.toString("base64")}";\n`;
  writeFileSync(at(folder, "inlined.js"), script);
  printSizes(`${folder}/inlined.js`);
}

/**
 * The public codes' module, and its hash as a script: whoever vouches for the scripts that load it
 * vouches for it, too, wherever it is served from.
 *
 * @param {WasmToolchain} toolchain
 */
async function buildPublic(toolchain) {
  const folder = "www/promo-edge/wasm/public";
  await buildBrowserModule("promo-edge/wasm/public", "public-codes", toolchain);
  const hash = integrityOf(at(folder, "public_bg.wasm"));
  const script = `/** Of public_bg.wasm. */\nexport default "${hash}";\n`;
  writeFileSync(at(folder, "integrity.js"), script);
}

/**
 * The function that a shop's platform runs. Platforms bound its size, so it is built as a page's
 * module is.
 */
async function buildFunction() {
  const output = "build/function/promo-function.wasm";
  await unlessUpToDate("function", { inputs: SOURCES, outputs: [output] }, async () => {
    await addWasiTarget();
    const target = at("target", "function");
    const what = ["--release", "--locked", "--bin", "promo-function", "--features", "function"];
    await run("cargo", ["build", ...what, "--target", WASI_TARGET, ...SIZE_BUILD.args], {
      cwd: root,
      env: { ...SIZE_BUILD.env, RUSTFLAGS: FUNCTION_FLAGS, CARGO_TARGET_DIR: target },
    });
    mkdirSync(at("build", "function"), { recursive: true });
    const built = `${target}/${WASI_TARGET}/release/promo-function.wasm`;
    const strip = ["--strip-debug", "--strip-producers"];
    await run(npmBin("wasm-opt"), [built, "-o", at(output), "-Oz", ...strip, ...WASM_FEATURES]);
  });
  printSizes(output);
}

/** The one package that the admin page is made with, as one module that it can import. */
async function buildFramework() {
  const source = "tools/preact.mjs";
  const output = "www/admin/vendor/preact.js";
  const inputs = [source, "tools/build.mjs", "package-lock.json"];
  await unlessUpToDate("page", { inputs, outputs: [output] }, () =>
    run(npmBin("esbuild"), [
      at(source),
      ...["--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none"],
      ...[`--outfile=${at(output)}`, "--log-level=error"],
    ]),
  );
  printSizes(output);
}

/** The empty bulk files that the admin page offers. */
async function buildTemplates() {
  const outputs = ["www/admin/template.csv", "www/admin/template.xlsx"];
  await unlessUpToDate("templates", { inputs: SOURCES, outputs }, async () => {
    await buildCommand();
    await run(COMMAND, ["template", ...outputs.map((file) => at(file))]);
  });
}

/**
 * How a module is built: for size, with the standard library compiled anew and without any text for
 * panics. The Worker must not be built so: it reports panics.
 *
 * @typedef {object} HowBuilt
 * @property {string} folder below target/
 * @property {boolean} needsSource whether it needs the standard library's source
 * @property {string} optimise for wasm-opt
 * @property {string[]} args for cargo
 * @property {NodeJS.ProcessEnv} env
 */
/** @type {HowBuilt} */
const SIZE_BUILD = {
  folder: "browser",
  needsSource: true,
  optimise: "-Oz",
  args: ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
  env: {
    CARGO_PROFILE_RELEASE_OPT_LEVEL: "s",
    RUSTC_BOOTSTRAP: "1",
    RUSTFLAGS: '-Cpanic=immediate-abort -Zunstable-options --cfg=sha2_backend_soft="compact"',
  },
};

/** Besides, nothing that is written for programmers only: the platform shows what an error says. */
const FUNCTION_FLAGS = `${SIZE_BUILD.env.RUSTFLAGS} -Zfmt-debug=none -Zlocation-detail=none`;

/**
 * For what compiles patterns while somebody types, on a page that few people open.
 *
 * @type {HowBuilt}
 */
const FAST_BUILD = {
  folder: "browser-fast",
  needsSource: false,
  optimise: "-O3",
  args: [],
  env: { CARGO_PROFILE_RELEASE_OPT_LEVEL: "3" },
};

/** @param {string[]} files below the project's folder */
function printSizes(...files) {
  for (const file of files) {
    const bytes = readFileSync(at(file));
    const gzipped = gzipSync(bytes, { level: 9 }).length;
    say(`${file}: ${kilobytes(bytes.length)}, ${kilobytes(gzipped)} gzipped`);
  }
}

/** @param {number} size */
function kilobytes(size) {
  return `${(size / 1000).toFixed(1)} kB`;
}

await programOnPinnedNode(import.meta, async () => {
  const names = process.argv.slice(2);
  await build(await setUpRust(), names.length > 0 ? names : undefined);
});
