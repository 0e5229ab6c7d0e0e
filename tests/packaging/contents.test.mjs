// What is published: each file by name, what it weighs, and whether its exports and types agree.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { pack } from "./app.mjs";

const PACKAGE = new URL("../../www/promo-edge/", import.meta.url);
const LANGUAGES = ["de", "en", "fr", "ja", "zh"];
const SCRIPTS = [
  "appearance", "applied", "attributes", "chips", "client", "define", "element", "engine", "event",
  "explain", "index", "local", "markup", "messages", "outcome", "public-codes", "question",
  "signals", "slim", "typing", "wasm",
];
const OF_SERVERS = ["validator-node.js"];
const OF_PAGES = [
  ...SCRIPTS.map((name) => `${name}.js`),
  "promo-edge.min.js",
  "validator.js",
  ...LANGUAGES.flatMap((lang) => [`locales/${lang}.js`, `locales/trace.${lang}.json`]),
  "wasm/public/integrity.js", "wasm/public/public.js", "wasm/public/public_bg.wasm",
  "wasm/slim/inlined.js", "wasm/slim/slim.js", "wasm/slim/slim_bg.wasm",
  "wasm/validator/validator.js", "wasm/validator/validator_bg.wasm",
];
const TYPES = [
  ...[...SCRIPTS, "html", "jsx", "validator"].map((name) => `types/${name}.d.ts`),
  ...LANGUAGES.map((lang) => `types/locales/${lang}.d.ts`),
];
const BESIDES = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "integrity.json", "package.json"];

/** The most that a page may load of the package, gzipped. */
const PAGE_MAX = 25_000;
/** The most that is downloaded to install it: the validator's module is half of it. */
const TARBALL_MAX = 350_000;

/** @type {string} */
let folder;
/** @type {import("./app.mjs").Packed} */
let packed;

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), "promo-edge-"));
  packed = pack(folder);
});
after(() => rmSync(folder, { recursive: true }));

test("it has these files and no others", () => {
  const expected = [...OF_PAGES, ...OF_SERVERS, ...TYPES, ...BESIDES].sort();
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), expected);
  const unpacked = packed.files.reduce((sum, { size }) => sum + size, 0);
  console.log(`packed: ${packed.size} bytes, unpacked: ${unpacked}`);
  assert.ok(packed.size <= TARBALL_MAX, `${packed.size} bytes`);
});

test("the licences are the project's", () => {
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) {
    const own = readFileSync(new URL(name, PACKAGE), "utf8");
    assert.equal(own, readFileSync(new URL(`../../${name}`, PACKAGE), "utf8"));
  }
});

test("the single file is no heavier than a page may be", () => {
  const size = gzipSync(readFileSync(new URL("promo-edge.min.js", PACKAGE)), { level: 9 }).length;
  console.log(`promo-edge.min.js: ${size} bytes gzipped, every language in it`);
  assert.ok(size <= PAGE_MAX, `${size} bytes`);
});

test("every file that a page may load has its hash", () => {
  const hashes = JSON.parse(readFileSync(new URL("integrity.json", PACKAGE), "utf8"));
  assert.deepEqual(Object.keys(hashes).sort(), [...OF_PAGES].sort());
  for (const [name, hash] of Object.entries(hashes)) {
    const bytes = readFileSync(new URL(name, PACKAGE));
    assert.equal(hash, `sha384-${createHash("sha384").update(bytes).digest("base64")}`, name);
  }
});

test("no file names a way to fetch wasm that its loader does not take", () => {
  for (const name of ["slim", "public", "validator"]) {
    const glue = readFileSync(new URL(`wasm/${name}/${name}.js`, PACKAGE), "utf8");
    assert.doesNotMatch(glue, /import\.meta|fetch\(/, name);
  }
});

test("publint finds nothing", async () => {
  const { messages, pkg } = await publint({ pack: { tarball: bytes() }, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg ?? {})), []);
});

test("are the types wrong? No", async () => {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes())));
  assert.ok("problems" in analysis, "it has types");
  const found = analysis.problems.filter((problem) => {
    // A package of ES modules has nothing for the resolutions that know none.
    if (!("resolutionKind" in problem)) return true;
    const isOld = ["node10", "node16-cjs"].includes(problem.resolutionKind ?? "");
    // Nobody imports the file for pages; its types are those of `define`.
    return !isOld && problem.entrypoint !== "./promo-edge.min.js";
  });
  assert.deepEqual(found, []);
});

function bytes() {
  const { buffer, byteOffset, byteLength } = readFileSync(packed.tarball);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
