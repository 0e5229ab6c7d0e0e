/**
 * The Worker with a KV that fails as it is told and keeps a list of what it was asked. Only tests
 * run it.
 * @module
 */

import { WorkerEntrypoint } from "cloudflare:workers";

import Product from "../../build/worker/index.js";

export { CapObject, OrderObject } from "../../build/worker/index.js";

/** @typedef {"throws" | "hangs" | "is empty"} Fault */

/** What happens to reads of keys that begin so. @type {Map<string, Fault>} */
const faults = new Map();
/** @type {{key: string, type: string, cacheTtl: number}[]} */
let reads = [];

/** @param {any} kv */
function faulty(kv) {
  return {
    /** @param {string} key @param {{type: string, cacheTtl: number}} options */
    async get(key, options) {
      reads.push({ key, ...options });
      const [, fault] = [...faults].find(([prefix]) => key.startsWith(prefix)) ?? [];
      if (fault === "throws") throw new Error("KV GET failed: 500 Internal Server Error");
      if (fault === "hangs") return new Promise(() => {});
      return fault === "is empty" ? null : kv.get(key, options);
    },
  };
}

export default class extends WorkerEntrypoint {
  /** @param {Request} request */
  fetch(request) {
    const env = { ...this.env, SNAPSHOTS: faulty(this.env.SNAPSHOTS) };
    return new Product(this.ctx, env).fetch(request);
  }

  /** @param {Record<string, Fault>} now */
  setFaults(now) {
    faults.clear();
    for (const [prefix, fault] of Object.entries(now)) faults.set(prefix, fault);
  }

  /** What was read since this was last asked. */
  takeReads() {
    const taken = reads;
    reads = [];
    return taken;
  }
}
