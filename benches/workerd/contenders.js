/**
 * The contests' arena: a bare Worker that holds snapshots, maps and regular expressions, and does
 * one thing many times in a request. Clocks stand still inside a request, so that time is taken
 * outside.
 * @module
 */

import module from "../../build/bench/bench_bg.wasm";
import {
  Decider,
  Inside,
  JsonMap,
  Orders,
  Outside,
  initSync,
  manifest_of,
  open_manifest,
} from "../../build/bench/bench.js";
import { HomeMade, parseOrder } from "./homemade.mjs";

initSync({ module });

/**
 * Texts of a run are so far apart, a prime number: shoppers do not type codes in the order of the
 * catalogue, in which a map keeps them side by side.
 */
const STRIDE = 7919;

/**
 * Everything that was sent in, by name.
 *
 * @type {Record<string, any>}
 */
const held = {};

/**
 * The texts of the next run: made anew for each, so that no engine has seen them before.
 *
 * @type {string[]}
 */
let texts = [];

/**
 * What can be sent in.
 *
 * @type {Record<string, (request: Request) => Promise<any>>}
 */
const KINDS = {
  corpus: async (request) => corpus(await request.text()),
  text: (request) => request.text(),
  inside: async (request) => Inside.open(new Uint8Array(await request.arrayBuffer())),
  outside: async (request) => Outside.open(new Uint8Array(await request.arrayBuffer())),
  manifest: async (request) => manifest_of(new Uint8Array(await request.arrayBuffer())),
  map: async (request) => new Map(Object.entries(JSON.parse(await request.text()))),
  patterns: async (request) => {
    const patterns = /** @type {[string, string][]} */ (await request.json());
    return patterns.map(([source, flags]) => new RegExp(`^(?:${source})$`, flags));
  },
  decider: async (request) => Decider.open(new Uint8Array(await request.arrayBuffer())),
  homemade: async (request) => new HomeMade(await request.json()),
  orders: async (request) => Orders.parse(await request.text()),
  objects: async (request) => (await request.text()).trimEnd().split("\n").map(parseOrder),
};

/**
 * Looking the texts up, or deciding them. One loop for each, so that each is compiled for what it
 * does. The sum keeps the work from being left out.
 *
 * @type {Record<string, (held: any) => number>}
 */
const LOOK_UPS = {
  nothing() {
    let sum = 0;
    for (const text of texts) sum += text.length;
    return sum;
  },
  map(map) {
    let found = 0;
    for (const text of texts) if (map.get(text) !== undefined) found += 1;
    return found;
  },
  inside(snapshot) {
    let found = 0;
    for (const text of texts) if (snapshot.find(text) >= 0) found += 1;
    return found;
  },
  outside(snapshot) {
    let found = 0;
    for (const text of texts) if (snapshot.find(text) >= 0) found += 1;
    return found;
  },
  patterns(patterns) {
    let found = 0;
    for (const text of texts) {
      for (const pattern of patterns) {
        if (pattern.test(text)) {
          found += 1;
          break;
        }
      }
    }
    return found;
  },
  automata(snapshot) {
    let found = 0;
    for (const text of texts) if (snapshot.find_pattern(text) >= 0) found += 1;
    return found;
  },
  decider(decider) {
    let size = 0;
    for (const text of texts) size += decider.decide(text).length;
    return size;
  },
  homemade(table) {
    let size = 0;
    for (const text of texts) size += table.decide(text).length;
    return size;
  },
};

/**
 * What is done so many times without new texts: opening, and deciding orders that have been read.
 *
 * @type {Record<string, (held: any, index: number) => unknown>}
 */
const REPEATS = {
  manifest: (manifest) => open_manifest(manifest),
  map: (json) => new Map(Object.entries(JSON.parse(json))),
  serde: (json) => JsonMap.open(json).free(),
  decider: (decider, index) => decider.decide_parsed(held.orders, index),
  homemade: (table, index) => table.decideParsed(held.objects[index % held.objects.length]),
};

/**
 * The answer to each text of a corpus: whether it is there, which patterns match, who is credited.
 *
 * @type {Record<string, (held: any, text: string, index: number) => any>}
 */
const ANSWERS = {
  map: (map, text) => map.has(text),
  inside: (snapshot, text) => snapshot.find(text) >= 0,
  outside: (snapshot, text) => snapshot.find(text) >= 0,
  patterns: (patterns, text) => [...patterns.keys()].filter((index) => patterns[index].test(text)),
  automata: (snapshot, text) => [...snapshot.find_patterns(text)],
  decider: (decider, text) => gist(decider.decide(text)),
  homemade: (table, text) => gist(table.decide(text)),
  "decider-parsed": (decider, _, index) => gist(decider.decide_parsed(held.orders, index)),
};

/** What every answer about an order must agree in. @param {string} json */
function gist(json) {
  const { order_id, credited, payout } = JSON.parse(json);
  return [order_id, credited?.partner, credited?.basis, payout?.amount_minor];
}

/**
 * @param {(held: any, index: number) => unknown} act
 * @param {any} of
 * @param {number} count
 */
function repeat(act, of, count) {
  for (let index = 0; index < count; index += 1) act(of, index);
  return count;
}

/** @param {string} text one line a text */
function corpus(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return { text, starts };
}

/**
 * Cuts texts out of a corpus. A short text that is cut out is a new string, without the hash that
 * a map would keep in it.
 *
 * @param {{text: string, starts: number[]}} corpus
 * @param {number} first
 * @param {number} count
 * @param {number} [stride]
 */
function cut({ text, starts }, first, count, stride = 1) {
  const size = starts.length - 1;
  return Array.from({ length: count }, (_, index) => {
    const at = (first + index * stride) % size;
    return text.slice(starts[at], starts[at + 1] - 1);
  });
}

export default {
  /** @param {Request} request */
  async fetch(request) {
    const [, verb, kind, name] = new URL(request.url).pathname.split("/");
    const { searchParams } = new URL(request.url);
    const number = (/** @type {string} */ key) => Number(searchParams.get(key));
    const of = held[name];
    switch (verb) {
      case "hold":
        held[name] = await KINDS[kind](request);
        return Response.json({ held: Object.keys(held) });
      case "drop":
        held[name]?.free?.();
        delete held[name];
        return Response.json({ held: Object.keys(held) });
      case "prepare":
        texts = cut(of, number("first"), number("count"), STRIDE);
        return Response.json({ texts: texts.length });
      case "find":
        return Response.json({ found: LOOK_UPS[kind](of) });
      case "repeat":
        return Response.json({ repeated: repeat(REPEATS[kind], of, number("count")) });
      case "answers": {
        const all = cut(held.corpus, 0, held.corpus.starts.length - 1);
        return Response.json(all.map((text, index) => ANSWERS[kind](of, text, index)));
      }
      default:
        return new Response("no such verb", { status: 404 });
    }
  },
};
