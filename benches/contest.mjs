/**
 * Contenders against each other in one run: whatever slows this machine down slows all of them, so
 * that only ratios of the same round are figures.
 * @module
 */

import { estimate, shuffled } from "./statistics.mjs";

/**
 * Does a thing so many times and says how many milliseconds it took.
 *
 * @typedef {(count: number) => Promise<number>} Contender
 */

/** @typedef {{rounds: number, random: () => number, batch_ms: number}} Settings */

/**
 * Nanoseconds of doing each thing once, round by round. Every contender does as many as fill a
 * batch, in an order that differs from round to round.
 *
 * @template {string} Name
 * @param {Record<Name, Contender>} contenders
 * @param {Settings} settings
 * @param {number} [count_max] most times that a thing is done in a batch
 * @returns {Promise<Record<Name, number[]>>}
 */
export async function contest(contenders, settings, count_max = 400_000) {
  const names = /** @type {Name[]} */ (Object.keys(contenders));
  const counts = new Map();
  for (const name of names) {
    counts.set(name, await fitting(contenders[name], settings.batch_ms, count_max));
  }
  /** @type {any} */
  const nanos = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < settings.rounds; round += 1) {
    for (const name of shuffled(names, settings.random)) {
      const count = counts.get(name);
      nanos[name].push(((await contenders[name](count)) / count) * 1e6);
    }
  }
  return nanos;
}

/**
 * How many times slower one contender is than another, by rounds.
 *
 * @param {number[]} slower
 * @param {number[]} faster
 */
export function ratio(slower, faster) {
  return estimate(slower.map((nanos, round) => nanos / faster[round]));
}

/**
 * A count that takes about so long. Tried in growing steps, which also warms the contender up.
 *
 * @param {Contender} contender
 * @param {number} wanted_ms
 * @param {number} count_max
 */
async function fitting(contender, wanted_ms, count_max) {
  let count = 1;
  for (;;) {
    // The quicker of two: a pause must not pass for a slow contender.
    const took = Math.min(await contender(count), await contender(count));
    if (took >= wanted_ms / 2 || count >= count_max) {
      const fit = Math.round((count * wanted_ms) / Math.max(took, 0.1));
      return Math.max(1, Math.min(fit, count_max));
    }
    count = Math.min(count * 4, count_max);
  }
}
