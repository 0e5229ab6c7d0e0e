/**
 * Medians, their intervals, and an order that is random and can be had again.
 * @module
 */

/**
 * @typedef {object} Estimate
 * @property {number} median
 * @property {number} low lower end of the 95 % interval of the median
 * @property {number} high its upper end
 */

/**
 * The median and its 95 % interval by order statistics: no assumption about how the values are
 * spread.
 *
 * @param {number[]} values
 * @returns {Estimate}
 */
export function estimate(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const size = sorted.length;
  const middle = Math.floor(size / 2);
  const median = size % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  const outer = outerRanks(size);
  return { median, low: sorted[outer], high: sorted[size - 1 - outer] };
}

/**
 * How many values at each end lie outside the interval: the most for which the chance that as few
 * fall on one side of the median is at most 2.5 %.
 *
 * @param {number} size
 */
function outerRanks(size) {
  let term = 0.5 ** size;
  let below = term;
  let rank = 0;
  while (below <= 0.025) {
    rank += 1;
    term *= (size - rank + 1) / rank;
    below += term;
  }
  return Math.max(rank - 1, 0);
}

/** @param {Estimate} estimate whether the interval is within 10 % of the median */
export function isTight({ median, low, high }) {
  return high <= median * 1.1 && low >= median * 0.9;
}

/**
 * Numbers from 0 to 1, the same for the same seed (mulberry32).
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {() => number} random
 * @returns {T[]} in another order
 */
export function shuffled(items, random) {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}
