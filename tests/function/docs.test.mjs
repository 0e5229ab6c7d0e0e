// What docs/adopt/shopify.md tells a newcomer to type is run as it stands there, and what it says
// comes out does.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { snippets } from "../snippets.mjs";
import { assertAnswers } from "./query.mjs";
import { MODULE, runInNode } from "./wasi.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = "docs/adopt/shopify.md";

function tidyUp() {
  for (const name of ["function", "function.bundle", "function.key"]) {
    rmSync(`${ROOT}var/${name}`, { recursive: true, force: true });
  }
}

before(tidyUp);
after(tidyUp);

test("the steps make a metafield, with which the example's output comes of its input", () => {
  const [steps = ""] = snippets(PAGE, "sh");
  let printed = "";
  for (const line of steps.trim().split("\n")) {
    const [command = "", ...args] = line.split(" ");
    printed = String(execFileSync(command === "node" ? process.execPath : command, args, {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "ignore"],
    }));
  }
  const [given = ""] = snippets(PAGE, "json input");
  const [expected = ""] = snippets(PAGE, "json output");
  const input = JSON.parse(given);
  assertAnswers("plugins/shopify/cart_lines.graphql", input);
  input.discount.metafield.jsonValue = JSON.parse(printed);
  const file = join(tmpdir(), `promo-edge-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(input));
  const { stdout } = runInNode(file);
  rmSync(file);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(expected));
});

test("a deploy's build command says whether the module was copied beside it", () => {
  const extension = mkdtempSync(join(tmpdir(), "promo-edge-"));
  cpSync(`${ROOT}plugins/shopify`, extension, { recursive: true });
  const toml = readFileSync(join(extension, "shopify.extension.toml"), "utf8");
  // The platform's tool splits the command at spaces and runs it without a shell.
  const [program = "", ...args] = (/^command = "(.+)"$/m.exec(toml)?.[1] ?? "").split(" ");
  const build = () => spawnSync(program, args, { cwd: extension });
  try {
    assert.match(String(build().stderr), /promo-function\.wasm is not in this folder/);
    const copied = join(extension, /^path = "(.+)"$/m.exec(toml)?.[1] ?? "");
    writeFileSync(copied, Buffer.from("0061736d01000000", "hex"));
    assert.match(String(build().stderr), /it has no _start/);
    cpSync(MODULE, copied);
    assert.equal(build().status, 0);
  } finally {
    rmSync(extension, { recursive: true });
  }
});
