// The npm package on a server: every export loads in Node, and what a bundler makes of it is small.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { bundleAsShopsDo } from "../../benches/page/bundle.mjs";
import { snippets } from "../snippets.mjs";
import { App } from "./app.mjs";
import { buildSample } from "./site.mjs";

/** @type {App} */
let app;
before(() => {
  app = new App();
});
after(() => app.remove());

/** Runs a module in the app and returns what it prints. @param {string} source */
function runInApp(source, env = {}) {
  app.write({ "main.js": source });
  return app.run("node main.js", env);
}

/**
 * What every page loads, bundled and minified as a shop's own build would.
 *
 * @param {string} entry
 */
function bundle(entry) {
  app.write({ "page.js": entry });
  return bundleAsShopsDo(path.join(app.folder, "page.js"));
}

test("on a server, the class and the functions load and do nothing", () => {
  const said = runInApp(`
    import * as promo from "promo-edge";
    import "promo-edge/define";
    import "promo-edge/promo-edge.min.js";
    import en from "promo-edge/locales/en";
    console.log(Object.keys(promo).sort().join(" "), en.apply, "document" in globalThis);
  `);
  const names = "LANGUAGES PromoCodeElement PromoCodeEvent checkCode createClient describe";
  assert.equal(said.trim(), `${names} loadEngine loadTexts Apply false`);
});

test("what the package's README says about Node", () => {
  const { bundle, key } = buildSample();
  app.write({ "snapshot.bundle": bundle });
  const [server = ""] = snippets("www/promo-edge/README.md", "js");
  const said = runInApp(server, { READER_KEY: key });
  assert.match(said, /^\{ code: 'HELLO10' \}/);
  assert.match(said, /valid: true/);
  assert.match(said, /amount_minor: 1290/);
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

test("the inlined module is the file", () => {
  const said = runInApp(`
    import { readFileSync } from "node:fs";
    import { inflateRawSync } from "node:zlib";
    import inlined from "promo-edge/wasm/slim/inlined.js";
    const wasm = new URL(import.meta.resolve("promo-edge/wasm/slim/slim_bg.wasm"));
    console.log(inflateRawSync(Buffer.from(inlined, "base64")).equals(readFileSync(wasm)));
  `);
  assert.equal(said.trim(), "true");
});

test("the validator and the public codes refuse what is none", () => {
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

test("importing a function brings no wasm along", () => {
  const [page] = bundle(`import { createClient } from "promo-edge"; createClient();`);
  assert.ok(page.contents.length < 4000, `${page.contents.length} bytes`);
});

test("what a page loads stays within 25 kB, compressed", () => {
  const files = bundle(`import "promo-edge/define";`);
  /** @param {RegExp} name */
  const weight = (name) =>
    files
      .filter((file) => name.test(file.path))
      .reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
  const languages = ["en", "fr", "de", "ja", "zh"].map((lang) => weight(new RegExp(`/${lang}-`)));
  const page = weight(/\/(page|chunk-\w+)\.js$/) + Math.max(...languages);
  assert.ok(Math.min(...languages) > 0, "a page loads its own language only");
  console.log(`every page: ${page} bytes gzipped, wasm and the longest language included`);
  assert.ok(page <= 25_000, `${page} bytes`);
});
