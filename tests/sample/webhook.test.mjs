// Events as they are signed: the vectors that the Rust code signs are verified by the library that
// receivers use, and by the receiver of the examples.

import assert from "node:assert/strict";
import { once as happened } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { after, before, beforeEach, test } from "node:test";

import { Webhook } from "standardwebhooks";

import { once, receiver } from "../../examples/webhook/receive.mjs";

/**
 * @typedef {{ name: string, secrets: string[], id: string, timestamp_s: number, body: string,
 *   signatures: string[] }} Vector
 */
/** @typedef {import("node:test").TestContext} TestContext */

const vectors = new URL("../vectors/webhook.json", import.meta.url);
/** @type {{cases: Vector[]}} */
const { cases } = JSON.parse(readFileSync(vectors, "utf8"));
const recorded = /** @type {Vector} */ (cases.find(({ secrets }) => secrets.length === 2));

/** How old an event may be, in seconds, by the library. */
const TOLERANCE_S = 300;

/** @param {Vector} vector */
const headersOf = ({ id, timestamp_s, signatures }) => ({
  "webhook-id": id,
  "webhook-timestamp": String(timestamp_s),
  "webhook-signature": signatures.join(" "),
});

/** Sets the clock. @param {TestContext} t @param {number} seconds since 1970 */
const setClock = (t, seconds) => t.mock.timers.enable({ apis: ["Date"], now: seconds * 1000 });

/** Whether the library takes a vector. @param {string} secret @param {Vector} vector */
function verify(secret, vector) {
  return new Webhook(secret).verify(vector.body, headersOf(vector));
}

const refused = { message: "No matching signature found" };

for (const vector of cases) {
  test(`verified with each secret: ${vector.name}`, (t) => {
    setClock(t, vector.timestamp_s);
    assert.ok(vector.secrets.length > 0);
    for (const secret of vector.secrets) {
      assert.deepEqual(verify(secret, vector), JSON.parse(vector.body));
    }
  });

  test(`refused with anything changed: ${vector.name}`, (t) => {
    setClock(t, vector.timestamp_s);
    const { id, timestamp_s, body, signatures } = vector;
    const unsigned = signatures.map((signature) => `v1a,${signature.slice(3)}`);
    const changes = {
      id: { id: `${id}0` },
      timestamp: { timestamp_s: timestamp_s + 1 },
      "a character of the body": { body: body.replace("t", "T").replace("{}", "[]") },
      "the end of the body": { body: `${body} ` },
      "where the id ends": { id: `${id}.${timestamp_s}`, body: body.slice(1) },
      "the scheme": { signatures: unsigned },
    };
    for (const [what, change] of Object.entries(changes)) {
      for (const secret of vector.secrets) {
        assert.throws(() => verify(secret, { ...vector, ...change }), refused, what);
      }
    }
    const others = cases.flatMap(({ secrets }) => secrets).filter(
      (secret) => !vector.secrets.includes(secret),
    );
    for (const secret of others) assert.throws(() => verify(secret, vector), refused);
  });
}

test("signed as the library signs", () => {
  for (const { secrets, id, timestamp_s, body, signatures } of cases) {
    const at = new Date(timestamp_s * 1000);
    const signed = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
    assert.deepEqual(signed, signatures);
  }
});

/** What the receiver handled. @type {{type: string, id: string}[]} */
const handled = [];
/** What handling an event does. @type {() => unknown} */
let work;
const [newSecret, oldSecret] = recorded.secrets;
const server = createServer(
  receiver(oldSecret, async ({ type }, id) => {
    await work();
    handled.push({ type, id });
  }),
);
/** @type {string} */
let url;

