/**
 * A shop on Vendure that sells lamps and rope, with the real Worker behind a way that can fail, and
 * a programme with deals.
 * @module
 */

import assert from "node:assert/strict";

import { createPromoEdge } from "../../plugins/server/index.js";
import { CATALOG, eventually, startLedger } from "../edge/ledger.mjs";
import { buildSnapshot } from "../edge/snapshots.mjs";
import { ISSUER, PROGRAM, TOKEN, startLossyWay } from "./local.mjs";
import { startVendure, vendure } from "./vendure.mjs";

const { Order, TransactionalConnection } = vendure;

/** In Vendure's unit, without tax. */
export const LAMP_PRICE = 6400;
export const ROPE_PRICE = 999;
export const TAX = 1.2;

/** The ledger's programme with deals, and reasons that shoppers may know. */
export function catalog() {
  const deal = (/** @type {string} */ id, /** @type {object} */ more) => ({
    id, name: id, type: "general_sale", scope: "entire_store", currency: "USD", ...more,
  });
  const code = (/** @type {string} */ id, /** @type {object} */ more) => ({
    id, code: id.toUpperCase(), match_type: "exact", credit_policy: "always", owner: "ana", ...more,
  });
  const tenth = { discount: { kind: "percent", bps: 1000 } };
  return {
    ...CATALOG,
    program: { ...CATALOG.program, public_reasons: "detailed" },
    deals: [
      deal("tenth", { ...tenth, currency: undefined }),
      deal("five", { discount: { kind: "fixed", amount_minor: 500 } }),
      deal("large", { ...tenth, minimum_purchase_minor: 10_000 }),
      deal("first", { ...tenth, first_order_only: true }),
      deal("ship", { type: "free_shipping" }),
    ],
    codes: [
      ...CATALOG.codes,
      code("ten", { deal: "tenth" }),
      code("off5", { deal: "five" }),
      code("big", { deal: "large" }),
      code("hello", { deal: "first" }),
      code("sent", { deal: "ship" }),
      code("over", { deal: "tenth", end_at: "2001-01-01T00:00:00Z" }),
      code("vip", { code: "VIP-[0-9]+", match_type: "regex", deal: "tenth" }),
      code("single", { deal: "tenth", max_redemptions: 1 }),
    ],
  };
}

/** Starts all of it. */
export async function openShop() {
  const worker = await startLedger({ vars: { RECEIPT_ISSUER: ISSUER } });
  await worker.publish(buildSnapshot(catalog()), 2);
  const way = await startLossyWay(worker.url);
  const known = { token: TOKEN, program: PROGRAM, issuer: ISSUER };
  const shop = await startVendure({
    url: way.url, ...known, channels: { elsewhere: null }, quoteMaxAgeMs: 0, sweepMs: 200,
  });
  return new LampShop({
    worker,
    way,
    shop,
    promo: createPromoEdge({ url: worker.url, ...known }),
    lamp: await shop.addProduct("LAMP", LAMP_PRICE),
    rope: await shop.addProduct("ROPE", ROPE_PRICE),
  });
}

/**
 * @typedef {object} Parts
 * @property {import("../edge/worker.mjs").Worker} worker
 * @property {Awaited<ReturnType<typeof startLossyWay>>} way
 * @property {import("./vendure.mjs").Shop} shop
 * @property {import("../../plugins/server/index.js").PromoEdge} promo which asks the Worker itself
 * @property {{id: string, productId: string}} lamp
 * @property {{id: string, productId: string}} rope
 */

class LampShop {
  #guests = 0;

  /** @param {Parts} parts */
  constructor({ worker, way, shop, promo, lamp, rope }) {
    this.worker = worker;
    this.way = way;
    this.shop = shop;
    this.promo = promo;
    this.lamp = lamp;
    this.rope = rope;
  }

  /** Somebody with lamps in the cart. @param {number} [quantity] */
  async shopperWith(quantity = 1) {
    const shopper = this.shop.shopper();
    const { lines: [{ id }] } = await shopper.add(this.lamp, quantity);
    return { shopper, line: /** @type {string} */ (id) };
  }

  /**
   * Places an order of lamps with these codes.
   *
   * @param {string[]} codes
   * @param {number} [quantity]
   */
  async place(codes, quantity = 1) {
    const { shopper } = await this.shopperWith(quantity);
    for (const code of codes) assert.equal((await shopper.apply(code)).__typename, "Order", code);
    this.#guests += 1;
    await shopper.introduce(`guest${this.#guests}@shop.example`);
    const order = await shopper.pay();
    assert.equal(order.state, "PaymentSettled", JSON.stringify(order));
    return order;
  }

  /** An order, when the ledger has heard all of it. @param {string} id */
  async settled(id) {
    return eventually(
      () => this.shop.order(id),
      ({ customFields }) => customFields.promoEdgeStanding !== "waiting",
    );
  }

  /** A code that Vendure knows itself, for half of the order. @param {string} couponCode */
  async addOwnCode(couponCode) {
    await this.shop.admin(
      "mutation ($input: CreatePromotionInput!) { createPromotion(input: $input) { __typename } }",
      {
        input: {
          enabled: true, couponCode, conditions: [],
          translations: [{ languageCode: "en", name: couponCode }],
          actions: [{
            code: "order_percentage_discount", arguments: [{ name: "discount", value: "50" }],
          }],
        },
      },
    );
  }

  /** Orders as the database has them. */
  get orders() {
    return this.shop.app.get(TransactionalConnection).rawConnection.getRepository(Order);
  }

  /** Writes to an order behind everybody's back. @param {string} id @param {object} fields */
  async setOrder(id, fields) {
    await this.orders.update(id, fields);
  }

  /** What nobody is shown as well. @param {string} id @returns {Promise<any>} */
  async fields(id) {
    return (await this.orders.findOneByOrFail({ id })).customFields;
  }

  /**
   * Rows like that of an order.
   *
   * @param {string} id
   * @param {number} count
   * @param {object} customFields
   * @returns {Promise<string[]>} their ids
   */
  async copyOrder(id, count, customFields) {
    const order = await this.orders.findOneByOrFail({ id });
    const { currencyCode, shippingAddress, billingAddress, state, couponCodes } = order;
    const row = {
      currencyCode, shippingAddress, billingAddress, state, couponCodes, subTotal: 0,
      subTotalWithTax: 0,
    };
    const rows = Array.from({ length: count }, (_, index) => ({
      ...row, code: `COPY${id}-${index}`, customFields: { ...order.customFields, ...customFields },
    }));
    await this.orders.insert(rows);
    const where = rows.map(({ code }) => ({ code }));
    const copies = await this.orders.find({ where, order: { id: "ASC" } });
    return copies.map((/** @type {{id: number}} */ { id }) => String(id));
  }

  /** @param {string[]} ids */
  async removeOrders(ids) {
    await this.orders.delete(ids);
  }

  /** What the plugin does with orders, in the server that runs. */
  async ledger() {
    const module = new URL("../../plugins/vendure/build/ledger.js", import.meta.url);
    const { Ledger } = await import(module.href);
    return this.shop.app.get(Ledger);
  }

  async close() {
    await this.shop.close();
    await this.way.close();
    await this.worker.close();
  }
}
