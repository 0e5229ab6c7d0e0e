// docs/adopt/page.md: the plain page as it stands there, in Chromium, by its policies and hashes.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { launchBrowser } from "../browser/shop.mjs";
import { snippets } from "../snippets.mjs";
import { App } from "./app.mjs";
import {
  ask, checkAsking, checkField, checkMalformed, checkSubmitting, openPage,
} from "./field.mjs";
import { startSite } from "./site.mjs";

/** @typedef {import("./site.mjs").SiteOptions} SiteOptions */
/** @typedef {Awaited<ReturnType<typeof startSite>>} Site */

const DOCS = "docs/adopt/page.md";
const [PAGE = ""] = snippets(DOCS, "html index.html");
const SCRIPT = '<script type="module" src="/promo-edge/promo-edge.min.js"></script>';
const [POLICY = ""] = snippets(DOCS, "http").map((line) => line.replace(/^[^:]*:/, "").trim());

/** @type {App} */
let app;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  app = new App({
    "tag.mjs": snippets(DOCS, "js tag.mjs")[0] ?? "",
    "import-map.mjs": snippets(DOCS, "js import-map.mjs")[0] ?? "",
  });
  browser = await launchBrowser();
});
after(async () => {
  await browser.close();
  app.remove();
});

/**
 * A host with the page and the package, for as long as it is visited.
 *
 * @param {SiteOptions} options
 * @param {(visit: Awaited<ReturnType<typeof openPage>> & { site: Site }) => Promise<void>} work
 */
async function visiting(options, work) {
  const folders = { "/promo-edge/": app.package };
  const site = await startSite({ folders, pages: { "/": PAGE }, ...options });
  const visit = await openPage(browser);
  try {
    await visit.page.addInitScript(noteViolations);
    await visit.page.goto(`${site.url}/`);
    await work({ ...visit, site });
  } finally {
    await visit.page.context().close();
    await site.stop();
  }
}

/** Writes down what a policy forbids; runs in the page. */
function noteViolations() {
  const violated = /** @type {string[]} */ ([]);
  Object.assign(globalThis, { violated });
  document.addEventListener("securitypolicyviolation", (event) =>
    violated.push(`${event.effectiveDirective} ${event.blockedURI}`));
}

/** @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
const violations = (page) => page.evaluate(() => /** @type {any} */ (globalThis).violated);

test("the page works as it stands", () =>
  visiting({}, async ({ page, site, complaints }) => {
    await checkField(page, site);
    assert.deepEqual(complaints, []);
    await checkSubmitting(page);
  }));

test("the single file works alone", () => {
  const single = readFileSync(path.join(app.package, "promo-edge.min.js"), "utf8");
  const pages = { "/": PAGE, "/promo-edge/promo-edge.min.js": single };
  return visiting({ folders: {}, pages }, async ({ page, site }) => {
    await checkMalformed(page, site);
    await checkAsking(page, site);
    await page.locator("promo-code").evaluate((field) => field.setAttribute("lang", "ja"));
    const { default: ja } = await import("../../www/promo-edge/locales/ja.js");
    await page.getByRole("button", { name: ja.remove }).waitFor();
  });
});

test("the small files work, and fetch no wasm until public codes are wanted", () => {
  const page = PAGE.replace("promo-edge.min.js", "define.js");
  return visiting({ pages: { "/": page } }, async ({ page, site, complaints }) => {
    await checkMalformed(page, site);
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    assert.ok(loaded.includes("/promo-edge/locales/en.js"), loaded.join(" "));
    assert.ok(!loaded.some((name) => /slim_bg|locales\/fr/.test(name)), loaded.join(" "));
    await checkField(page, site);
    assert.deepEqual(complaints, []);
  });
});

