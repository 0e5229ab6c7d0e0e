// docs/adopt/frameworks.md: each component as it stands there, rendered on a server, taken over in
// Chromium while a shopper types, and used.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "vite";

import { launchBrowser } from "../browser/shop.mjs";
import { snippets } from "../snippets.mjs";
import { App } from "./app.mjs";
import { checkField, checkSubmitting, openPage } from "./field.mjs";
import { startSite } from "./site.mjs";

const DOCS = "docs/adopt/frameworks.md";
const [REACT = ""] = snippets(DOCS, "jsx PromoField.jsx");
const [VUE = ""] = snippets(DOCS, "vue PromoField.vue");
const [VUE_CONFIG = ""] = snippets(DOCS, "js vite.config.js");
const [SVELTE = ""] = snippets(DOCS, "svelte PromoField.svelte");

/**
 * What surrounds the component: an app that renders it on a server, and one that takes it over and
 * later has a fuller cart.
 *
 * @typedef {object} Framework
 * @property {string[]} packages
 * @property {Record<string, string>} files
 * @property {() => Promise<import("vite").PluginOption[]>} plugins
 */

/** @type {Record<string, Framework>} */
const FRAMEWORKS = {
  React: {
    packages: ["react", "react-dom"],
    files: {
      "PromoField.jsx": REACT,
      "server.jsx": `
        import { renderToString } from "react-dom/server";
        import { PromoField } from "./PromoField.jsx";
        export const render = async () => renderToString(<PromoField subtotalMinor={12900} />);`,
      "client.jsx": `
        import { hydrateRoot } from "react-dom/client";
        import { PromoField } from "./PromoField.jsx";
        const told = (window.told = []);
        const onApplied = (applied) => told.push(applied.map(({ code }) => code).join());
        const page = hydrateRoot(document.querySelector("#app"),
          <PromoField subtotalMinor={12900} onApplied={onApplied} />,
          { onRecoverableError: (error) => console.error(error) });
        window.fill = () =>
          page.render(<PromoField subtotalMinor={20000} onApplied={onApplied} />);`,
    },
    plugins: async () => [],
  },
  Vue: {
    packages: ["vue", "@vitejs/plugin-vue"],
    files: {
      "PromoField.vue": VUE,
      "vite.config.js": VUE_CONFIG,
      "server.jsx": `
        import { createSSRApp, h } from "vue";
        import { renderToString } from "vue/server-renderer";
        import PromoField from "./PromoField.vue";
        export const render = () =>
          renderToString(createSSRApp({ render: () => h(PromoField, { subtotalMinor: 12900 }) }));`,
      "client.jsx": `
        import { createSSRApp, h, ref } from "vue";
        import PromoField from "./PromoField.vue";
        const told = (window.told = []);
        const onApplied = (applied) => told.push(applied.map(({ code }) => code).join());
        const subtotalMinor = ref(12900);
        const props = () => ({ subtotalMinor: subtotalMinor.value, onApplied });
        createSSRApp({ render: () => h(PromoField, props()) }).mount("#app");
        window.fill = () => (subtotalMinor.value = 20000);`,
    },
    plugins: async () => {
      const { default: config } = await import(path.join(app.folder, "vite.config.js"));
      return config.plugins;
    },
  },
  Svelte: {
    packages: ["svelte"],
    files: {
      "PromoField.svelte": SVELTE,
      "server.jsx": `
        import { render as renderApp } from "svelte/server";
        import PromoField from "./PromoField.svelte";
        export const render = async () =>
          renderApp(PromoField, { props: { subtotalMinor: 12900 } }).body;`,
      "client.svelte.js": `
        import { hydrate } from "svelte";
        import PromoField from "./PromoField.svelte";
        const told = (window.told = []);
        const onApplied = (applied) => told.push(applied.map(({ code }) => code).join());
        const props = $state({ subtotalMinor: 12900, onApplied });
        hydrate(PromoField, { target: document.querySelector("#app"), props });
        window.fill = () => (props.subtotalMinor = 20000);`,
      "client.jsx": 'import "./client.svelte.js";',
    },
    plugins: async () => [svelte({ configFile: false })],
  },
};

