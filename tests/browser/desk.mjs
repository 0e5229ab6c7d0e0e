/**
 * The partner manager's page in Chromium, served by both Workers on workerd with databases of their
 * own.
 * @module
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";

import { createTestHarness } from "wrangler";

import { KEY } from "../edge/snapshots.mjs";
import { Visit, launchBrowser } from "./shop.mjs";

/** @typedef {import("playwright-core").BrowserContextOptions} ContextOptions */
/** @typedef {import("playwright-core").Page} Page */

const root = new URL("../../", import.meta.url).pathname;
process.env.WRANGLER_SEND_METRICS = "false";
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";

export const PROGRAM = "1000";
export const TOKEN = "f".repeat(64);
const OTHER_TOKEN = "e".repeat(64);
const STORED_TOKEN = "promo-edge-token";
const STORED_LANGUAGE = "promo-edge-language";

/** The sample programme's catalogue, and some more codes for long lists. @param {number} [more] */
export function catalogue(more = 0) {
  const text = readFileSync(`${root}examples/sample/catalog.json`, "utf8");
  const catalog = JSON.parse(text);
  const owner = catalog.partners[0].id;
  for (let index = 0; index < more; index += 1) {
    const code = `LONG-${String(index).padStart(5, "0")}`;
    const kind = { match_type: "exact", credit_policy: "always", owner };
    catalog.codes.push({ id: `long-${index}`, code, ...kind, created_at: "2026-01-01T00:00:00Z" });
  }
  return catalog;
}

/** Both Workers with a catalogue, and the browser, until stopped. @param {any} [catalog] */
export async function startDesk(catalog = catalogue()) {
  const holders = [holder(TOKEN, "Maria"), holder(OTHER_TOKEN, "Ben")];
  const TOKENS = JSON.stringify({ [PROGRAM]: holders });
  const secrets = { TOKENS, SNAPSHOT_KEY: KEY.reader, PROGRAM_KEY: KEY.text };
  const harness = createTestHarness({
    root,
    workers: ["wrangler.toml", "wrangler.admin.toml"].map((file) => (
      { configPath: `${root}${file}`, secrets, vars: { PROGRAM, PROGRAMS: "" } })),
  });
  const { url } = await harness.listen();
  await harness.getWorker().applyD1Migrations("REPORTS");
  await harness.getWorker("promo-edge-admin").applyD1Migrations("CATALOG");
  const browser = await launchBrowser();
  const desk = new Desk(url.origin, browser, async () => {
    await browser.close();
    await harness.close();
  });
  try {
    await desk.api("PUT", "/catalog", catalog);
  } catch (error) {
    await desk.stop();
    throw error;
  }
  return desk;
}

/** @param {string} token @param {string} name */
function holder(token, name) {
  const sha256 = createHash("sha256").update(token).digest("hex");
  return { sha256, scopes: ["admin"], name };
}

export class Desk {
  /**
   * @param {string} url
   * @param {import("playwright-core").Browser} browser
   * @param {() => Promise<void>} stop
   */
  constructor(url, browser, stop) {
    this.url = url;
    this.browser = browser;
    this.stop = stop;
  }

  /**
   * A call by somebody else than the person in the browser.
   *
   * @param {string} method
   * @param {string} path below the programme
   * @param {unknown} [body]
   */
  async api(method, path, body) {
    const headers = { authorization: `Bearer ${OTHER_TOKEN}`, "content-type": "application/json" };
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const address = `${this.url}/v1/programs/${PROGRAM}${path}`;
    const response = await fetch(address, { method, headers, body: sent });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  /**
   * Opens a page of the desk in a fresh context. Anything the page complains about fails the test.
   *
   * @param {object} [options]
   * @param {string} [options.hash] without the programme, such as `codes/new`
   * @param {string} [options.lang]
   * @param {string | null} [options.token] null: nobody is signed in
   * @param {ContextOptions} [options.context]
   */
  async visit({ hash = "codes", lang = "en", token = TOKEN, context = {} } = {}) {
    const page = await (await this.browser.newContext(context)).newPage();
    const visit = new Visit(page);
    const stored = [[STORED_TOKEN, token], [STORED_LANGUAGE, lang]];
    await page.addInitScript(([[tokenKey, token], [languageKey, language]]) => {
      if (location.protocol === "about:") return;
      if (token !== null) sessionStorage.setItem(String(tokenKey), token);
      localStorage.setItem(String(languageKey), String(language));
    }, stored);
    await page.goto(`${this.url}/admin/#/${PROGRAM}/${hash}`);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    return visit;
  }
}

/** A refusal is an answer to a page, and the browser notes each on its console. */
export const REFUSALS = /status of 4\d\d/;

/**
 * Waits until a page has what it shows.
 *
 * @param {Page} page
 */
export async function settled(page) {
  await page.waitForSelector("main h1");
  await page.waitForSelector("main :is(.listing:not([data-busy]), form, .empty, .panel, .drop)");
}
