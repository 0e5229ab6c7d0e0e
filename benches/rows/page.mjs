/**
 * What the field costs a checkout page, in Chromium: bytes, the time until it answers a key, and
 * the time of such an answer; beside an element that does nothing, and beside a list of codes in
 * the page, which is what home-made fields do.
 * @module
 */

import { chromium } from "playwright-core";

import { browser as findBrowser } from "../../tools/browser.mjs";
import { contest, ratio } from "../contest.mjs";
import { LIST_SIZE, PAGES, servePages } from "../page/site.mjs";
import { grouped, information, judged, ratioInformation } from "../row.mjs";

/** @typedef {import("../row.mjs").Context} Context @typedef {import("../row.mjs").Row} Row */
/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {(typeof PAGES)[number]} PageName */

const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"];
/** All that a page loads, gzipped: the field, its texts and the page itself. */
const MUST_BYTES = 25_000;
/** Loading a page is dear; so many in a round are enough. */
const LOADS_MAX = 8;
const LIST = `a list of ${grouped(LIST_SIZE)} codes in the page`;

/** @param {Context} context @returns {Promise<Row[]>} */
export async function pageRows({ settings }) {
  const site = await servePages();
  const executablePath = await findBrowser();
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    return [
      ...(await byteRows(browser, site)),
      ...(await readyRows(browser, site, settings)),
      ...(await answerRows(browser, site, settings)),
    ];
  } finally {
    await browser.close();
    site.close();
  }
}

/** @typedef {Awaited<ReturnType<typeof servePages>>} Site */

/**
 * Bytes of all bodies of a first visit, and of a second one.
 *
 * @param {Browser} browser
 * @param {Site} site
 * @returns {Promise<Row[]>}
 */
async function byteRows(browser, site) {
  /** @type {any} */
  const bytes = {};
  for (const name of PAGES) {
    const page = await (await browser.newContext()).newPage();
    bytes[name] = [];
    for (const visit of ["cold", "warm"]) {
      site.take();
      await load(page, site, name);
      bytes[name].push({ visit, sent: site.take() });
    }
    await page.context().close();
  }
  const [cold, warm] = [0, 1].map((visit) => (/** @type {PageName} */ name) =>
    bytes[name][visit].sent);
  const figures = { bytes };
  const first = {
    id: "page-bytes-cold",
    what: "bytes over the wire, first visit: page, script, wasm and texts, gzipped",
    usual: `${grouped(cold("list"))} with ${LIST}`,
    must: `<= ${grouped(MUST_BYTES)}`,
    measured: grouped(cold("field")),
    note: `${grouped(cold("nothing"))} with an element that does nothing`,
    figures,
  };
  const again = {
    id: "page-bytes-warm",
    what: "the same, second visit",
    usual: `${grouped(warm("list"))}; all of it again after a change of one code`,
    measured: grouped(warm("field")),
    figures,
  };
  return [judged(first, { value: cold("field"), atMost: MUST_BYTES }), information(again)];
}

/**
 * From the beginning of the page's script until a key is answered in words.
 *
 * @param {Browser} browser
 * @param {Site} site
 * @param {Context["settings"]} settings
 * @returns {Promise<Row[]>}
 */
async function readyRows(browser, site, settings) {
  const page = await (await browser.newContext()).newPage();
  const loader = (/** @type {PageName} */ name) => async (/** @type {number} */ count) => {
    let took_ms = 0;
    for (let left = count; left > 0; left -= 1) took_ms += await load(page, site, name);
    return took_ms;
  };
  const times = await contest(of(loader), settings, LOADS_MAX);
  await page.context().close();
  const what = "from script to interactive, warm cache: times as long as";
  return rowsOf("page-ready", what, times);
}

/**
 * From a key to the page's own answer.
 *
 * @param {Browser} browser
 * @param {Site} site
 * @param {Context["settings"]} settings
 * @returns {Promise<Row[]>}
 */
async function answerRows(browser, site, settings) {
  /** @type {any} */
  const pages = {};
  for (const name of PAGES) {
    pages[name] = await (await browser.newContext()).newPage();
    await load(pages[name], site, name);
  }
  const typist = (/** @type {PageName} */ name) => (/** @type {number} */ count) =>
    pages[name].evaluate(typeMany, count);
  const times = await contest(of(typist), settings, 20_000);
  await Promise.all(Object.values(pages).map((page) => page.context().close()));
  return rowsOf("page-key", "from the last key to a local answer: times as long as", times);
}

/** Two texts in turn, so that each is news. In the page. @param {number} count */
function typeMany(count) {
  const { type, local } = /** @type {any} */ (globalThis);
  const malformed = ["X".repeat(66), "X".repeat(67)];
  const begun = performance.now();
  for (let key = 0; key < count; key += 1) {
    type(malformed[key % 2]);
    local();
  }
  return performance.now() - begun;
}

/**
 * @param {string} id
 * @param {string} what
 * @param {Record<PageName, number[]>} times
 * @returns {Row[]}
 */
function rowsOf(id, what, times) {
  const others = { nothing: "an element that does nothing", list: LIST };
  return (/** @type {const} */ (["nothing", "list"])).map((other) => {
    const row = { id: `${id}-${other}`, what: `${what} ${others[other]}`, usual: "1x" };
    return ratioInformation(row, ratio(times.field, times[other]));
  });
}

/**
 * @template T
 * @param {(name: PageName) => T} make
 * @returns {Record<PageName, T>}
 */
function of(make) {
  return /** @type {any} */ (Object.fromEntries(PAGES.map((name) => [name, make(name)])));
}

/**
 * Opens a page and waits until it answers.
 *
 * @param {import("playwright-core").Page} page
 * @param {Site} site
 * @param {PageName} name
 * @returns {Promise<number>} milliseconds from the beginning of its script
 */
async function load(page, site, name) {
  await page.goto(`${site.url}${name}`);
  // A page may be loaded before its module has come to this.
  await page.waitForFunction(() => "ready" in globalThis);
  return page.evaluate(() => /** @type {any} */ (globalThis).ready);
}
