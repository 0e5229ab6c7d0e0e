/**
 * A shop's server, once with each framework: its checkout places an order, has it recorded and says
 * what it was told.
 * @module
 */

import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";

import { promoEdge as forExpress } from "../../plugins/server/express.js";
import { promoEdge as forHono } from "../../plugins/server/hono.js";
import { order } from "../edge/ledger.mjs";

/** @typedef {import("../../plugins/server/index.js").Arrival} Arrival */
/** @typedef {import("../../plugins/server/index.js").CheckoutOptions} CheckoutOptions */
/** @typedef {import("../../plugins/server/index.js").PromoEdge} PromoEdge */
// It comes without types.
const { default: express } = await import(/** @type {string} */ ("express"));

/** @typedef {(promo: PromoEdge, options: CheckoutOptions) => any} MakeApp */

/** What a form says. @param {URLSearchParams} form */
const placed = (form) => order(form.get("order") ?? "", { promo_codes: form.getAll("promo_code") });

/** @param {Arrival} arrival @param {string[]} headers names of those that the app can see */
const told = ({ claims, decision, doubt }, headers) => ({
  partner: claims?.partner ?? null,
  code: decision?.code?.typed ?? null,
  doubt,
  seen: headers.filter((name) => name.startsWith("promo")),
});

/** @type {MakeApp} */
function expressApp(promo, options) {
  const app = express();
  app.use(/** @type {any} */ (forExpress(promo, options)));
  app.post("/checkout", express.text({ type: "*/*" }), async (
    /** @type {any} */ req, /** @type {any} */ res,
  ) => {
    const answer = await req.promo.record(placed(new URLSearchParams(req.body)));
    const outcome = answer?.outcome ?? null;
    const names = [req.headers, req.headersDistinct].flatMap((all) => Object.keys(all));
    const raw = req.rawHeaders
      .filter((/** @type {string} */ _, /** @type {number} */ index) => index % 2 === 0)
      .map((/** @type {string} */ name) => name.toLowerCase());
    res.json({ ...told(req.promo, [...names, ...raw]), outcome });
  });
  return app;
}

/** @type {MakeApp} */
function honoApp(promo, options) {
  const app = new Hono();
  app.use("/read/*", async (c, next) => {
    await c.req.text();
    await next();
  });
  app.use(forHono(promo, options));
  app.post("/read/checkout", async (c) => c.text(await c.req.text()));
  app.post("/checkout", async (c) => {
    const arrival = /** @type {Arrival} */ (/** @type {any} */ (c).get("promo"));
    const answer = await arrival.record(placed(new URLSearchParams(await c.req.text())));
    const outcome = answer?.outcome ?? null;
    return c.json({ ...told(arrival, [...c.req.raw.headers.keys()]), outcome });
  });
  return getRequestListener(app.fetch);
}

/** @type {Record<string, MakeApp>} */
export const APPS = { express: expressApp, hono: honoApp };
