/**
 * What the tests of plugins share: a local Worker with a server of the shop behind it, and the
 * troubles of a network between them.
 * @module
 */

import { once } from "node:events";
import { createServer, request as ask } from "node:http";

import { SignJWT, decodeJwt, decodeProtectedHeader, importJWK } from "jose";

import { SETTINGS, startLedger } from "../edge/ledger.mjs";
import { clickKey } from "../edge/click_path.mjs";

export const TOKEN = "merchant";
export const PROGRAM = "1000";
export const ISSUER = "http://shop.example";
export const CLICK_KEYS = clickKey(1);
/** What the Worker signs receipts with. @type {any} */
export const SIGNER = JSON.parse(SETTINGS.RECEIPT_KEYS).keys[0];

/**
 * A receipt as the Worker signs them, with other claims.
 *
 * @param {string} receipt
 * @param {object} claims
 * @param {{key?: any, header?: object}} [more]
 */
export async function signAgain(receipt, claims, { key = SIGNER, header = {} } = {}) {
  const all = { .../** @type {any} */ (decodeProtectedHeader(receipt)), ...header };
  return new SignJWT({ ...decodeJwt(receipt), ...claims })
    .setProtectedHeader(all)
    .sign(await importJWK(key, all.alg));
}

/** Never asked: fails at once. */
export const NOWHERE = "http://127.0.0.1:1";

/**
 * A server on loopback.
 *
 * @param {import("node:http").RequestListener} [listener]
 */
export async function listen(listener) {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    return /** @type {Promise<void>} */ (new Promise((closed) => server.close(() => closed())));
  };
  return { server, port, url: `http://127.0.0.1:${port}`, close };
}

/**
 * A Worker that stands in front of a shop's server, whose address it has to know.
 *
 * @param {string} origin
 */
export function startWorkerBefore(origin) {
  return startLedger({
    vars: {
      ORIGIN: origin,
      CHECKOUT: JSON.stringify({ path: "/checkout", method: "POST", code: "promo_code" }),
      RECEIPT_ISSUER: ISSUER,
      CLICK_KEYS,
    },
  });
}

/**
 * A way to a server that may drop answers, so that what was asked was done and nobody hears of it,
 * or be closed altogether.
 *
 * @param {string} to
 */
export async function startLossyWay(to) {
  const way = { lost: 0, asked: 0, isClosed: false };
  const { url, close } = await listen((request, response) => {
    const { method, headers } = request;
    way.asked += 1;
    if (way.isClosed) return void request.socket.destroy();
    const onward = ask(to + request.url, { method, headers }, (answer) => {
      if (way.lost > 0) {
        way.lost -= 1;
        return void answer.resume().on("end", () => request.socket.destroy());
      }
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  return Object.assign(way, { url, close });
}

/**
 * An answer as Node has it: a browser's `fetch` would follow redirects and refuse a `Host`.
 *
 * @param {string} url
 * @param {{method?: string, headers?: Record<string, string>, body?: string}} [options]
 */
export async function send(url, { body, ...options } = {}) {
  const sent = ask(url, options).end(body);
  const [answer] = /** @type {[import("node:http").IncomingMessage]} */ (
    await once(sent, "response")
  );
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += chunk;
  const isJson = /json/.test(answer.headers["content-type"] ?? "");
  return { status: answer.statusCode, body: isJson ? JSON.parse(text) : text };
}
