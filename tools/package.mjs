/**
 * What the npm package holds besides its sources: types, a single file for pages without a bundler,
 * and the hashes of everything that a page may load.
 * @module
 */

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";

import { at, npmBin } from "./project.mjs";
import { run } from "./steps.mjs";

/** The package's folder. */
export const PACKAGE = "www/promo-edge";
/** All that a page without a bundler needs, in one file. */
export const SINGLE_FILE = `${PACKAGE}/promo-edge.min.js`;

const SOURCE = at(PACKAGE);
const TYPES = at(PACKAGE, "types");
const MODULES_MISSING = "npm run build -- slim public validator package";
const LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"];
/** What the types are made from; all else follows from it. */
const ENTRIES = ["index", "define", "slim", "public-codes", "explain"];
/** Those whose importers see `<promo-code>` in the document's types. */
const KNOWING_THE_TAG = ["index", "define"];

/** Quick enough to be made anew each time, after the modules of the browser. */
export async function buildPackage() {
  for (const licence of LICENCES) cpSync(at(licence), at(PACKAGE, licence));
  await writeTypes();
  await writeSingleFile();
  writeFileSync(at(PACKAGE, "integrity.json"), `${JSON.stringify(integrity(), null, 2)}\n`);
}

/** Types from the comments of the sources, and beside them those that no comment can say. */
async function writeTypes() {
  rmSync(TYPES, { recursive: true, force: true });
  const settings = at("build", "types.json");
  mkdirSync(at("build"), { recursive: true });
  writeFileSync(settings, JSON.stringify({
    extends: at("tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: TYPES,
      rootDir: SOURCE,
      // What a page has: a type of Node's among them would be missing there.
      types: [],
    },
    include: [],
    files: ENTRIES.map((entry) => `${SOURCE}/${entry}.js`),
  }));
  await run(npmBin("tsc"), ["--project", settings], { mend: MODULES_MISSING });
  // Nobody imports these, and the type of a constant would be the module once more.
  rmSync(`${TYPES}/wasm`, { recursive: true });
  cpSync(at(PACKAGE, "declarations"), TYPES, { recursive: true });
  for (const entry of KNOWING_THE_TAG) {
    const file = `${TYPES}/${entry}.d.ts`;
    writeFileSync(file, `/// <reference path="./html.d.ts" />\n${readFileSync(file, "utf8")}`);
  }
}

/**
 * The element, registered, with its wasm and every language: so one hash covers all that it needs.
 * Public codes stay apart, for pages that have none; without them the Worker is asked.
 */
async function writeSingleFile() {
  await run(npmBin("esbuild"), [
    at(PACKAGE, "define.js"),
    ...["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=error"],
    ...["--external:./public-codes.js", `--outfile=${at(SINGLE_FILE)}`],
  ], { mend: MODULES_MISSING });
}

/**
 * Subresource Integrity of each file that a page may load.
 *
 * @returns {Record<string, string>} by its path in the package
 */
function integrity() {
  const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).sort();
  const loadable = files.filter(
    (file) => /^(locales\/|wasm\/|[\w.-]+\.js$)/.test(file) && /(\.js|\.json|\.wasm)$/.test(file),
  );
  const ofBrowsers = loadable.filter((file) => file !== "validator-node.js");
  return Object.fromEntries(ofBrowsers.map((file) => [file, integrityOf(`${SOURCE}/${file}`)]));
}

/** A file's hash, as Subresource Integrity writes it. @param {string} file */
export function integrityOf(file) {
  return `sha384-${createHash("sha384").update(readFileSync(file)).digest("base64")}`;
}
