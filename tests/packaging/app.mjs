/**
 * The npm package as somebody else has it: packed, and installed into an empty folder.
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGE = `${ROOT}www/promo-edge`;

/**
 * @typedef {object} Packed
 * @property {string} tarball
 * @property {number} size of the tarball
 * @property {{ path: string, size: number }[]} files
 */

/** @param {string} folder where the tarball goes @returns {Packed} */
export function pack(folder) {
  const printed = npm(["pack", "--json", "--pack-destination", folder], PACKAGE);
  const [{ filename, size, files }] = JSON.parse(printed);
  return { tarball: path.join(folder, filename), size, files };
}

/** A folder of its own with the package installed, and nothing else of this project in reach. */
export class App {
  /** @param {Record<string, string>} [files] texts by their names */
  constructor(files = {}) {
    this.folder = realpathSync(mkdtempSync(path.join(tmpdir(), "promo-edge-app-")));
    this.packed = pack(this.folder);
    this.write({ "package.json": JSON.stringify({ private: true, type: "module" }), ...files });
    const how = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"];
    npm(["install", ...how, this.packed.tarball], this.folder);
    this.package = path.join(this.folder, "node_modules", "promo-edge");
  }

  /** @param {Record<string, string | Uint8Array>} files */
  write(files) {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(this.folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  /** Installs packages that this project has, as they are. @param {...string} names */
  lend(...names) {
    for (const name of names) {
      const place = path.join(this.folder, "node_modules", name);
      mkdirSync(path.dirname(place), { recursive: true });
      symlinkSync(`${ROOT}node_modules/${name}`, place);
    }
  }

  /**
   * Runs a line as a shell does, with the tools that this project has; returns what it prints.
   *
   * @param {string} line
   * @param {NodeJS.ProcessEnv} [env]
   */
  run(line, env = {}) {
    const tools = [`${ROOT}node_modules/.bin`, process.env.PATH].join(path.delimiter);
    return String(execFileSync("sh", ["-e", "-c", line], {
      cwd: this.folder,
      env: { ...process.env, ...env, PATH: tools },
      stdio: ["ignore", "pipe", "pipe"],
    }));
  }

  remove() {
    rmSync(this.folder, { recursive: true });
  }
}

/** @param {string[]} args @param {string} cwd */
function npm(args, cwd) {
  return String(execFileSync("npm", args, { cwd, stdio: ["ignore", "pipe", "ignore"] }));
}
