/**
 * The contests' Worker on workerd, and the time that its requests take.
 * @module
 */

import { createTestHarness, unstable_readConfig } from "wrangler";

import { at, root } from "../tools/project.mjs";
import { clockOf } from "./clock.mjs";
import { estimate } from "./statistics.mjs";

/** Requests that do nothing, for what a request costs by itself. */
const IDLE_REQUESTS = 25;

export class Arena {
  /** @param {ReturnType<typeof createTestHarness>} harness @param {URL} url */
  constructor(harness, url) {
    this.harness = harness;
    this.url = url;
    this.idle_ms = 0;
    const { clock, kind } = clockOf("workerd");
    this.clock = clock;
    this.clockKind = kind;
  }

  static async open() {
    const { compatibility_date } = unstable_readConfig({ config: at("wrangler.toml") });
    const main = at("benches", "workerd", "contenders.js");
    const harness = createTestHarness({
      root,
      workers: [{ config: { name: "contenders", main, compatibility_date } }],
    });
    const { url } = await harness.listen();
    const arena = new Arena(harness, url);
    await arena.hold("corpus", "none", "none\n");
    await arena.prepare("none", 1, 0);
    const idle = [];
    for (let left = IDLE_REQUESTS; left > 0; left -= 1) {
      idle.push((await arena.post("find/nothing/none")).took_ms);
    }
    arena.idle_ms = estimate(idle).median;
    return arena;
  }

  /**
   * Sends something in, to be held under a name.
   *
   * @param {string} kind one of KINDS in workerd/contenders.js
   * @param {string} name
   * @param {string | Uint8Array<ArrayBuffer>} body
   */
  async hold(kind, name, body) {
    await this.post(`hold/${kind}/${name}`, body);
  }

  /** @param {string} name */
  async drop(name) {
    await this.post(`drop/any/${name}`);
  }

  /**
   * Makes texts of a corpus for the next run.
   *
   * @param {string} corpus
   * @param {number} count
   * @param {number} first
   */
  async prepare(corpus, count, first) {
    await this.post(`prepare/any/${corpus}?first=${first}&count=${count}`);
  }

  /**
   * A contender: look-ups of new texts of a corpus, or decisions of them. Each time the texts begin
   * elsewhere in it.
   *
   * @param {string} kind
   * @param {string} name of what the texts are looked up in
   * @param {string} corpus
   * @param {() => number} random
   * @returns {import("./contest.mjs").Contender}
   */
  finder(kind, name, corpus, random) {
    return async (count) => {
      await this.prepare(corpus, count, Math.floor(random() * 1e6));
      return this.timed(`find/${kind}/${name}`);
    };
  }

  /**
   * A contender: what needs no texts, such as opening.
   *
   * @param {string} kind
   * @param {string} name of what is opened or asked
   * @returns {import("./contest.mjs").Contender}
   */
  repeater(kind, name) {
    return (count) => this.timed(`repeat/${kind}/${name}?count=${count}`);
  }

  /**
   * What a contender answers to each text of a corpus.
   *
   * @param {string} kind
   * @param {string} name
   * @param {string} corpus one line a text
   * @returns {Promise<any[]>}
   */
  async answers(kind, name, corpus) {
    await this.hold("corpus", "corpus", corpus);
    return (await this.post(`answers/${kind}/${name}`)).body;
  }

  close() {
    return this.harness.close();
  }

  /**
   * @param {string} path @returns {Promise<number>} milliseconds, without those of an idle request
   */
  async timed(path) {
    const { took_ms } = await this.post(path);
    return Math.max(took_ms - this.idle_ms, 0.001);
  }

  /** @param {string} path @param {string | Uint8Array<ArrayBuffer>} [body] */
  async post(path, body) {
    const started = this.clock();
    const response = await fetch(new URL(path, this.url), { method: "POST", body });
    const text = await response.text();
    const took_ms = this.clock() - started;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 500)}`);
    return { body: JSON.parse(text), took_ms };
  }
}
