// docs/adopt/vendure.md as it stands, with the plugin as it is packed.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { eventually, startLedger } from "../edge/ledger.mjs";
import { snippets } from "../snippets.mjs";
import { makeApp, pack } from "./app_folder.mjs";
import { PROGRAM, TOKEN } from "./local.mjs";
import { startWithPlugins } from "./vendure.mjs";

const PAGE = "docs/adopt/vendure.md";
const PLUGIN = new URL("../../plugins/vendure/", import.meta.url);

/** @type {ReturnType<typeof makeApp>} */
let app;
/** @type {import("../edge/worker.mjs").Worker} */
let worker;
/** @type {import("./vendure.mjs").Shop} */
let shop;

before(async () => {
  worker = await startLedger();
  app = makeApp(["plugins/vendure"], "plugins/vendure");
  app.write("plugins.ts", snippets(PAGE, "ts plugins.ts")[0]);
  Object.assign(process.env, {
    PROMO_EDGE_URL: worker.url, PROMO_EDGE_TOKEN: TOKEN, PROMO_EDGE_PROGRAM: PROGRAM,
  });
  const { plugins } = await import(pathToFileURL(join(app.folder, "plugins.ts")).href);
  shop = await startWithPlugins(plugins);
});
after(async () => {
  await shop.close();
  app.remove();
  await worker.close();
});

test("the page's settings, and what it has storefronts and the Admin API ask", async () => {
  const shopper = shop.shopper();
  await shopper.add(await shop.addProduct("LAMP", 6400));
  const [apply] = snippets(PAGE, "graphql");
  const { applyCouponCode: refused } = await shopper.ask(apply, { code: "NOPE" });
  assert.deepEqual([refused.__typename, refused.promoEdgeReason], [
    "CouponCodeInvalidError", "not_valid",
  ]);
  const { applyCouponCode: order } = await shopper.ask(apply, { code: "OPEN" });
  assert.deepEqual(order.couponCodes, ["OPEN"]);
  await shopper.introduce("docs@shop.example");
  const { id } = await shopper.pay();
  const [query] = snippets(PAGE, "graphql admin");
  const { order: recorded } = await eventually(
    () => shop.admin(query, { id }),
    ({ order: { customFields } }) => customFields.promoEdgeStanding === "settled",
  );
  assert.equal(recorded.customFields.promoEdgePartner, "ana");
  assert.match(recorded.customFields.promoEdgeReceipt, /^ey/);
});

test("shoppers see nothing of it", async () => {
  const { __type: { fields } } = await shop.shopper().ask(
    '{ __type(name: "Order") { fields { name type { name } } } }',
  );
  const custom = fields.find((/** @type {any} */ { name }) => name === "customFields");
  assert.equal(custom.type.name, "JSON");
});

test("the page names every setting", () => {
  const options = readFileSync(new URL("src/options.ts", PLUGIN), "utf8");
  const names = [...options.matchAll(/^ {2}(\w+)\??: /gm)].map(([, name]) => name);
  const page = readFileSync(new URL("../../docs/adopt/vendure.md", import.meta.url), "utf8");
  assert.ok(names.length > 8);
  for (const name of names) {
    if (name !== "promo") assert.ok(page.includes(`\`${name}\``), name);
  }
});

test("the package has its modules, their types and nothing else", () => {
  const modules = readdirSync(new URL("src/", PLUGIN)).map((file) => file.replace(/\.ts$/, ""));
  const built = modules.flatMap((name) => [`build/${name}.d.ts`, `build/${name}.js`]);
  const { names } = pack("plugins/vendure", app.folder);
  assert.deepEqual(names, ["README.md", "package.json", ...built].toSorted());
});

test("its lock file names no place", () => {
  const lock = JSON.parse(readFileSync(new URL("package-lock.json", PLUGIN), "utf8"));
  const packages = /** @type {{resolved?: string}[]} */ (Object.values(lock.packages));
  const places = packages.flatMap(({ resolved }) => resolved ?? []);
  assert.deepEqual(places, ["file:../server"]);
});
