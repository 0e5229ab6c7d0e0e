/**
 * An app of its own that has our packages as they are packed. It lies inside the project, so that
 * what they depend on is found where it is installed.
 * @module
 */

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * What `npm pack` makes of a package: its files.
 *
 * @param {string} folder below the project's folder
 * @param {string} to
 * @returns {{file: string, names: string[]}}
 */
export function pack(folder, to) {
  const args = ["pack", "--json", "--pack-destination", to];
  const cwd = join(ROOT, folder);
  const said = String(execFileSync("npm", args, { cwd, stdio: ["ignore", "pipe", "pipe"] }));
  // Scripts that make the package may say something first.
  const [{ filename, files }] = JSON.parse(said.slice(said.indexOf("[\n")));
  const names = files.map((/** @type {{path: string}} */ { path }) => path).toSorted();
  return { file: join(to, filename), names };
}

/**
 * @param {string[]} packages their folders below the project's
 * @param {string} [inside] the folder whose installed packages the app has besides
 */
export function makeApp(packages, inside = ".") {
  mkdirSync(join(ROOT, inside, "build"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, inside, "build", "app-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  for (const name of packages) {
    const { file } = pack(name, folder);
    const place = join(folder, "node_modules", `promo-edge-${name.split("/").at(-1)}`);
    mkdirSync(place, { recursive: true });
    execFileSync("tar", ["-xzf", file, "-C", place, "--strip-components=1"]);
  }
  return {
    folder,
    /** @param {string} name @param {string} text */
    write: (name, text) => writeFileSync(join(folder, name), text),
    /** @param {string} file @param {Record<string, string>} env */
    start: (file, env) => start(join(folder, file), env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * Starts a server that says a line when it listens.
 *
 * @param {string} file
 * @param {Record<string, string>} env
 */
async function start(file, env) {
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((done) => child.once("close", done));
  const [line] = await Promise.race([
    createInterface(child.stdout)[Symbol.asyncIterator]().next().then(({ value }) => [value]),
    ended.then(() => [null]),
  ]);
  if (line === null) throw new Error(`${file} did not come up`);
  return {
    async stop() {
      child.kill();
      await ended;
    },
  };
}
