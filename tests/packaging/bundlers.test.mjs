// docs/adopt/bundlers.md: each bundler builds the page as it stands there, and what it builds runs.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { build, createServer, preview } from "vite";
import webpack from "webpack";

import { launchBrowser } from "../browser/shop.mjs";
import { snippets } from "../snippets.mjs";
import { App } from "./app.mjs";
import { checkAsking, checkField, checkMalformed, openPage } from "./field.mjs";
import { startSite } from "./site.mjs";

const DOCS = "docs/adopt/bundlers.md";
const [MAIN = ""] = snippets(DOCS, "js main.js");
const [PAGE = ""] = snippets(DOCS, "html index.html");
const [VITE = ""] = snippets(DOCS, "js vite.config.js");
const [WEBPACK = ""] = snippets(DOCS, "js webpack.config.js");
const [ESBUILD = ""] = snippets(DOCS, "sh esbuild");

/** @type {App} */
let app;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startSite>>} */
let site;

before(async () => {
  app = new App({ "main.js": MAIN, "index.html": PAGE, "webpack.config.js": WEBPACK });
  site = await startSite({});
  app.write({ "vite.config.js": VITE.replace("http://localhost:8787", site.url ?? "") });
  browser = await launchBrowser();
});
after(async () => {
  await browser.close();
  await site.stop();
  app.remove();
});

/** What was built, on a host of its own. @param {string} folder */
async function serving(folder) {
  site.folders = { "/": path.join(app.folder, folder) };
  await visiting(`${site.url}/`);
}

/** @param {string} url */
async function visiting(url) {
  const { page, complaints } = await openPage(browser);
  await page.goto(url);
  await checkField(page, site);
  assert.deepEqual(complaints, []);
  await page.context().close();
}

/** The files of a folder, without their hashes. @param {string} folder */
function built(folder) {
  const files = readdirSync(path.join(app.folder, folder), { recursive: true, encoding: "utf8" });
  return files.filter((file) => /\.\w+$/.test(file)).map((file) => path.basename(file));
}

test("Vite: built and served by its preview", async (t) => {
  await build({ root: app.folder, logLevel: "error", build: { outDir: "vite" } });
  const wasm = built("vite").filter((file) => file.endsWith(".wasm"));
  assert.match(wasm.join(" "), /^public_bg-[\w-]+\.wasm$/, "the one file that is needed");
  const server = await preview({
    root: app.folder, logLevel: "error", build: { outDir: "vite" }, preview: { port: 0 },
  });
  t.after(() => server.close());
  await visiting(server.resolvedUrls?.local[0] ?? "");
});

test("Vite: while one develops", async (t) => {
  const server = await createServer({
    root: app.folder, logLevel: "error", server: { port: 0, hmr: false, ws: false },
  });
  await server.listen();
  t.after(() => server.close());
  await visiting(server.resolvedUrls?.local[0] ?? "");
});

test("Vite: what the package's README shows", async () => {
  const [page = ""] = snippets("www/promo-edge/README.md", "html");
  app.write({ "readme/index.html": `<!doctype html><title>Checkout</title>${page}` });
  await build({ root: path.join(app.folder, "readme"), logLevel: "error" });
  await serving("readme/dist");
});

test("webpack", async () => {
  const { default: config } = await import(path.join(app.folder, "webpack.config.js"));
  const output = { path: path.join(app.folder, "webpack") };
  const stats = await /** @type {Promise<import("webpack").Stats>} */ (
    new Promise((resolve, reject) =>
      webpack({ ...config, context: app.folder, output }, (error, done) =>
        done ? resolve(done) : reject(error)))
  );
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual([errors, warnings], [[], []]);
  const wasm = built("webpack").filter((file) => file.endsWith(".wasm"));
  assert.equal(wasm.length, 1, wasm.join(" "));
  app.write({ "webpack/index.html": PAGE });
  await serving("webpack");
});

test("esbuild", async () => {
  app.run(ESBUILD);
  assert.ok(existsSync(path.join(app.folder, "dist/wasm/public/public_bg.wasm")));
  await serving("dist");
});

test("esbuild, in one file and without the folder", async () => {
  app.run("esbuild main.js --bundle --format=esm --outdir=single");
  app.write({ "single/index.html": PAGE });
  site.folders = { "/": path.join(app.folder, "single") };
  const { page } = await openPage(browser);
  await page.goto(`${site.url}/`);
  await checkMalformed(page, site);
  await checkAsking(page, site);
  await page.context().close();
});
