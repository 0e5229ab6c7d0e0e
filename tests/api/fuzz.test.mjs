// schemathesis asks both Workers whatever their description lets be asked, and some of what it does
// not, and holds the answers against it (schemathesis.toml says which checks).

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { DESCRIPTION, OPERATIONS, TOKEN, Whole } from "./whole.mjs";

/** Where `npm test -- api` has installed it. */
const PROGRAM = process.env.SCHEMATHESIS ??
  new URL("../../.tools/python/bin/schemathesis", import.meta.url).pathname;
const CONFIG = new URL("schemathesis.toml", import.meta.url).pathname;
/** Several times what it takes. */
const TIMEOUT_MS = 900_000;

/** @type {Whole} */
let whole;
/** @type {string} */
let folder;

before(async () => {
  whole = await Whole.start();
  folder = mkdtempSync(join(tmpdir(), "promo-edge-"));
});
after(async () => {
  await whole.close();
  rmSync(folder, { recursive: true, force: true });
});

test("every answer is as described, and none is a fault of ours", { timeout: TIMEOUT_MS },
  async () => {
    const report = join(folder, "report.ndjson");
    const args = ["--config-file", CONFIG, "run", DESCRIPTION, "--url", whole.url, "--no-color"];
    const { code, output } = await run([...args, "--report-ndjson-path", report]);
    // The last lines sum up, and stand in the log of a run that went well, too.
    console.log(output.split("\n").slice(-12).join("\n"));
    assert.equal(code, 0, output);
    const reached = reachedOperations(readFileSync(report, "utf8"));
    const never = OPERATIONS.map(({ id }) => id).filter((id) => !reached.has(id));
    assert.deepEqual(never, [], "an operation that refuses all there is is not tested");
  });

/**
 * Which operations went well at least once, or came so far that what is there stood against it:
 * versions rise while others edit.
 *
 * @param {string} report of events, one a line
 */
function reachedOperations(report) {
  const events = report.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  const recorded = events.flatMap((event) => event.ScenarioFinished?.recorder ?? []);
  const labels = recorded.filter(({ interactions }) =>
    Object.values(interactions ?? {}).some(({ response }) => isReached(response?.status_code)));
  const names = new Set(labels.map(({ label }) => label));
  const isNamed = (/** @type {import("./whole.mjs").Operation} */ { method, path }) =>
    names.has(`${method.toUpperCase()} ${path}`);
  return new Set(OPERATIONS.filter(isNamed).map(({ id }) => id));
}

/** @param {number} [status] */
const isReached = (status = 500) => status < 400 || status === 409;

/** @param {string[]} args @returns {Promise<{ code: number | null, output: string }>} */
function run(args) {
  const environment = { ...process.env, TOKEN, REQUEST_ID: whole.requestId,
    UPLOAD_ID: whole.uploadId };
  const child = spawn(PROGRAM, args, { cwd: folder, env: environment });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}
