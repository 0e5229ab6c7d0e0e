/**
 * The Worker with a ledger that fails as it is told: objects whose statements or replies do, a
 * queue that loses messages, a database that is away. Only tests run it.
 * @module
 */

import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

import Product, * as product from "../../build/worker/index.js";

/**
 * What fails, by name: how many times it goes well first, and how many times it then fails.
 *
 * @type {Map<string, [number, number]>}
 */
const faults = new Map();
/** What arrived in the queue of what could not be delivered. @type {string[]} */
const deadLetters = [];

/** @param {string} what */
function fails(what) {
  const [skipped, times] = faults.get(what) ?? [0, 0];
  if (skipped > 0) faults.set(what, [skipped - 1, times]);
  else if (times > 0) faults.set(what, [0, times - 1]);
  return skipped === 0 && times > 0;
}

/**
 * An object of the platform's with some properties that are not its own.
 *
 * @param {any} target
 * @param {Record<string, any>} instead
 */
function with_(target, instead) {
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(instead, name)) return instead[String(name)];
      const value = Reflect.get(target, name);
      // The constructor's name is how the product knows what it has been bound to.
      const isMethod = typeof value === "function" && name !== "constructor";
      return isMethod ? value.bind(target) : value;
    },
  });
}

/** @param {string} kind @param {any} state */
function faultyState(kind, state) {
  const { storage } = state;
  const exec = (/** @type {string} */ statement, /** @type {any[]} */ ...values) => {
    const words = statement.trim().split(/\s+/).slice(0, 3).join(" ");
    if (fails(`${kind} ${words}`)) throw new Error("the disk is full");
    return storage.sql.exec(statement, ...values);
  };
  const sql = with_(storage.sql, { exec });
  return with_(state, { storage: with_(storage, { sql }) });
}

/** @param {any} env */
function faultyEnv(env) {
  const queue = {
    /** @param {string} message @param {object} options */
    async send(message, options) {
      if (!fails("queue")) await env.REPORTS_QUEUE.send(message, options);
    },
  };
  const statement = (/** @type {any} */ real) =>
    with_(real, {
      bind: (/** @type {any[]} */ ...values) => statement(real.bind(...values)),
      run: async () => {
        if (fails("reports")) throw new Error("D1_ERROR: no such host");
        return real.run();
      },
    });
  const prepare = (/** @type {string} */ query) => statement(env.REPORTS.prepare(query));
  return { ...env, REPORTS_QUEUE: queue, REPORTS: with_(env.REPORTS, { prepare }) };
}

/** @param {"OrderObject" | "CapObject"} kind */
function faultyObject(kind) {
  return class extends DurableObject {
    /** @param {any} state @param {any} env */
    constructor(state, env) {
      super(state, env);
      this.storage = state.storage;
      this.object = new product[kind](faultyState(kind, state), faultyEnv(env));
      /** @type {(() => void)[]} */
      this.late = [];
    }

    /** @param {Request} request */
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/alarm-at") return Response.json(await this.storage.getAlarm());
      if (fails(`${kind} question ${pathname}`)) throw new Error("lost on the way there");
      // Overtaken by the question what became of it.
      if (fails(`${kind} late ${pathname}`)) await new Promise((go) => this.late.push(() => go(0)));
      const answer = await this.object.fetch(request);
      if (pathname === "/settle") for (const go of this.late.splice(0)) go();
      if (fails(`${kind} reply ${pathname}`)) throw new Error("lost on the way back");
      return answer;
    }

    alarm() {
      return this.object.alarm();
    }
  };
}

export const OrderObject = faultyObject("OrderObject");
export const CapObject = faultyObject("CapObject");

export default class extends WorkerEntrypoint {
  /** @param {Request} request */
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/test/faults") {
      faults.clear();
      deadLetters.length = 0;
      for (const [what, times] of Object.entries(await request.json())) faults.set(what, times);
      return Response.json(null);
    }
    if (pathname === "/test/dead-letters") return Response.json(deadLetters);
    if (pathname === "/test/alarm-at") {
      const object = this.env[searchParams.get("kind")].getByName(searchParams.get("name"));
      return object.fetch("https://ledger/alarm-at");
    }
    return new Product(this.ctx, this.env).fetch(request);
  }

  /** @param {any} batch */
  async queue(batch) {
    if (batch.queue === "promo-edge-dead-letters") {
      for (const { body } of batch.messages) deadLetters.push(body);
      return;
    }
    await new Product(this.ctx, faultyEnv(this.env)).queue(batch);
  }
}
