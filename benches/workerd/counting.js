/**
 * The Worker, counting what the platform would charge for.
 * @module
 */

import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

import Product, * as product from "../../build/worker/index.js";

/** @type {Record<string, number>} */
let counts = {};
/** Statements that were run; how many rows each read and wrote it knows once it is read. */
let cursors = /** @type {{kind: string, cursor: any}[]} */ ([]);

/** @param {string} what @param {number} [by] */
function count(what, by = 1) {
  counts[what] = (counts[what] ?? 0) + by;
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
function countedState(kind, state) {
  const { storage } = state;
  const exec = (/** @type {any[]} */ ...args) => {
    const cursor = storage.sql.exec(...args);
    cursors.push({ kind, cursor });
    return cursor;
  };
  const setAlarm = (/** @type {number} */ at) => {
    count(`${kind}_alarms_set`);
    return storage.setAlarm(at);
  };
  const deleteAlarm = () => {
    count(`${kind}_alarms_deleted`);
    return storage.deleteAlarm();
  };
  const sql = with_(storage.sql, { exec });
  return with_(state, { storage: with_(storage, { sql, setAlarm, deleteAlarm }) });
}

/** @param {any} env */
function countedEnv(env) {
  const send = (/** @type {any[]} */ ...args) => {
    count("queue_messages");
    return env.REPORTS_QUEUE.send(...args);
  };
  const get = (/** @type {any[]} */ ...args) => {
    count("kv_reads");
    return env.SNAPSHOTS.get(...args);
  };
  const statement = (/** @type {any} */ real) =>
    with_(real, {
      bind: (/** @type {any[]} */ ...values) => statement(real.bind(...values)),
      run: async () => {
        const ran = await real.run();
        count("d1_rows_written", ran.meta.rows_written);
        count("d1_rows_read", ran.meta.rows_read);
        return ran;
      },
    });
  const prepare = (/** @type {string} */ query) => statement(env.REPORTS.prepare(query));
  return {
    ...env,
    REPORTS_QUEUE: with_(env.REPORTS_QUEUE, { send }),
    SNAPSHOTS: with_(env.SNAPSHOTS, { get }),
    REPORTS: with_(env.REPORTS, { prepare }),
  };
}

/** @param {"OrderObject" | "CapObject"} name @param {string} kind */
function counted(name, kind) {
  return class extends DurableObject {
    /** @param {any} state @param {any} env */
    constructor(state, env) {
      super(state, env);
      this.object = new product[name](countedState(kind, state), countedEnv(env));
    }

    /** @param {Request} request */
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/alarm-at") return Response.json(await this.ctx.storage.getAlarm());
      count(`${kind}_requests`);
      return this.object.fetch(request);
    }

    alarm() {
      count(`${kind}_alarms`);
      return this.object.alarm();
    }
  };
}

export const OrderObject = counted("OrderObject", "order");
export const CapObject = counted("CapObject", "cap");

export default class extends WorkerEntrypoint {
  /** @param {Request} request */
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/test/counts") return Response.json(taken());
    if (pathname === "/test/alarm-at") {
      const object = this.env[searchParams.get("kind")].getByName(searchParams.get("name"));
      return object.fetch("https://ledger/alarm-at");
    }
    count("worker_requests");
    return new Product(this.ctx, countedEnv(this.env)).fetch(request);
  }

  /** @param {any} batch */
  async queue(batch) {
    count("queue_batches");
    count("queue_deliveries", batch.messages.length);
    await new Product(this.ctx, countedEnv(this.env)).queue(batch);
  }
}

/** What was counted since this was last asked. */
function taken() {
  for (const { kind, cursor } of cursors) {
    count(`${kind}_rows_read`, cursor.rowsRead);
    count(`${kind}_rows_written`, cursor.rowsWritten);
  }
  const all = counts;
  counts = {};
  cursors = [];
  return all;
}