before(async () => {
  await happened(server.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  url = `http://127.0.0.1:${port}/`;
});
after(() => new Promise((closed) => server.close(closed)));
beforeEach(() => {
  handled.length = 0;
  work = () => {};
});

/**
 * Sends a vector, with another id so that no test sees another's events.
 *
 * @param {string} id
 * @param {{body?: string, headers?: Record<string, string>, signer?: string}} [other]
 */
async function send(id, { body = recorded.body, headers = {}, signer = oldSecret } = {}) {
  const { timestamp_s } = recorded;
  const signature = new Webhook(signer).sign(id, new Date(timestamp_s * 1000), recorded.body);
  const vector = { ...recorded, id, signatures: [signature] };
  const init = { method: "POST", body, headers: { ...headersOf(vector), ...headers } };
  const response = await fetch(url, init);
  assert.equal(await response.text(), "");
  return response.status;
}

test("the receiver handles an event, and says so", async (t) => {
  setClock(t, recorded.timestamp_s);
  const response = await fetch(url, {
    method: "POST",
    body: recorded.body,
    headers: headersOf(recorded),
  });
  assert.equal(response.status, 204);
  assert.deepEqual(handled, [{ type: "order.recorded", id: recorded.id }]);
});

test("the receiver handles an event once, however often it comes", async (t) => {
  setClock(t, recorded.timestamp_s);
  assert.deepEqual(await Promise.all([send("twice"), send("twice")]), [204, 204]);
  assert.equal(await send("twice"), 204);
  assert.equal(handled.length, 1);
});

test("the receiver handles an event again that it failed to handle", async (t) => {
  setClock(t, recorded.timestamp_s);
  const logged = t.mock.method(console, "error", () => {});
  work = () => {
    throw new Error("the database is away");
  };
  assert.equal(await send("failed"), 500);
  assert.equal(logged.mock.callCount(), 1);
  work = () => {};
  assert.equal(await send("failed"), 204);
  assert.equal(handled.length, 1);
});

test("the receiver refuses what is not genuine", async (t) => {
  setClock(t, recorded.timestamp_s);
  assert.equal(await send("forged", { signer: newSecret }), 400);
  assert.equal(await send("forged", { body: recorded.body.replace("ana", "eve") }), 400);
  assert.equal(await send("forged", { headers: { "webhook-id": "another" } }), 400);
  assert.equal(await send("forged", { headers: { "webhook-signature": "" } }), 400);
  assert.equal((await fetch(url, { method: "POST", body: recorded.body })).status, 400);
  assert.deepEqual(handled, []);
});

test("the receiver refuses what was sent long ago, or is still to be sent", async (t) => {
  const { timestamp_s } = recorded;
  setClock(t, timestamp_s + TOLERANCE_S + 1);
  assert.equal(await send("old"), 400);
  t.mock.timers.setTime((timestamp_s - TOLERANCE_S - 1) * 1000);
  assert.equal(await send("early"), 400);
  t.mock.timers.setTime((timestamp_s + TOLERANCE_S) * 1000);
  assert.equal(await send("late"), 204);
  assert.equal(handled.length, 1);
});

test("the receiver reads no other method and no large body", async () => {
  const get = await fetch(url);
  assert.equal(get.status, 405);
  assert.equal(get.headers.get("allow"), "POST");
  assert.equal(await send("large", { body: " ".repeat(16 * 1024 + 1) }), 413);
  assert.deepEqual(handled, []);
});

test("the receiver outlives a sender that goes away", async (t) => {
  setClock(t, recorded.timestamp_s);
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write("POST / HTTP/1.1\r\nhost: shop\r\ncontent-length: 9\r\n\r\n{");
  const [request] = await happened(server, "request");
  socket.destroy();
  await new Promise((closed) => request.once("close", closed));
  assert.equal(await send("after"), 204);
});

test("an id is remembered from when its event is taken, not from when it is done", async () => {
  let calls = 0;
  /** @type {(value: unknown) => void} */
  let finish = () => {};
  const handleOnce = once(() => {
    calls += 1;
    return new Promise((done) => (finish = done));
  });
  const event = JSON.parse(recorded.body);
  const both = [handleOnce("a", event), handleOnce("a", event)];
  finish("done");
  assert.deepEqual(await Promise.all(both), ["done", "done"]);
  assert.equal(calls, 1);
});
