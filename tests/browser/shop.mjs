/**
 * The demo shop in Chromium, served by the Worker on workerd with the sample programme in its local
 * KV.
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import process from "node:process";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

import { serveWorker } from "../../tools/serve.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").BrowserContextOptions} ContextOptions */

export const LANGUAGES = ["en", "fr", "de", "ja", "zh"];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * The Worker and the browser, until stopped.
 *
 * @param {typeof serveWorker} [serve]
 */
export async function startShop(serve = serveWorker) {
  const port = await freePort();
  const served = await serve({ port });
  const browser = await launchBrowser();
  const shop = new Shop(port, browser, async () => {
    await browser.close();
    await served.stop();
  });
  served.follow((line) => shop.log.push(line));
  return shop;
}

/** Chromium, without what it would ask the network for by itself. */
export function launchBrowser() {
  const executablePath = process.env.CHROME_BIN ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: FLAGS });
}

export class Shop {
  /** What the Worker has logged. @type {string[]} */
  log = [];

  /**
   * @param {number} port
   * @param {import("playwright-core").Browser} browser
   * @param {() => Promise<void>} stop
   */
  constructor(port, browser, stop) {
    this.port = port;
    this.browser = browser;
    this.stop = stop;
  }

  /**
   * Opens the shop in a fresh context. Anything the page complains about fails the test.
   *
   * @param {object} [options]
   * @param {string} [options.lang]
   * @param {string} [options.path] of another page than the shop's
   * @param {string} [options.isReady] what there is once the page is ready
   * @param {string} [options.host] `detailed.localhost` is the twin that gives every reason
   * @param {ContextOptions} [options.context]
   * @param {(page: Page) => Promise<unknown>} [options.prepare] before the page is loaded
   * @returns {Promise<Visit>}
   */
  async visit({
    lang = "en",
    path = "",
    isReady = "html[data-ready]",
    host = "localhost",
    context = {},
    prepare,
  } = {}) {
    const page = await (await this.browser.newContext(context)).newPage();
    const visit = new Visit(page);
    await prepare?.(page);
    await page.goto(`http://${host}:${this.port}/${path}?lang=${lang}`);
    const isScripted = context.javaScriptEnabled !== false;
    if (isScripted) await page.waitForSelector(isReady, { state: "attached" });
    return visit;
  }
}

/** One page, as a shopper has it. */
export class Visit {
  /** @type {string[]} */
  #complaints = [];

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    page.on("pageerror", (error) => this.#complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.#complaints.push(message.text());
    });
  }

  get input() {
    return this.page.locator("#code");
  }

  get field() {
    return this.page.locator("promo-code");
  }

  /** What the live region says. */
  async said() {
    return (await this.page.locator("promo-code [role=status]").textContent()) ?? "";
  }

  /** Types a code and asks. @param {string} code */
  async ask(code) {
    await this.input.fill(code);
    await this.input.press("Enter");
  }

  /** @param {...string} states the first of them to come */
  async settles(...states) {
    const any = states.map((state) => `promo-code[state="${state}"]:not([aria-busy])`).join(", ");
    await this.page.waitForSelector(any, { timeout: 10_000 });
  }

  /** Fails for whatever axe finds. @param {string} what */
  async checkAccessibility(what) {
    // Colours on their way to others have contrasts of their own.
    await this.page.evaluate(() =>
      Promise.all(document.getAnimations().map((animation) => animation.finished)),
    );
    await this.page.evaluate(AXE);
    const found = await this.page.evaluate(async () => {
      const { violations } = await /** @type {any} */ (globalThis).axe.run(document);
      return violations.map((/** @type {any} */ violation) => {
        const places = violation.nodes.map((/** @type {any} */ node) => node.target.join(" "));
        return `${violation.id}: ${violation.help}: ${places.join(", ")}`;
      });
    });
    assert.deepEqual(found, [], what);
  }

  /** Ends the visit; fails when the page has complained. @param {RegExp} [allowed] */
  async close(allowed) {
    await this.page.context().close();
    const complaints = this.#complaints.filter((complaint) => !allowed?.test(complaint));
    assert.deepEqual(complaints, []);
  }
}

/** @param {string} lang @returns {Promise<Record<string, string>>} */
export async function textsOf(lang) {
  return (await import(`../../www/promo-edge/locales/${lang}.js`)).default;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}
