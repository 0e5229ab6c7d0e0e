/**
 * Checkout pages that answer a code each in its own way, and a server that counts what they load.
 * @module
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

import { at } from "../../tools/project.mjs";
import { seeded } from "../statistics.mjs";

/** As many codes as the home-made page carries. */
export const LIST_SIZE = 10_000;
const SYMBOLS = "346789ABCDEFGHJKMNPQRTVWXY";
/** A text that no code can be, and that so needs nobody else's answer. */
const MALFORMED_SIZE = 65;

/** What a page is ready for: a key, answered in words. */
const READY = `
const input = document.querySelector("input");
const type = (text) => {
  input.value = text;
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
};
const turn = () => new Promise((next) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = next;
  port2.postMessage(null);
});
globalThis.type = type;
globalThis.whenReady = async (answers) => {
  for (let tries = 0; ; tries += 1) {
    type("X".repeat(${MALFORMED_SIZE}) + tries);
    if (answers()) return performance.now() - globalThis.begun;
    await turn();
  }
};
`;

/** @type {Record<string, string>} the script of each page */
const SCRIPTS = {
  nothing: `
customElements.define("promo-code", class extends HTMLElement {
  connectedCallback() { this.addEventListener("input", () => (this.dataset.seen = "")); }
});
globalThis.ready = whenReady(() => "seen" in document.querySelector("promo-code").dataset);
globalThis.local = () => {};`,
  field: `
import "/promo-edge/promo-edge.min.js";
const field = document.querySelector("promo-code");
const said = () => field.querySelector("[role=status]")?.textContent;
globalThis.ready = whenReady(() => field.state === "refused" && said());
globalThis.local = () => { if (!said()) throw new Error("not refused"); };`,
  list: `
const codes = new Map(Object.entries(await (await fetch("/codes.json")).json()));
const message = document.querySelector("output");
input.addEventListener("input", () => {
  message.textContent = codes.get(input.value.trim().toUpperCase()) ?? "We do not know this code.";
});
globalThis.ready = whenReady(() => message.textContent !== "");
globalThis.local = () => { if (message.textContent === "") throw new Error("not answered"); };`,
};

/** The pages' names. */
export const PAGES = /** @type {const} */ (["nothing", "field", "list"]);

/** @param {string} name */
function page(name) {
  return `<!doctype html><html lang="en"><title>${name}</title>
<promo-code endpoint="/v1/validate" currency="USD" subtotal-minor="12900">
<label for="code">Promo code</label> <input id="code" name="promo_code"></promo-code>
<output></output><script>globalThis.begun = performance.now();</script>
<script type="module">${READY}${SCRIPTS[name]}</script></html>`;
}

/** Codes as a home-made page has them: each with the deal that it stands for. */
function codeList() {
  const random = seeded(1);
  const symbol = () => SYMBOLS[Math.floor(random() * SYMBOLS.length)];
  const codes = Array.from({ length: LIST_SIZE }, () => Array.from({ length: 8 }, symbol).join(""));
  return JSON.stringify(Object.fromEntries(codes.map((code) => [code, "10 % off"])));
}

const TYPES = { js: "text/javascript", json: "application/json", html: "text/html" };

/**
 * Serves the pages, compressed and with validators, until closed.
 *
 * @returns {Promise<{url: string, take: () => number, close: () => void}>} `take` says how many
 *   bytes of bodies were sent since it was last asked
 */
export async function servePages() {
  let sent = 0;
  const list = codeList();
  const bodies = (/** @type {string} */ path) => {
    const name = path.slice(1);
    if (name in SCRIPTS) return page(name);
    if (name === "codes.json") return list;
    if (name.startsWith("promo-edge/")) return readFileSync(at("www", name));
    return null;
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const body = bodies(path);
    if (body === null) return response.writeHead(204).end();
    const etag = `"${createHash("sha256").update(body).digest("hex")}"`;
    const type = TYPES[/** @type {keyof typeof TYPES} */ (path.split(".").at(-1))] ?? TYPES.html;
    // A clock that is fine enough is kept from pages that are not alone in their process.
    const isolated = {
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Embedder-Policy": "require-corp",
    };
    const headers = { ...isolated, ETag: etag, "Cache-Control": "no-cache" };
    if (request.headers["if-none-match"] === etag) return response.writeHead(304, headers).end();
    const packed = gzipSync(body, { level: 9 });
    sent += packed.length;
    const more = { "Content-Type": type, "Content-Encoding": "gzip" };
    response.writeHead(200, { ...headers, ...more }).end(packed);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const take = () => [sent, (sent = 0)][0];
  return { url: `http://127.0.0.1:${port}/`, take, close: () => void server.close() };
}
