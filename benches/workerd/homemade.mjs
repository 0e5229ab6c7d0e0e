/**
 * The peer that decisions are measured against: a table of codes as a shop makes it for itself, one
 * JSON file read into maps. The owner of the first code that is in the table is credited, else the
 * partner who was clicked last. It knows no schedules, patterns, policies or credit groups, gives
 * no reasons and keeps no trace.
 * @module
 */

/**
 * @typedef {object} Table
 * @property {Record<string, {id: string, owner: string}>} codes by their text
 * @property {Record<string, {window_days: number, rate_bps: number}>} partners by id
 */

/**
 * @typedef {object} Order after reading
 * @property {string} order_id
 * @property {string} event_type
 * @property {number} placed_at
 * @property {string[]} promo_codes
 * @property {string} currency
 * @property {number} subtotal_minor
 * @property {number} discount_minor
 * @property {{partner: string, at: number}[]} clicks
 */

const DAY_MS = 86_400_000;

export class HomeMade {
  /** @param {Table} table */
  constructor({ codes, partners }) {
    this.codes = new Map(Object.entries(codes));
    this.partners = new Map(Object.entries(partners));
  }

  /** @param {string} json an order @returns {string} the decision, as JSON */
  decide(json) {
    return this.decideParsed(parseOrder(json));
  }

  /** @param {Order} order @returns {string} the decision, as JSON */
  decideParsed(order) {
    const code = this.firstCode(order);
    const partner = code?.owner ?? this.lastClicked(order);
    const { order_id, event_type, currency } = order;
    const credited = partner && {
      partner,
      basis: code ? "promo_code" : "click",
      code_id: code?.id ?? null,
    };
    const payout = partner && { amount_minor: this.earned(partner, order), currency };
    return JSON.stringify({
      order_id, event_type, code: code?.id ?? null,
      credited: credited ?? null, payout: payout ?? null,
    });
  }

  /** @param {Order} order */
  firstCode({ promo_codes }) {
    for (const text of promo_codes) {
      const code = this.codes.get(text.trim().toLowerCase());
      if (code) return code;
    }
  }

  /** @param {Order} order @returns {string | undefined} */
  lastClicked({ clicks, placed_at }) {
    let last;
    for (const click of clicks) {
      const partner = this.partners.get(click.partner);
      if (!partner || click.at > placed_at) continue;
      if (click.at < placed_at - partner.window_days * DAY_MS) continue;
      if (!last || click.at >= last.at) last = click;
    }
    return last?.partner;
  }

  /** @param {string} partner @param {Order} order in the currency's minor unit, half-up */
  earned(partner, { subtotal_minor, discount_minor }) {
    const rate = this.partners.get(partner)?.rate_bps ?? 0;
    const worth = Math.max(subtotal_minor - discount_minor, 0);
    return Math.floor((worth * rate + 5000) / 10_000);
  }
}

/** @param {string} json @returns {Order} with instants as milliseconds */
export function parseOrder(json) {
  const order = JSON.parse(json);
  const clicks = order.clicks.map((/** @type {{partner: string, at: string}} */ click) => ({
    partner: click.partner,
    at: Date.parse(click.at),
  }));
  return { ...order, placed_at: Date.parse(order.placed_at), clicks };
}
