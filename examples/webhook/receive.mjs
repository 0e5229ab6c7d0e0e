/**
 * How a merchant's server hears of its orders: a small receiver of webhooks, with the npm package
 * `standardwebhooks`.
 *
 *     WEBHOOK_SECRET=whsec_... node examples/webhook/receive.mjs      on port 8789
 * @module
 */

import { createServer } from "node:http";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { Webhook } from "standardwebhooks";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/**
 * @typedef {object} Event
 * @property {"order.recorded" | "order.adjusted" | "order.reversed"} type
 * @property {string} timestamp when it happened
 * @property {Record<string, any>} data the order as it is since
 */
/** @typedef {(event: Event, id: string) => unknown} Handle */

/** An event is a few hundred bytes; whoever sends more is not who we wait for. */
const BODY_SIZE_MAX = 16 * 1024;

/** The headers that are signed and the signature. */
const HEADERS = /** @type {const} */ (["webhook-id", "webhook-timestamp", "webhook-signature"]);

/**
 * Answers requests that tell of events: 204 when an event has been handled, now or before; 400 when
 * it is not genuine or not fresh; 500 when handling it failed, and it will be sent again.
 *
 * @param {string} secret `whsec_...`, one of those that sign
 * @param {Handle} handle
 */
export function receiver(secret, handle) {
  const webhook = new Webhook(secret);
  const handleOnce = once(handle);
  return (/** @type {Request} */ request, /** @type {Response} */ response) => {
    receive(request, webhook, handleOnce).then(
      ({ status, headers }) => response.writeHead(status, headers).end(),
      // The sender went away in the middle of it; it will come again.
      () => response.destroy(),
    );
  };
}

/**
 * @param {Request} request
 * @param {Webhook} webhook
 * @param {(id: string, event: Event) => Promise<unknown>} handleOnce
 * @returns {Promise<{status: number, headers?: Record<string, string>}>}
 */
async function receive(request, webhook, handleOnce) {
  if (request.method !== "POST") return { status: 405, headers: { allow: "POST" } };
  const body = await readBody(request);
  if (body === null) return { status: 413, headers: { connection: "close" } };
  const signed = Object.fromEntries(HEADERS.map((name) => [name, String(request.headers[name])]));
  /** @type {Event} */
  let event;
  try {
    // The bytes as they came: JSON that was read and written again has another signature.
    event = /** @type {Event} */ (webhook.verify(body, signed));
  } catch {
    return { status: 400 };
  }
  try {
    await handleOnce(signed["webhook-id"], event);
    return { status: 204 };
  } catch (error) {
    console.error(error);
    return { status: 500 };
  }
}

/**
 * Handles each event once, however often and however close together it comes; one that failed may
 * come again. A shop keeps the ids in its database instead, under a unique key, and writes the id
 * in the transaction that does the work: this memory ends with the process.
 *
 * @param {Handle} handle
 */
export function once(handle) {
  /** @type {Map<string, Promise<unknown>>} */
  const handled = new Map();
  return (/** @type {string} */ id, /** @type {Event} */ event) => {
    const before = handled.get(id);
    if (before) return before;
    const now = (async () => handle(event, id))();
    handled.set(id, now);
    now.catch(() => handled.delete(id));
    return now;
  };
}

/** The body; null when it is too large. @param {Request} request */
async function readBody(request) {
  const chunks = [];
  let size = 0;
  // Not destroyed when it is too large: there is still an answer to send.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > BODY_SIZE_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { PORT = "8789", WEBHOOK_SECRET = "" } = process.env;
  const listener = receiver(WEBHOOK_SECRET, ({ type, data }) => {
    console.log(`${type}: ${data.order_id}, entry ${data.entry}, ${data.state}`);
  });
  createServer(listener).listen(Number(PORT), "127.0.0.1", () => {
    console.log(`webhooks are received at http://127.0.0.1:${PORT}`);
  });
}
