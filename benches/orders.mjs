/**
 * Orders to be decided, as a merchant's server sends them.
 * @module
 */

/** Everything is judged at this instant, so that every run decides the same. */
const PLACED_AT = Date.UTC(2026, 9, 1, 12);
/** Clicks go back so far: twice the window of every partner, so that half of them count. */
const CLICK_DAYS = 60;
const DAY_MS = 86_400_000;

/**
 * @typedef {object} Choice what orders are made of
 * @property {number} count of orders
 * @property {number} clicks of each
 * @property {string[]} codes one for each order, in turn
 * @property {string[]} partners who clicked
 * @property {() => number} random
 */

/** @param {Choice} choice @returns {string[]} JSON, each of one line */
export function ordersOf({ count, clicks, codes, partners, random }) {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      order_id: `order-${index}`,
      event_type: "SALE",
      placed_at: new Date(PLACED_AT).toISOString(),
      promo_codes: [codes[index % codes.length]],
      currency: "USD",
      subtotal_minor: 2000 + Math.floor(random() * 30_000),
      discount_minor: Math.floor(random() * 2000),
      clicks: clicksOf(clicks, partners, random),
    }),
  );
}

/**
 * @param {number} count
 * @param {string[]} partners
 * @param {() => number} random
 * @returns {{partner: string, at: string}[]} oldest first
 */
function clicksOf(count, partners, random) {
  const ages = Array.from({ length: count }, () => Math.floor(random() * CLICK_DAYS * DAY_MS));
  return ages
    .sort((a, b) => b - a)
    .map((age) => ({
      partner: partners[Math.floor(random() * partners.length)],
      at: new Date(PLACED_AT - age).toISOString(),
    }));
}
