/**
 * The Worker with objects whose storage tests can look into. Only tests run it.
 * @module
 */

import { DurableObject } from "cloudflare:workers";

import * as product from "../../build/worker/index.js";

export { default } from "../../build/worker/index.js";

/** @param {new (ctx: any, env: any) => any} Product the objects as they are deployed */
const watched = (Product) =>
  class extends DurableObject {
    /** @param {any} ctx @param {any} env */
    constructor(ctx, env) {
      super(ctx, env);
      this.product = new Product(ctx, env);
    }

    /** @param {Request} request */
    fetch(request) {
      return this.product.fetch(request);
    }

    alarm() {
      return this.product.alarm();
    }
  };

export const OrderObject = watched(product.OrderObject);
export const CapObject = watched(product.CapObject);
