/**
 * What goes to the Worker and comes back, as its `/openapi.json` has it. Amounts are integers in
 * the currency's minor unit, instants are RFC 3339 texts. Answers may have more fields than these.
 * @module
 */

/**
 * @typedef {object} Item one line of a cart or an order
 * @property {string} sku
 * @property {string | null} [category]
 * @property {number} quantity
 * @property {number} unit_price_minor
 * @property {string | null} [promo_code] kept with the line, never matched
 */
/**
 * @typedef {object} Cart the facts about an order to be, each of which may be left out
 * @property {string | null} [currency] ISO 4217
 * @property {number | null} [subtotal_minor] the lines before any discount, without tax and
 *   shipping
 * @property {string | null} [country] ISO 3166-1, of where the order goes
 * @property {string | null} [event_type] such as `SALE`; left out: the program's only one
 * @property {Item[] | null} [items]
 */
/**
 * @typedef {object} TrustedFacts what only the shop's server knows
 * @property {string | null} [customer_id] left out for a guest
 * @property {string[] | null} [segments]
 * @property {boolean | null} [first_order]
 * @property {string | null} [placed_at] the instant to judge at; left out: now
 */
/**
 * @typedef {object} Quote what an offer is worth on this cart: an amount, or a range
 * @property {string} currency
 * @property {number | null} [amount_minor]
 * @property {number | null} [low_minor]
 * @property {number | null} [high_minor]
 * @property {"free_shipping" | "gift" | "rebate" | null} benefit
 * @property {number[] | null} [lines_minor] the parts of `amount_minor`, one a line
 */
/**
 * @typedef {object} ExactFacts
 * @property {string | null} [exact_reason]
 * @property {string | null} [code_id]
 * @property {string | null} [owner]
 * @property {number | null} [remaining_estimate]
 * @property {{id: string, age_ms: number}} snapshot
 */
/**
 * @typedef {ExactFacts & {valid: true, code: string, quote: Quote | null, unchecked: string[],
 *   deal: {id: string, name: string, type: string} | null}} ValidAnswer
 */
/** @typedef {ExactFacts & {valid: false, reason: string, detail?: string | null}} RefusedAnswer */
/** @typedef {ValidAnswer | RefusedAnswer} ValidateAnswer */
/**
 * @typedef {object} Order each time the same, so that it is one order
 * @property {string} order_id unique for one event type
 * @property {string} event_type
 * @property {string} placed_at everything is judged at this instant
 * @property {string[] | null} [promo_codes] in the order typed
 * @property {string | null} [customer_id]
 * @property {boolean | null} [first_order]
 * @property {string[] | null} [segments]
 * @property {string | null} [country]
 * @property {string | null} [cart_id] whose reservation it uses up
 * @property {string | null} [click_path] the value of the cookie of clicks, as it is
 * @property {string} currency
 * @property {number} subtotal_minor the lines before any discount, without tax and shipping
 * @property {number | null} [discount_minor]
 * @property {Item[] | null} [items]
 * @property {{partner: string, at: string}[] | null} [clicks]
 * @property {string | null} [forced_partner] needs a token with the scope `force`
 */
/**
 * @typedef {object} Decision
 * @property {string} event_type
 * @property {{id: string, typed: string} | null} code
 * @property {{partner: string, basis: "promo_code" | "click" | "forced", code_id: string | null,
 *   also_click_winner: boolean} | null} credited
 * @property {{partner: string | null, reason: string}[]} reasons
 * @property {string[]} unused_codes
 * @property {{step: string, event: string, [fact: string]: string | number | null}[]} trace
 * @property {{id: string}} snapshot
 */
/**
 * @typedef {object} Standing where an order stands
 * @property {string} order_id
 * @property {{amount_minor: number, currency: string, rule: string} | null} payout
 * @property {string | null} receipt null when no key signs
 * @property {"recorded" | "already_recorded" | "found" | "reversed" | "already_reversed"
 *   | "adjusted" | "already_adjusted"} outcome
 * @property {"pending" | "approved" | "reversed" | null} state null when nobody is credited
 * @property {string} recorded_at
 * @property {string | null} approve_at
 * @property {{subtotal_minor: number, discount_minor: number, payout_minor: number | null}} current
 * @property {{at: string, subtotal_minor: number, discount_minor: number,
 *   payout_minor: number | null, reason: string}[]} adjustments
 * @property {{at: string, reason: string} | null} reversed
 */
/** @typedef {Decision & Standing} OrderAnswer */
/**
 * @typedef {object} Left what is left of an order after all refunds so far
 * @property {number} subtotal_minor
 * @property {number} [discount_minor]
 * @property {string} reason
 */
/**
 * @typedef {object} Reservation
 * @property {string} code
 * @property {string} cart_id
 * @property {number} ttl_s 60 to 3,600
 * @property {string | null} [customer_id]
 */
/**
 * @typedef {object} ReservationAnswer
 * @property {boolean} reserved
 * @property {string | null} reason
 * @property {string} cart_id
 * @property {string | null} code_id
 * @property {string | null} expires_at
 */
/**
 * @typedef {object} Problem RFC 9457, with fields that say what to mend
 * @property {string} type
 * @property {string} title
 * @property {number} status
 * @property {string} detail
 * @property {string | null} [path]
 * @property {string | null} [expected]
 * @property {string | null} [got]
 * @property {string | null} [remedy]
 */
/**
 * @typedef {object} Claims what a receipt says
 * @property {"recorded" | "dry_run" | "proxy"} typ
 * @property {string} iss
 * @property {string} aud
 * @property {number} iat
 * @property {number} exp
 * @property {string} jti
 * @property {string} event_type
 * @property {string | null} code_id
 * @property {string | null} partner
 * @property {"promo_code" | "click" | "forced" | null} basis
 * @property {string} snapshot_id
 * @property {string} [order_id] not in a `proxy` receipt, nor what follows
 * @property {string} [currency]
 * @property {number} [subtotal_minor]
 * @property {number} [discount_minor]
 * @property {number | null} [payout_minor]
 */

export {};