/** @type {App} */
let app;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  app = new App();
  for (const { packages } of Object.values(FRAMEWORKS)) app.lend(...packages);
  browser = await launchBrowser();
});
after(async () => {
  await browser.close();
  app.remove();
});

/**
 * Builds both apps and renders on the server; a site with the result.
 *
 * @param {string} name
 * @param {Framework} framework
 */
async function startApp(name, { files, plugins }) {
  app.write(files);
  const common = {
    root: app.folder,
    configFile: /** @type {const} */ (false),
    logLevel: /** @type {const} */ ("error"),
    plugins: await plugins(),
  };
  const input = path.join(app.folder, "client.jsx");
  const folder = path.join(app.folder, name);
  const output = { entryFileNames: "client.js" };
  await build({ ...common, build: { outDir: folder, rolldownOptions: { input, output } } });
  const server = path.join(app.folder, "server", name);
  const ssr = path.join(app.folder, "server.jsx");
  const entry = { entryFileNames: "server.mjs" };
  const ofServer = { outDir: server, ssr, rolldownOptions: { output: entry } };
  await build({ ...common, ssr: { noExternal: true }, build: ofServer });
  const { render } = await import(path.join(server, "server.mjs"));
  const html = await render();
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Checkout</title>
    <form action="/order"><div id="app">${html}</div><button>Order</button></form>
    <script type="module" src="/client.js"></script></html>`;
  return { html, site: await startSite({ folders: { "/": folder }, pages: { "/": page } }) };
}

for (const [name, framework] of Object.entries(FRAMEWORKS)) {
  test(name, async (t) => {
    const { html, site } = await startApp(name, framework);
    t.after(() => site.stop());
    assert.match(html, /<promo-code [^>]*subtotal-minor="12900"/);
    assert.match(html, /<label for="code">Promo code<\/label>\s*<input id="code"/);

    await t.test("without JavaScript the form submits", async () => {
      const { page } = await openPage(browser, { javaScriptEnabled: false });
      await page.goto(`${site.url}/`);
      await checkSubmitting(page);
      await page.context().close();
    });

    await t.test("what is typed before the page is taken over is kept", async () => {
      const { page, complaints } = await openPage(browser);
      /** @type {PromiseWithResolvers<void>} */
      const late = Promise.withResolvers();
      await page.route("**/client.js", (route) => late.promise.then(() => route.continue()));
      await page.goto(`${site.url}/`, { waitUntil: "commit" });
      const input = page.locator("input[name=promo_code]");
      await input.fill("STROLL10");
      await input.evaluate((element) => Object.assign(element, { isFirst: true }));
      late.resolve();
      await page.waitForSelector("promo-code[state=valid]");
      assert.equal(await input.inputValue(), "STROLL10");
      assert.equal(await input.evaluate((element) => Reflect.get(element, "isFirst")), true);
      assert.deepEqual(complaints, []);
      await page.context().close();
    });

    await t.test("the field works, and hears of a fuller cart", async () => {
      const { page, complaints } = await openPage(browser);
      await page.goto(`${site.url}/`);
      await checkField(page, site);
      const asked = page.waitForRequest("**/v1/validate");
      await page.evaluate(() => /** @type {any} */ (globalThis).fill());
      assert.equal((await asked).postDataJSON().cart.subtotal_minor, 20_000);
      await page.waitForSelector("promo-code[state=valid]:not([data-busy])");
      await page.locator("promo-code input").fill("");
      const told = await page.evaluate(() => /** @type {any} */ (globalThis).told);
      const seen = told.filter((/** @type {string} */ one, /** @type {number} */ at) =>
        one !== told[at - 1]);
      assert.deepEqual(seen, ["", "HELLO10", "", "STROLL10", ""], "what the order has, each time");
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  });
}
