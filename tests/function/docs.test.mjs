// What docs/adopt/shopify.md tells a newcomer to type is run as it stands there, and what it says
// comes out does.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { snippets } from "../snippets.mjs";
import { runInNode } from "./wasi.mjs";

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
  input.discount.metafield.jsonValue = JSON.parse(printed);
  const file = join(tmpdir(), `promo-edge-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(input));
  const { stdout } = runInNode(file);
  rmSync(file);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(expected));
});
