/**
 * A small shop of its own, for the Worker to stand in front of: it knows nothing of partners, hears
 * at its checkout who would be credited, has its orders recorded, and hears what becomes of them.
 * `npm start` starts it.
 *
 *     TOKEN=... WEBHOOK_SECRET=whsec_... node examples/origin/server.mjs
 *
 * on port 8788, behind http://shop.localhost:8787.
 * @module
 */

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { clickPathOf, createPromoEdge, readDecision } from "../../plugins/server/index.js";
import { receiver } from "../webhook/receive.mjs";
import { CURRENCY, PRICE_MINOR } from "./frame.mjs";
import { Ledger } from "./ledger.mjs";
import { orderPage } from "./order_page.mjs";
import { Orders } from "./orders.mjs";
import { checkoutPage, errorPage, lanternPage, startPage } from "./pages.mjs";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */

/** Where the Worker sends webhooks. */
export const WEBHOOK_PATH = "/hooks/promo";

const BODY_SIZE_MAX = 16 * 1024;
const QUANTITY_MAX = 9;
const CODE_LENGTH_MAX = 64;
const RETRY_MS = 10_000;

/** Who the customer is, for as long as the browser is open: nobody signs in here. */
const SESSION_COOKIE = "__Host-shop-session";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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
 * @property {string} ledger address of the Worker, as the shop's server has it
 * @property {string} program whom receipts are for
 * @property {string} token the merchant's, with the scope `credit`; no page ever sees it
 * @property {string} webhookSecret what webhooks are signed with
 * @property {number} [retryMs] after how long an order that could not be recorded is sent again
 */

/**
 * Serves the shop on 127.0.0.1 until stopped.
 *
 * @param {Options} options
 * @returns {Promise<{url: string, stop: () => Promise<void>}>}
 */
export async function serveOrigin(options) {
  const shop = new Shop(options);
  const hear = receiver(options.webhookSecret, (event) => shop.orders.hear(event));
  const server = createServer((request, response) => {
    if (request.url === WEBHOOK_PATH) return hear(request, response);
    shop.answer(request, response).catch(() => send(response, 500, errorPage(500)));
  });
  await /** @type {Promise<void>} */ (
    new Promise((listening, failed) => {
      server.once("error", failed).listen(options.port ?? 0, "127.0.0.1", listening);
    })
  );
  const bound = /** @type {import("node:net").AddressInfo} */ (server.address());
  const stop = () => {
    shop.orders.stop();
    server.closeAllConnections();
    return /** @type {Promise<void>} */ (new Promise((done) => server.close(() => done())));
  };
  return { url: `http://127.0.0.1:${bound.port}`, stop };
}

class Shop {
  /** @param {Options} options */
  constructor({ issuer, ledger, program, token, retryMs = RETRY_MS }) {
    // Asked once: orders that were not recorded are sent again all the same.
    const promo = createPromoEdge({ url: ledger, token, program, issuer, attempts: 1 });
    this.trust = promo.trust;
    this.orders = new Orders(new Ledger(promo), retryMs);
  }

  /** @param {Request} request @param {Response} response */
  async answer(request, response) {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://shop");
    if (request.method === "POST") return this.#change(request, response, pathname, searchParams);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return send(response, 405, errorPage(405));
    }
    if (pathname in FILES) return sendFile(response, pathname);
    if (pathname === "/") return send(response, 200, startPage());
    if (pathname === "/lantern") return send(response, 200, lanternPage());
    if (pathname === "/checkout") return send(response, 200, checkoutPage(randomUUID()));
    const order = this.orders.find(pathname.replace("/orders/", ""));
    if (!order) return send(response, 404, errorPage(404));
    return send(response, 200, await orderPage(order, searchParams.get("lang")));
  }

  /**
   * Does what a form of this shop's pages asks for. Another site's form comes with that site's
   * origin, or with none that can be told.
   *
   * @param {Request} request
   * @param {Response} to
   * @param {string} pathname
   * @param {URLSearchParams} search
   */
  async #change(request, to, pathname, search) {
    const body = await readBody(request);
    if (body === null) return send(to, 413, errorPage(413));
    const { origin } = request.headers;
    if (origin !== this.trust.issuer) return send(to, 403, errorPage(403));
    const form = new URLSearchParams(body);
    if (pathname === "/checkout") return this.#place(request, to, form);
    const [, place, id, act] = pathname.split("/");
    const order = place === "orders" && this.orders.find(id);
    if (!order) return send(to, 404, errorPage(404));
    if (act === "record") await this.orders.record(order);
    else if (act === "cancel") await this.orders.cancel(order);
    else if (act === "keep") await this.orders.keep(order, Math.trunc(Number(form.get("left"))));
    else return send(to, 404, errorPage(404));
    const language = new URLSearchParams({ lang: search.get("lang") ?? "en" });
    seeOther(to, `/orders/${id}?${language}#news`);
  }

  /**
   * Takes an order, with what the Worker says of it, and has it recorded.
   *
   * @param {Request} request
   * @param {Response} to
   * @param {URLSearchParams} form
   */
  async #place(request, to, form) {
    const verdict = await readDecision(request.headers, this.trust);
    const order_id = uuid(form.get("order"));
    const customer_id = uuid(cookie(request, SESSION_COOKIE));
    const typed = (form.get("promo_code") ?? "").slice(0, CODE_LENGTH_MAX);
    const wanted = Math.trunc(Number(form.get("quantity")));
    const quantity = Math.min(Math.max(wanted || 1, 1), QUANTITY_MAX);
    await this.orders.place({
      order_id,
      event_type: "SALE",
      placed_at: new Date().toISOString(),
      promo_codes: typed.trim() === "" ? [] : [typed],
      customer_id,
      click_path: clickPathOf(request.headers),
      currency: CURRENCY,
      subtotal_minor: PRICE_MINOR * quantity,
      items: [
        { sku: "LL-LANTERN-R", category: "lights", quantity, unit_price_minor: PRICE_MINOR },
      ],
    }, verdict);
    const session = `${SESSION_COOKIE}=${customer_id}; Path=/; Secure; HttpOnly; SameSite=Lax`;
    seeOther(to, `/orders/${order_id}`, { "set-cookie": session });
  }
}

/** @param {Response} to @param {string} location @param {Record<string, string>} [headers] */
function seeOther(to, location, headers = {}) {
  to.writeHead(303, { location, "cache-control": "no-store", ...headers }).end();
}

/**
 * What was sent, when we can have made it; else another.
 *
 * @param {string | null | undefined} sent
 */
function uuid(sent) {
  return sent && UUID.test(sent) ? sent : randomUUID();
}

/** @param {Request} request @param {string} name */
function cookie(request, name) {
  const pairs = (request.headers.cookie ?? "").split("; ");
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
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
  const { LEDGER = "http://localhost:8787", TOKEN = "", WEBHOOK_SECRET = "" } = process.env;
  const { url } = await serveOrigin({
    port: Number(PORT),
    issuer: SHOP,
    ledger: LEDGER,
    program: PROGRAM,
    token: TOKEN,
    webhookSecret: WEBHOOK_SECRET,
  });
  console.log(`the shop's own server is at ${url}; shoppers come by ${SHOP}`);
}
