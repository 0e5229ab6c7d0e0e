/**
 * The Worker with objects that can be looked into: Miniflare asks that of classes that extend the
 * platform's, which those of workers-rs do not.
 * @module
 */

import { DurableObject } from "cloudflare:workers";

import * as product from "../../build/worker/index.js";

export { default } from "../../build/worker/index.js";

/** @param {"OrderObject" | "CapObject"} kind */
function open(kind) {
  return class extends DurableObject {
    /** @param {any} state @param {any} env */
    constructor(state, env) {
      super(state, env);
      this.object = new product[kind](state, env);
    }

    /** @param {Request} request */
    fetch(request) {
      return this.object.fetch(request);
    }

    alarm() {
      return this.object.alarm();
    }
  };
}

export const OrderObject = open("OrderObject");
export const CapObject = open("CapObject");
