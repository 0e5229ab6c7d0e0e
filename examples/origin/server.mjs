/**
 * A small shop of its own, for the Worker to stand in front of: it knows nothing of partners, and
 * hears at its checkout who is credited. `npm start` starts it.
 *
 *     node examples/origin/server.mjs      on port 8788, behind http://shop.localhost:8787
 * @module
 */

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { createRemoteJWKSet } from "jose";

import { readVerdict } from "./decision.mjs";
import { checkoutPage, errorPage, lanternPage, orderPage, startPage } from "./pages.mjs";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {import("./pages.mjs").Order} Order */

const BODY_SIZE_MAX = 16 * 1024;
/** A demonstration forgets. */
const ORDERS_MAX = 100;
const QUANTITY_MAX = 9;

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; " +
    "frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
};

/** Files of the other demo, whose look this shop has, and its own. @type {Record<string, URL>} */
const FILES = {
  "/shop/tokens.css": new URL("../../www/shop/tokens.css", import.meta.url),
  "/shop/shop.css": new URL("../../www/shop/shop.css", import.meta.url),
  "/shop/summary.css": new URL("../../www/shop/summary.css", import.meta.url),
  "/shop/icon.svg": new URL("../../www/shop/icon.svg", import.meta.url),
  "/origin.css": new URL("origin.css", import.meta.url),
};
const TYPES = { css: "text/css; charset=utf-8", svg: "image/svg+xml" };

/**
 * @typedef {object} Options
 * @property {number} [port] any that is free by default
 * @property {string} issuer who signs receipts: the shop's address, as shoppers have it
 * @property {string} keys address of the keys that check receipts
 * @property {string} program whom receipts are for
 */

/**
 * Serves the shop on 127.0.0.1 until stopped.
 *
 * @param {Options} options
 * @returns {Promise<{url: string, stop: () => Promise<void>}>}
 */
export async function serveOrigin({ port = 0, issuer, keys, program }) {
  const trust = { keys: createRemoteJWKSet(new URL(keys)), issuer, program };
  const shop = new Shop(trust);
  const server = createServer((request, response) => {
    shop.answer(request, response).catch(() => send(response, 500, errorPage(500)));
  });
  await /** @type {Promise<void>} */ (
    new Promise((listening, failed) => {
      server.once("error", failed).listen(port, "127.0.0.1", listening);
    })
  );
  const bound = /** @type {import("node:net").AddressInfo} */ (server.address());
  const stop = () => {
    server.closeAllConnections();
    return /** @type {Promise<void>} */ (new Promise((done) => server.close(() => done())));
  };
  return { url: `http://127.0.0.1:${bound.port}`, stop };
}

class Shop {
  /** @type {Map<string, Order>} */
  #orders = new Map();

  /** @param {import("./decision.mjs").Trust} trust */
  constructor(trust) {
    this.trust = trust;
  }

  /** @param {Request} request @param {Response} response */
  async answer(request, response) {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://shop");
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (pathname === "/checkout" && request.method === "POST") {
      return this.#place(request, response);
    }
    if (!isRead) return send(response, 405, errorPage(405));
    if (pathname in FILES) return sendFile(response, pathname);
    if (pathname === "/") return send(response, 200, startPage());
    if (pathname === "/lantern") return send(response, 200, lanternPage());
    if (pathname === "/checkout") return send(response, 200, checkoutPage());
    const order = this.#orders.get(pathname.replace("/orders/", ""));
    if (!order) return send(response, 404, errorPage(404));
    return send(response, 200, await orderPage(order, searchParams.get("lang")));
  }

  /**
   * Takes an order, and what the Worker says of it.
   *
   * @param {Request} request
   * @param {Response} to
   */
  async #place(request, to) {
    const body = await readBody(request);
    if (body === null) return send(to, 413, errorPage(413));
    const form = new URLSearchParams(body);
    const wanted = Math.trunc(Number(form.get("quantity")));
    const quantity = Math.min(Math.max(wanted || 1, 1), QUANTITY_MAX);
    const verdict = await readVerdict(request.headers, this.trust);
    const id = randomUUID();
    this.#orders.set(id, { id, quantity, typed: form.get("promo_code") ?? "", verdict });
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > ORDERS_MAX) this.#orders.delete(oldest);
    to.writeHead(303, { location: `/orders/${id}`, "cache-control": "no-store" }).end();
  }
}

/** @param {Response} response @param {number} status @param {string} page */
function send(response, status, page) {
  response.writeHead(status, HEADERS).end(page);
}

/** @param {Response} response @param {string} path */
function sendFile(response, path) {
  const type = TYPES[/** @type {keyof typeof TYPES} */ (path.split(".").at(-1))];
  const headers = { "content-type": type, "cache-control": "max-age=60" };
  response.writeHead(200, headers).end(readFileSync(FILES[path]));
}

/** The body as text; null when it is too large. @param {Request} request */
async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_SIZE_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { PORT = "8788", SHOP = "http://shop.localhost:8787", PROGRAM = "1000" } = process.env;
  const keys = process.env.KEYS ?? "http://localhost:8787/.well-known/jwks.json";
  const { url } = await serveOrigin({ port: Number(PORT), issuer: SHOP, keys, program: PROGRAM });
  console.log(`the shop's own server is at ${url}; shoppers come by ${SHOP}`);
}