for (const more of ["", "; require-trusted-types-for 'script'; trusted-types 'none'"]) {
  test(`a strict policy is not violated${more}`, () =>
    visiting({ headers: { "content-security-policy": POLICY + more } }, async (visit) => {
      await checkField(visit.page, visit.site);
      assert.deepEqual(await violations(visit.page), []);
      assert.deepEqual(visit.complaints, []);
    }));
}

test("where wasm is forbidden, the host answers", () => {
  const policy = POLICY.replace(" 'wasm-unsafe-eval'", "");
  assert.notEqual(policy, POLICY);
  return visiting({ headers: { "content-security-policy": policy } }, async ({ page, site }) => {
    await page.waitForSelector("promo-code[state=idle]");
    await checkAsking(page, site);
    await ask(page, "X".repeat(65));
    await page.waitForSelector("promo-code[state=refused]:not([aria-busy])");
    assert.equal(site.asked.at(-1)?.length, 65, "what wasm would have refused is asked about");
    assert.ok((await violations(page)).every((one) => /^script-src wasm-eval$/.test(one)));
  });
});

test("a public module that is not served is done without", () =>
  visiting({ folders: { "/promo-edge/": app.package }, pages: {
    "/": PAGE, "/promo-edge/public-codes.js": "throw new Error('not here')",
  } }, async ({ page, site }) => {
    await checkMalformed(page, site);
    await checkAsking(page, site);
  }));

test("the tag's hash lets the file in, and no other", async (t) => {
  const cdn = await startSite({
    folders: { "/promo-edge/": app.package },
    headers: { "access-control-allow-origin": "*" },
  });
  t.after(() => cdn.stop());
  const tag = app.run(`node tag.mjs ${cdn.url}/promo-edge/`);
  const pages = { "/": PAGE.replace(SCRIPT, tag) };
  assert.notEqual(pages["/"], PAGE);
  await visiting({ pages, folders: {} }, async ({ page, site, complaints }) => {
    await checkField(page, site);
    assert.deepEqual(complaints, []);
  });
  const file = "promo-edge/promo-edge.min.js";
  cdn.pages[`/${file}`] = changed(readFileSync(path.join(app.package, "promo-edge.min.js")));
  await visiting({ pages, folders: {} }, async ({ page, complaints }) => {
    await checkRefused(page, complaints);
  });
});

test("the import map's hashes cover every script that is loaded", async () => {
  const tags = app.run("node import-map.mjs /promo-edge/");
  const pages = { "/": PAGE.replace(SCRIPT, tags) };
  await visiting({ pages }, async ({ page, site, complaints }) => {
    await checkField(page, site);
    assert.deepEqual(complaints, []);
  });
  const folder = path.join(app.folder, "changed");
  cpSync(app.package, folder, { recursive: true });
  const deep = path.join(folder, "wasm/slim/slim.js");
  writeFileSync(deep, changed(readFileSync(deep)));
  await visiting({ pages, folders: { "/promo-edge/": folder } }, async ({ page, complaints }) => {
    await checkRefused(page, complaints);
  });
});

test("a changed module of public codes is done without", async () => {
  const folder = path.join(app.folder, "changed-wasm");
  cpSync(app.package, folder, { recursive: true });
  const file = path.join(folder, "wasm/public/public_bg.wasm");
  // An empty section of nobody's: the module would work.
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from([0, 1, 0])]));
  await visiting({ folders: { "/promo-edge/": folder } }, async ({ page, site }) => {
    const complaint = page.waitForEvent("console", (message) => /integrity/.test(message.text()));
    await page.locator("promo-code input").focus();
    await complaint;
    await checkMalformed(page, site);
    await checkAsking(page, site);
  });
});

/** A byte more, and the same program. @param {Buffer} bytes */
const changed = (bytes) => `${bytes} `;

/** @param {import("playwright-core").Page} page @param {string[]} complaints */
async function checkRefused(page, complaints) {
  assert.match(complaints.join("\n"), /integrity/i);
  assert.equal(await page.locator("promo-code").getAttribute("state"), null);
  await checkSubmitting(page);
}
