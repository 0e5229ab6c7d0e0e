/**
 * A small programme with a code for every answer.
 *
 * Shoppers are judged by the clock, so what is over here was over long ago, and what is to come is
 * far off.
 * @module
 */

const ENDED = "2001-01-01T00:00:00Z";
const TO_COME = "9001-01-01T00:00:00Z";

/**
 * @param {object} [program] settings to change
 * @param {object[]} [codes] more codes
 */
export function catalog(program = {}, codes = []) {
  return {
    program: {
      id: "1000", name: "Acme", currency: "USD", time_zone: "UTC", tracking: true, ...program,
    },
    event_types: [{ id: "SALE", promo_codes: true }, { id: "LEAD", promo_codes: false }],
    partners: [
      { id: "ana", name: "Ana", kind: "partner", contracts: [contract()] },
      { id: "ben", name: "Ben", kind: "partner", contracts: [contract()] },
    ],
    deals: [
      deal("ten", {}),
      deal("euro", { currency: "EUR" }),
      deal("france", { countries: ["FR"] }),
      deal("first", { first_order_only: true }),
      deal("vip", { segments: ["vip"] }),
      deal("large", { minimum_purchase_minor: 5000 }),
      deal("many", { minimum_quantity: 3 }),
      deal("shoes", { scope: "category", categories: ["shoes"] }),
    ],
    codes: [
      code("SAVE10", { deal: "ten", public: true }),
      code("BEN15", { owner: "ben" }),
      code("SOON", { start_at: TO_COME }),
      code("OVER", { end_at: ENDED }),
      code("ONCE", { max_redemptions_per_customer: 1 }),
      ...["euro", "france", "first", "vip", "large", "many", "shoes"].map((deal) =>
        code(deal.toUpperCase(), { deal }),
      ),
      code("VÅR20", {}),
      code("^SUMMER[0-9]{2}$", { id: "summer", match_type: "regex", owner: "ben" }),
      { id: "staff", code: "STAFF50", kind: "restricted", match_type: "exact", created_at: ENDED },
      ...codes,
    ],
  };
}

/** @param {string} text @param {object} rest */
export function code(text, rest) {
  const own = { kind: "tracking", match_type: "exact", credit_policy: "always", owner: "ana" };
  return { id: text.toLowerCase(), code: text, created_at: ENDED, ...own, ...rest };
}

function contract() {
  return { id: "k1", event_types: ["SALE"], payout: { default: { rate_bps: 500 } } };
}

/** @param {string} id @param {object} rest */
function deal(id, rest) {
  const discount = { kind: "percent", bps: 1000 };
  return { id, name: "10 % off", type: "general_sale", scope: "entire_store", discount, ...rest };
}
