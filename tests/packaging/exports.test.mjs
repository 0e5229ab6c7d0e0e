// The npm package as somebody else has it: packed, installed, and every export loaded.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

const PACKAGE = new URL("../../www/promo-edge/", import.meta.url);
const require = createRequire(import.meta.url);

/** An app of its own, with the package installed. */
let app = "";

before(() => {
  app = mkdtempSync(join(tmpdir(), "promo-edge-app-"));
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", app], {
    cwd: PACKAGE,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { filename } = JSON.parse(String(packed))[0];
  const folder = join(app, "node_modules", "promo-edge");
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", join(app, filename), "-C", folder, "--strip-components=1"]);
  writeFileSync(join(app, "package.json"), JSON.stringify({ type: "module" }));
});
after(() => rmSync(app, { recursive: true }));

/** Runs a module in the app and returns what it prints. @param {string} source */
function runInApp(source) {
  const file = join(app, "main.js");
  writeFileSync(file, source);
  return String(execFileSync(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] }));
}

/**
 * What every page loads, bundled and minified as a shop's own build would.
 *
 * @param {string} entry
 */
function bundle(entry) {
  const out = join(app, "out");
  rmSync(out, { recursive: true, force: true });
  writeFileSync(join(app, "page.js"), entry);
  const { buildSync } = require("esbuild");
  const { outputFiles } = buildSync({
    entryPoints: [join(app, "page.js")],
    outdir: out,
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  return /** @type {{ path: string, contents: Uint8Array }[]} */ (outputFiles);
}

test("on a server, the class and the functions load and do nothing", () => {
  const said = runInApp(`
    import * as promo from "promo-edge";
    import "promo-edge/define";
    import en from "promo-edge/locales/en";
    console.log(Object.keys(promo).sort().join(" "), en.apply);
  `);
  const names = "LANGUAGES PromoCodeElement PromoCodeEvent checkCode createClient describe";
  assert.equal(said.trim(), `${names} loadEngine loadTexts Apply`);
});

test("the slim module runs wherever its bytes are", () => {
  const said = runInApp(`
    import { readFileSync } from "node:fs";
    import { startEngine } from "promo-edge/slim";
    const wasm = new URL(import.meta.resolve("promo-edge/wasm/slim/slim_bg.wasm"));
    const { checkCode } = startEngine(readFileSync(wasm));
    console.log(JSON.stringify(["\\uff33AVE\\u200b10 ", " ", "a\\nb"].map(checkCode)));
  `);
  assert.deepEqual(JSON.parse(said), [
    { code: "SAVE10" },
    { malformed: "empty" },
    { malformed: "control_character" },
  ]);
});

test("the validator and the public codes load in Node", () => {
  const said = runInApp(`
    import { readFileSync } from "node:fs";
    import { openPublicCodes } from "promo-edge/public-codes";
    import { Validator } from "promo-edge/validator";
    const beside = import.meta.resolve("promo-edge/wasm/public/public_bg.wasm");
    const wasm = readFileSync(new URL(beside));
    const refuse = (error) => console.log(String(error.message ?? error));
    await openPublicCodes(new Uint8Array(8), wasm).catch(refuse);
    try { Validator.open(new Uint8Array(8), "key") } catch (error) { refuse(error) }
  `);
  assert.match(said, /not a bundle of public codes/);
  assert.match(said, /per1_/);
});

test("importing the class alone leaves nothing in a bundle", () => {
  const [page] = bundle(`import "promo-edge";`);
  assert.equal(page.contents.length, 0);
});

test("what a page loads stays within 25 kB, compressed", () => {
  const files = bundle(`import "promo-edge/define";`);
  /** @param {RegExp} name */
  const scripts = (name) => {
    const named = files.filter(({ path }) => name.test(path));
    return named.reduce((sum, { contents }) => sum + gz(contents), 0);
  };
  /** @param {string} name */
  const wasm = (name) => gz(readFileSync(new URL(`wasm/${name}/${name}_bg.wasm`, PACKAGE)));
  const page = scripts(/page\.js$|chunk-/) + scripts(/en-\w+\.js$/) + wasm("slim");
  const publicCodes = scripts(/public-codes-/) + wasm("public");
  console.log(`every page: ${page} bytes gzipped`);
  console.log(`with the field entered, where there are public codes: ${publicCodes} more`);
  assert.ok(page <= 25_000, `${page} bytes`);
});

/** @param {Uint8Array} bytes */
function gz(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}
