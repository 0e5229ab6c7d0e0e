/**
 * The Workers and their pages on workerd, for `npm start` and for tests.
 * @module
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";

import { SECRETS_FILE, at, npmBin, root, toolEnv } from "./project.mjs";
import { TOKEN_FILE, WEBHOOK_SECRET_FILE } from "./secrets.mjs";
import { StepError, serve, stop } from "./steps.mjs";

/** Where the Worker stands in front of a shop; wrangler.toml knows its programme. */
export const SHOP_HOST = "shop.localhost";
const SHOP_PROGRAM = "1000";

/** How long workerd may take to answer; it takes one or two seconds. */
const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 200;

/**
 * @typedef {object} Served
 * @property {string} url without a trailing slash
 * @property {(onLine: (line: string) => void) => void} follow hands over each further log line
 * @property {Promise<void>} ended settles when the server is gone
 * @property {() => Promise<void>} stop
 */

/**
 * Serves on 127.0.0.1 until stopped, and returns when it answers.
 *
 * @param {{port: number, args?: string[]}} options `args` go to `wrangler dev`
 * @returns {Promise<Served>}
 * @throws {StepError} with the server's last words when it does not come up
 */
export async function serveWorker({ port, args = [] }) {
  if (!(await isFree(port))) {
    throw new StepError(`port ${port} is in use`, `PORT=${port + 1} npm start`);
  }
  const address = ["--port", String(port), "--ip", "127.0.0.1"];
  const quiet = ["--show-interactive-dev-session", "false"];
  // The first one is asked; it hands on to the other.
  const both = ["-c", "wrangler.toml", "-c", adminConfig()];
  const dev = ["dev", ...both, ...address, ...quiet, "--env-file", SECRETS_FILE];
  const env = { ...toolEnv(), NO_COLOR: "1" };
  const child = serve(npmBin("wrangler"), [...dev, ...args], { cwd: root, env });
  let log = "";
  /** @type {(line: string) => void} */
  let onLine = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      log = (log + text).slice(-8000);
      for (const line of text.split("\n")) if (line.trim() !== "") onLine(line);
    });
  }
  const ended = /** @type {Promise<void>} */ (new Promise((done) => child.once("close", done)));
  const url = `http://localhost:${port}`;
  if (!(await answers(url, ended))) {
    await stop(child);
    throw new StepError(`the Worker did not come up; it said:\n${log}`, "npm run build");
  }
  return { url, follow: (take) => void (onLine = take), ended, stop: () => stop(child) };
}

/**
 * The same, in front of the shop of examples/origin, which answers behind {@link SHOP_HOST}, has
 * its orders recorded and hears of them.
 *
 * @param {{port: number, args?: string[]}} options
 * @returns {Promise<Served>}
 * @throws {StepError} as {@link serveWorker} does
 */
export async function serveFront({ port, args = [] }) {
  // Not above: it needs npm packages, which `npm start` may have to install first.
  const { WEBHOOK_PATH, serveOrigin } = await import("../examples/origin/server.mjs");
  const issuer = `http://${SHOP_HOST}:${port}`;
  const shop = await serveOrigin({
    issuer,
    ledger: `http://localhost:${port}`,
    program: SHOP_PROGRAM,
    token: readFileSync(at(TOKEN_FILE), "utf8"),
    webhookSecret: readFileSync(at(WEBHOOK_SECRET_FILE), "utf8"),
  });
  const vars = {
    ORIGIN: JSON.stringify({ [SHOP_HOST]: shop.url }),
    WEBHOOK_URL: JSON.stringify({ [SHOP_PROGRAM]: shop.url + WEBHOOK_PATH }),
    RECEIPT_ISSUER: issuer,
  };
  const settings = Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  try {
    const served = await serveWorker({ port, args: [...settings, ...args] });
    const stop = async () => {
      await served.stop();
      await shop.stop();
    };
    return { ...served, stop };
  } catch (error) {
    await shop.stop();
    throw error;
  }
}

/**
 * The settings of the Worker that keeps the catalogue, with the local secrets beside them: wrangler
 * gives `--env-file` to the first Worker alone, and others the `.dev.vars` of their own folder.
 */
function adminConfig() {
  const folder = "var/admin";
  mkdirSync(at(folder), { recursive: true, mode: 0o700 });
  const deployed = readFileSync(at("wrangler.admin.toml"), "utf8");
  const main = (/** @type {string} */ _, /** @type {string} */ file) => `main = "${at(file)}"`;
  writeFileSync(at(folder, "wrangler.toml"), deployed.replace(/^main = "(.*)"$/m, main));
  writeFileSync(at(folder, ".dev.vars"), readFileSync(at(SECRETS_FILE)), { mode: 0o600 });
  return `${folder}/wrangler.toml`;
}

/**
 * @param {string} url
 * @param {Promise<void>} ended
 */
async function answers(url, ended) {
  let isGone = false;
  void ended.then(() => (isGone = true));
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!isGone && performance.now() < deadline) {
    const response = await fetch(`${url}/healthz`).catch(() => null);
    // Any answer will do here, even 503: whether it is healthy is what the caller goes on to see.
    if (response) return true;
    await new Promise((resume) => setTimeout(resume, POLL_MS));
  }
  return false;
}

/** @param {number} port */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
