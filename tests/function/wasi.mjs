/**
 * The function in Node, in a process of its own: it reads standard input.
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** What `npm run build -- function` makes. */
export const MODULE = fileURLToPath(
  new URL("../../build/function/promo-function.wasm", import.meta.url),
);

const SCRIPT = `
import { WASI } from "node:wasi";
import { openSync, readFileSync } from "node:fs";
const [module, ...files] = process.argv.slice(1);
const compiled = await WebAssembly.compile(readFileSync(module));
for (const file of files) {
  const wasi = new WASI({ version: "preview1", stdin: openSync(file), returnOnExit: true });
  const code = wasi.start(await WebAssembly.instantiate(compiled, wasi.getImportObject()));
  process.exitCode ||= code;
}
`;

/**
 * Runs it on each input, one after another.
 *
 * @param {...string} files with an input each
 * @returns {{ stdout: string, stderr: string, status: number | null }} the first status that is not
 *   0; more than 1 when the module did not end by itself
 */
export function runInNode(...files) {
  const flags = ["--no-warnings", "--input-type=module", "--eval", SCRIPT, MODULE, ...files];
  const { stdout, stderr, status } = spawnSync(process.execPath, flags);
  return { stdout: String(stdout), stderr: String(stderr), status };
}
