// In front of a shop: everything that is not ours goes through as it is, but for what claims to be
// from us.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";

import { catalog } from "./catalog.mjs";
import { clickKey, pathSet } from "./click_path.mjs";
import { responseTo, startFront } from "./front.mjs";
import { buildSnapshot } from "./snapshots.mjs";

/** @typedef {import("./front.mjs").Front} Front */
/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */
/** @typedef {(request: IncomingMessage, response: ServerResponse) => void} Handler */

const CLICK_KEYS = clickKey(1);
const PAGE = Buffer.from("<!doctype html><title>Larch</title>".repeat(200));

/** How the shop answers in this test; by default it says `shop`. @type {Handler | undefined} */
let shop;
/** @type {Front} */
let front;

before(async () => {
  front = await startFront({
    vars: { CLICK_KEYS },
    shop: (request, response) =>
      shop ? shop(request, response) : void front.see(request, response),
  });
  await front.publish(buildSnapshot(catalog()));
});
beforeEach(() => {
  shop = undefined;
  front.seen = [];
});
after(() => front.close());

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"];
for (const method of METHODS) {
  test(`${method} reaches the shop as it is`, async () => {
    const body = ["GET", "HEAD", "OPTIONS"].includes(method) ? undefined : "b=ü&c=%F0";
    const path = "//a/%7Eb/../c%2Fd?e=%20f&g=+h&partner=";
    const headers = {
      "content-type": "text/x-own; charset=utf-8",
      authorization: "Basic c2hvcHBlcjo=",
      cookie: "basket=7; theme=dark",
      "x-own": "as, it, is",
      origin: "https://elsewhere.example",
    };
    const { status } = await front.ask(path, { method, headers, body });
    assert.equal(status, 200);
    const [seen] = front.seen;
    assert.equal(seen.method, method);
    assert.equal(seen.path, "//a/c%2Fd?e=%20f&g=+h&partner=");
    for (const [name, value] of Object.entries(headers)) assert.equal(seen.headers[name], value);
    assert.equal(seen.headers.host, front.origin.replace("http://", ""));
    assert.equal(seen.body.toString(), body ?? "");
  });
}

/** What claims to be from us, however it is spelt. */
const CLAIMS = [
  "Promo-Code", "promo-decision", "PROMO-RECEIPT", "Promo_Code", "promo_decision", "Promo-_Receipt",
  "PROMO_X", "promo-", "promo_",
];
const INNOCENT = ["promo", "promotion", "x-promo-code", "xpromo_code"];

/** @param {Front} front */
async function assertClaimsRemoved(front) {
  front.seen = [];
  const headers = Object.fromEntries([...CLAIMS, ...INNOCENT].map((name) => [name, "forged"]));
  for (const method of ["GET", "POST"]) {
    const { status } = await front.ask("/checkout", { method, headers });
    assert.equal(status, 200);
  }
  assert.equal(front.seen.length, 2);
  for (const seen of front.seen) {
    const forged = Object.keys(seen.headers).filter((name) => seen.headers[name] === "forged");
    assert.deepEqual(forged.toSorted(), INNOCENT);
  }
}

test("nobody speaks in our name", () => assertClaimsRemoved(front));

/** @type {Record<string, Record<string, string | null>>} */
const BROKEN = {
  "without a reader key": { SNAPSHOT_KEY: null },
  "with settings that cannot be read": { TOKENS: "{", CLICK_KEYS: "none" },
  "for a host of no programme": { PROGRAM: null, PROGRAMS: '{"other.example":"1000"}' },
  "without a snapshot": { CLICK_KEYS },
};
for (const [what, vars] of Object.entries(BROKEN)) {
  test(`the shop sells on ${what}, and nobody speaks in our name`, async () => {
    const broken = await startFront({ vars });
    try {
      await assertClaimsRemoved(broken);
      const page = await broken.visit("/?partner=ana");
      assert.equal(page.body.toString(), "shop");
      assert.equal(page.headers["set-cookie"], undefined);
    } finally {
      await broken.close();
    }
  });
}

test("our own paths never reach the shop", async () => {
  const paths = ["/v1/validate", "/v1/nothing", "/healthz", "/openapi.json"];
  for (const path of paths) await front.ask(path, { method: "POST", body: "{}" });
  assert.deepEqual(front.seen, []);
  for (const path of ["/v1", "/v2/validate", "/healthz/", "/V1/validate"]) await front.ask(path);
  assert.equal(front.seen.length, 4);
});

test("redirects are passed on, not followed", async () => {
  shop = (request, response) => {
    front.seen.push(/** @type {any} */ (request.url));
    response.writeHead(303, { location: "/thanks?order=1", "set-cookie": ["a=1", "b=2"] }).end();
  };
  for (const method of ["GET", "POST"]) {
    const { status, headers } = await front.ask("/checkout", { method });
    assert.equal(status, 303);
    assert.equal(headers.location, "/thanks?order=1");
    assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
  }
  assert.deepEqual(front.seen, ["/checkout", "/checkout"]);
});

for (const status of [200, 204, 304, 404, 500, 503]) {
  test(`${status} is passed on, with a click and without`, async () => {
    const own = { "x-shop": "1", etag: '"a"', "cache-control": "max-age=60" };
    shop = (_, response) => response.writeHead(status, own).end();
    for (const path of ["/", "/?partner=ana"]) {
      const answer = await front.visit(path);
      assert.equal(answer.status, status);
      assert.equal(answer.headers["x-shop"], "1");
      assert.equal(answer.headers.etag, '"a"');
      const isLanding = path !== "/";
      const cache = isLanding ? "private, no-store" : "max-age=60";
      assert.equal(answer.headers["cache-control"], cache);
      if (isLanding) pathSet(answer.headers["set-cookie"], CLICK_KEYS);
      else assert.equal(answer.headers["set-cookie"], undefined);
    }
  });
}

