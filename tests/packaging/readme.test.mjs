// What the README tells a newcomer to type is run as it stands there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { after, before, test } from "node:test";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../../www/promo-edge/", import.meta.url));
const README = readFileSync(`${ROOT}README.md`, "utf8");

/** The one block of a language. @param {string} language */
function block(language) {
  const found = README.match(new RegExp("```" + language + "\\n([^]*?)```"));
  assert.ok(found?.[1], `the README has a block of ${language}`);
  return found[1];
}

function tidyUp() {
  for (const name of ["try", "try.bundle", "try.key", "try.kv", "try.seed"]) {
    rmSync(`${ROOT}var/${name}`, { recursive: true, force: true });
  }
}

before(tidyUp);
after(tidyUp);

test("the commands", () => {
  const lines = block("sh").trim().split("\n");
  assert.ok(lines.length > 1);
  for (const line of lines) {
    const words = line.match(/'[^']*'|\S+/g) ?? [];
    const [command = "", ...args] = words.map((word) => word.replace(/^'(.*)'$/, "$1"));
    execFileSync(`${ROOT}${command}`, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  }
});

test("the server", () => {
  const source = block("js").replaceAll(/"(var|examples)\//g, `"${ROOT}$1/`);
  const args = ["--input-type=module", "--eval", source];
  const printed = String(execFileSync(process.execPath, args, { cwd: PACKAGE }));
  assert.match(printed, /valid: true/);
  assert.match(printed, /partner: 'own-letter'/);
});

test("the element's attributes are those that it knows", () => {
  const files = ["element.js", "attributes.js"].map((file) => readFileSync(PACKAGE + file, "utf8"));
  const tag = block("html").match(/<promo-code ([^>]*)>/)?.[1] ?? "";
  const attributes = [...tag.matchAll(/([a-z-]+)="/g)].map(([, name]) => name);
  assert.ok(attributes.length > 2);
  for (const name of attributes) assert.ok(files.some((text) => text.includes(name)), name);
});
