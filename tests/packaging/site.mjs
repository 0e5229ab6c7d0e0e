/**
 * A shop's own host for tests: pages from folders, and `/v1/validate` and `/v1/public` answered
 * from the sample programme's snapshot, as the Worker does.
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { Validator } from "../../www/promo-edge/validator-node.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where the forms of the documentation go. */
const ORDER = "/order";
/** What FORMAT.md says a bundle begins with. */
const BUNDLE_MAGIC = "PrmB";

/** Deliberately without wasm: the package must not depend on a server that knows its type. */
const TYPES = /** @type {Record<string, string>} */ ({
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".css": "text/css",
});

/**
 * The sample programme, built.
 *
 * @typedef {object} Sample
 * @property {Buffer} bundle
 * @property {string} key the reader key
 * @property {Buffer} publicCodes
 */

/** @returns {Sample} */
export function buildSample() {
  const folder = mkdtempSync(path.join(tmpdir(), "promo-edge-"));
  try {
    const [out, bundle, key] = ["out", "bundle", "key"].map((name) => path.join(folder, name));
    /** @param {string[]} args */
    const promo = (args) =>
      String(execFileSync(`${ROOT}target/release/promo`, [...args, "--key-file", key], {
        stdio: ["ignore", "pipe", "ignore"],
      }));
    promo(["build", `${ROOT}examples/sample/catalog.json`, "--out", out, "--bundle", bundle]);
    const { public_bundle_size: size } = JSON.parse(promo(["inspect", out, "--json"]));
    const [manifest = ""] = readdirSync(`${out}/m`);
    const bytes = readFileSync(`${out}/m/${manifest}`);
    const start = bytes.indexOf(BUNDLE_MAGIC);
    return {
      bundle: readFileSync(bundle),
      key: readFileSync(key, "utf8").match(/per1_\w+/)?.[0] ?? "",
      publicCodes: bytes.subarray(start, start + size),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @typedef {object} SiteOptions
 * @property {Record<string, string>} [folders] what is served below a path; the first that has it
 * @property {Record<string, string>} [pages] texts served by their paths
 * @property {Record<string, string>} [headers] of every answer
 */

/** @param {SiteOptions} options */
export async function startSite(options) {
  const site = new Site(options);
  await site.listen();
  return site;
}

class Site {
  #server = createServer((request, response) => void this.#answer(request, response));
  #sample = buildSample();
  #validator = Validator.open(this.#sample.bundle, this.#sample.key);
  /** The texts of the questions that came, in their order. @type {string[]} */
  asked = [];

  /** @param {SiteOptions} options */
  constructor({ folders = {}, pages = {}, headers = {} }) {
    this.folders = folders;
    this.pages = pages;
    this.headers = headers;
  }

  async listen() {
    // A test that has failed must not keep the run from ending.
    this.#server.unref();
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve(null)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
    this.url = `http://localhost:${port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #answer(request, response) {
    const { pathname } = new URL(request.url ?? "/", this.url);
    const [type, body] =
      pathname === "/v1/validate" ? [".json", await this.#validate(request)]
      : pathname === "/v1/public" ? ["", this.#sample.publicCodes]
      : this.#find(pathname);
    const known = TYPES[type] ? { "content-type": TYPES[type] } : {};
    response.writeHead(body ? 200 : 404, { ...this.headers, ...known });
    response.end(body);
  }

  /** @param {import("node:http").IncomingMessage} request */
  async #validate(request) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const question = String(Buffer.concat(chunks));
    this.asked.push(JSON.parse(question).code);
    return JSON.stringify(this.#validator.validateForShopper(question));
  }

  /** @param {string} pathname @returns {[string, string | Buffer | null]} */
  #find(pathname) {
    const page = pathname === ORDER ? "Thank you." : this.pages[pathname];
    if (page !== undefined) return [path.extname(pathname) || ".html", page];
    const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    for (const [below, folder] of Object.entries(this.folders)) {
      if (!name.startsWith(below)) continue;
      try {
        const file = path.join(folder, path.posix.normalize(name.slice(below.length)));
        return [path.extname(name), readFileSync(file)];
      } catch {
        // The next folder may have it.
      }
    }
    return ["", null];
  }
}