test("a landing page keeps the shop's cookies, and no cache keeps it", async () => {
  shop = (_, response) =>
    response
      .writeHead(200, {
        "set-cookie": ["basket=7; Path=/", "seen=1"],
        "cache-control": "public, s-maxage=600",
        "cdn-cache-control": "max-age=600",
        "cloudflare-cdn-cache-control": "max-age=600",
        "surrogate-control": "max-age=600",
        expires: "Thu, 01 Jan 2099 00:00:00 GMT",
        vary: "accept-encoding",
      })
      .end("page");
  const { headers, body } = await front.visit("/?partner=ana");
  assert.equal(body.toString(), "page");
  const [basket, seen, path] = headers["set-cookie"] ?? [];
  assert.deepEqual([basket, seen], ["basket=7; Path=/", "seen=1"]);
  assert.equal(pathSet([path], CLICK_KEYS)[0].partner, "ana");
  assert.equal(headers["cache-control"], "private, no-store");
  const kept = Object.keys(headers).filter((name) => /cdn|surrogate|expires/.test(name));
  assert.deepEqual(kept, []);
  assert.equal(headers.vary, "accept-encoding");
});

test("a compressed page comes as it is", async () => {
  const gzipped = gzipSync(PAGE);
  shop = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipped);
  for (const path of ["/", "/?partner=ana"]) {
    const { headers, body } = await front.visit(path, { "accept-encoding": "gzip" });
    assert.equal(headers["content-encoding"], "gzip");
    assert.deepEqual(gunzipSync(body), PAGE);
  }
});

test("an upload of megabytes arrives whole", async () => {
  const body = Buffer.alloc(5 << 20, "larch and lantern ");
  await front.ask("/upload", { method: "PUT", body });
  const [seen] = front.seen;
  assert.equal(seen.headers["content-length"], String(body.length));
  assert.equal(digest(seen.body), digest(body));
});

test("bodies flow: neither waits for its end", async () => {
  const first = /** @type {Promise<string>} */ (
    new Promise((arrived) => {
      shop = (request, response) => {
        request.once("data", (chunk) => {
          arrived(chunk.toString());
          // The answer begins while the question goes on.
          response.write("heard ");
        });
        request.on("end", () => response.end("out"));
        request.resume();
      };
    })
  );
  const sent = front.open("/talk", { method: "POST" });
  const answered = responseTo(sent);
  sent.write("hello ");
  assert.equal(await first, "hello ");
  const answer = await answered;
  const heard = await new Promise((resolve) => answer.once("data", resolve));
  assert.equal(String(heard), "heard ");
  sent.end("there");
  const rest = [];
  for await (const chunk of answer) rest.push(chunk);
  assert.equal(Buffer.concat(rest).toString(), "out");
});

test("a web socket passes", async () => {
  front.server.once("upgrade", (request, socket) => {
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    // One unmasked text frame.
    socket.write(Buffer.from([0x81, 5, ...Buffer.from("larch")]));
    front.seen.push(/** @type {any} */ (request.headers));
  });
  const { host } = /** @type {URL} */ (front.url);
  const socket = new WebSocket(`ws://${host}/live`);
  const message = await new Promise((resolve, reject) => {
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = () => reject(new Error("the socket did not open"));
  });
  assert.equal(message, "larch");
  socket.close();
});

test("a shop that does not answer is said to be", async () => {
  const gone = await startFront({ vars: { ORIGIN: "http://127.0.0.1:9", CLICK_KEYS } });
  try {
    for (const path of ["/", "/?partner=ana"]) {
      const { status, headers, body } = await gone.visit(path);
      assert.equal(status, 502);
      assert.equal(headers["content-type"], "application/problem+json");
      const problem = JSON.parse(body.toString());
      assert.equal(problem.type, "/problems/shop-unreachable");
      assert.ok(!body.toString().includes("127.0.0.1"));
    }
  } finally {
    await gone.close();
  }
});

test("each host has its own shop", async () => {
  const ORIGIN = JSON.stringify({ "Shop.example": front.origin });
  const several = await startFront({ vars: { ORIGIN } });
  try {
    assert.equal((await several.ask("/a")).body.toString(), "shop");
    assert.equal((await several.ask("/b", { host: "SHOP.example:8080" })).status, 200);
    assert.deepEqual(front.seen.map(({ path }) => path), ["/a", "/b"]);
    const { status, body } = await several.ask("/", { host: "other.example" });
    assert.equal(status, 404);
    assert.equal(JSON.parse(body.toString()).type, "/problems/unknown-path");
  } finally {
    await several.close();
  }
});

const UNUSABLE = [
  "shop.example",
  "ftp://shop.example",
  "https://shop.example/path",
  "https://shop.example?a",
  "https://secret@shop.example",
  '{"shop.example":"secret"}',
  "{",
];
for (const ORIGIN of UNUSABLE) {
  test(`an origin that cannot be used is named: ${ORIGIN}`, async () => {
    const unusable = await startFront({ vars: { ORIGIN } });
    try {
      const { status, body } = await unusable.ask("/");
      assert.equal(status, 500);
      const problem = JSON.parse(body.toString());
      assert.match(problem.detail, /setting ORIGIN: expected/);
      assert.ok(!problem.detail.includes("secret"));
      // What is ours goes on.
      assert.equal((await unusable.ask("/v1/nothing")).status, 404);
    } finally {
      await unusable.close();
    }
  });
}

/** @param {Uint8Array} bytes */
function digest(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
