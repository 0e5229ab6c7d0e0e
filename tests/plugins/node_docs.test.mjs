// docs/adopt/node.md as it stands, in an app that has the package as it is packed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { createPromoEdge, orThrow } from "../../plugins/server/index.js";
import { snippets } from "../snippets.mjs";
import { makeApp, pack } from "./app_folder.mjs";
import { ISSUER, PROGRAM, TOKEN, listen, send, startWorkerBefore } from "./local.mjs";

const PAGE = "docs/adopt/node.md";
const JSON_TYPE = { "content-type": "application/json" };

/** @type {ReturnType<typeof makeApp>} */
let app;
/** @type {import("../edge/worker.mjs").Worker} */
let worker;
/** Where the app is to listen. */
let port = 0;

before(async () => {
  const taken = await listen();
  port = taken.port;
  await taken.close();
  worker = await startWorkerBefore(`http://127.0.0.1:${port}`);
  app = makeApp(["plugins/server"]);
  for (const file of ["promo.mjs", "express.mjs", "hono.mjs", "later.mjs"]) {
    app.write(file, snippets(PAGE, `js ${file}`)[0]);
  }
});
after(async () => {
  app.remove();
  await worker.close();
});

const settings = (/** @type {string} */ url) => ({
  PORT: String(port),
  PROMO_EDGE_URL: url,
  PROMO_EDGE_TOKEN: TOKEN,
  PROMO_EDGE_PROGRAM: PROGRAM,
  PROMO_EDGE_ISSUER: ISSUER,
});

/** @param {string} path @param {object} question */
async function post(path, question) {
  const body = JSON.stringify(question);
  return send(worker.url + path, { method: "POST", headers: JSON_TYPE, body });
}

/** @param {string} order_id */
const sale = (order_id) => ({
  order_id, event_type: "SALE", placed_at: new Date().toISOString(), currency: "USD",
  subtotal_minor: 5000, promo_codes: ["OPEN"],
});

for (const name of ["express", "hono"]) {
  test(`${name}: codes, and an order by way of the Worker`, async () => {
    const server = await app.start(`${name}.mjs`, settings(worker.url));
    try {
      const cart = { currency: "USD", subtotal_minor: 10_000, event_type: "SALE" };
      const valid = await post("/coupon", { code: "each", cart, customer: "c1" });
      assert.deepEqual(valid.body, { off: 0 });
      const refused = await post("/coupon", { code: "NOPE", cart });
      assert.deepEqual(refused.body, { error: "not_valid" });
      const id = `doc-${name}`;
      const placed_at = new Date().toISOString();
      const bought = { id, code: "OPEN", promo_code: "OPEN", placed_at, subtotal_minor: 10_000 };
      assert.deepEqual((await post("/checkout", bought)).body, { thanks: id, partner: "ana" });
      const promo = createPromoEdge({ url: worker.url, token: TOKEN, program: PROGRAM });
      assert.equal(orThrow(await promo.find("SALE", id)).credited?.partner, "ana");
      const stored = { ...sale(id), placed_at, subtotal_minor: 10_000 };
      assert.equal(orThrow(await promo.record(stored)).outcome, "already_recorded");
    } finally {
      await server.stop();
    }
  });
}

test("an order that was not in time is sent again; it can be returned and cancelled", async (t) => {
  const said = t.mock.method(console, "error", () => {});
  const { PORT: _, ...env } = settings(worker.url);
  Object.assign(process.env, env);
  const load = (/** @type {string} */ file) =>
    import(pathToFileURL(join(app.folder, file)).href);
  const { onUnrecorded, promo, sendWaiting } = await load("promo.mjs");
  const [slow, refused, other] = ["waited", "refused", "other"].map(sale);
  onUnrecorded(slow, { isPassing: true });
  onUnrecorded(refused, { status: 401, isPassing: false });
  orThrow(await promo.record(other));
  const { error } = await promo.record({ ...other, subtotal_minor: 1 });
  onUnrecorded({ ...other, subtotal_minor: 1 }, error);
  await sendWaiting();
  for (const id of ["waited", "refused"]) {
    assert.equal((await promo.find("SALE", id)).answer.outcome, "found");
  }
  assert.equal(said.mock.callCount(), 3);
  const { cancel, giveBack } = await load("later.mjs");
  assert.equal((await giveBack("waited", { subtotal_minor: 1 })).answer.outcome, "adjusted");
  assert.equal((await cancel("waited")).answer.outcome, "reversed");
});

test("the package has its modules, their types and nothing else", () => {
  const modules = ["checkout", "client", "errors", "express", "hono", "index", "receipt", "shapes"];
  const { names } = pack("plugins/server", app.folder);
  assert.deepEqual(names, [
    "README.md",
    ...modules.map((name) => `build/${name}.d.ts`),
    ...modules.map((name) => `${name}.js`),
    "package.json",
  ].toSorted());
});

test("its types are what a shop in TypeScript sees", () => {
  app.write("shop.ts", `
    import { createPromoEdge, orThrow, type Order } from "promo-edge-server";
    import { promoEdge } from "promo-edge-server/hono";
    const promo = createPromoEdge({ url: "https://x.example", token: "t", program: "1" });
    export const credit = async (order: Order): Promise<string | undefined> =>
      orThrow(await promo.record(order)).credited?.partner;
    export const middleware = promoEdge(promo, { onUnrecorded: ({ order_id }) => order_id });
    // @ts-expect-error A setting is missing.
    createPromoEdge({ url: "https://x.example" });
  `);
  const tsc = join(import.meta.dirname, "../../node_modules/.bin/tsc");
  const flags = ["--ignoreConfig", "--noEmit", "--strict", "--module", "nodenext"];
  const platform = ["--target", "es2024", "--lib", "es2024,dom,dom.iterable", "--types", "node"];
  execFileSync(tsc, [...flags, ...platform, "shop.ts"], { cwd: app.folder, stdio: "pipe" });
});
