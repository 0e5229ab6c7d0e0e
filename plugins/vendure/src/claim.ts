/**
 * What is recorded of an order: written down when it is placed, so that it is the same however late
 * and however often it is sent; and what is left of it after refunds.
 */

import type { Order as VendureOrder, Refund } from "@vendure/core";
import type { Order, TrustedFacts } from "promo-edge-server";

import { linesOf, skuOf } from "./cart.js";
import { toMinor } from "./money.js";

/** How many codes of one order the ledger takes. */
const CODES_MAX = 16;

interface ClaimedLine {
  id: string;
  quantity: number;
  /** All units of the line, without tax and before any discount. */
  price_minor: number;
  /** Money off them, without tax. */
  discount_minor: number;
  /** What they cost with tax, in Vendure's unit: what refunded amounts are a part of. */
  total: number;
}

export interface Claim {
  /** Code of the channel that it was placed in. */
  channel: string;
  order: Order;
  lines: ClaimedLine[];
}

/** What is to be true of an order in the ledger. */
export type Wanted =
  | { kind: "recorded" }
  | { kind: "reversed" }
  | { kind: "adjusted"; subtotal_minor: number; discount_minor: number };

export interface ClaimFacts {
  /** Those codes on the order that Vendure does not know itself. */
  codes: string[];
  channel: string;
  eventType: string;
  precision: number;
  customer: Omit<TrustedFacts, "placed_at">;
  clickPath: string | undefined;
}

/** The claim of an order that has just been placed. */
export function claimOf(order: VendureOrder, facts: ClaimFacts): Claim {
  const currency = order.currencyCode;
  const minor = (amount: number) => toMinor(amount, currency, facts.precision);
  const bought = linesOf(order);
  const placedAt = order.orderPlacedAt ?? order.updatedAt;
  const lines = bought.map((line) => ({
    id: String(line.id),
    quantity: line.quantity,
    price_minor: minor(line.linePrice),
    discount_minor: minor(line.linePrice - line.proratedLinePrice),
    total: line.proratedLinePriceWithTax,
  }));
  return {
    channel: facts.channel,
    lines,
    order: {
      order_id: order.code,
      event_type: facts.eventType,
      placed_at: placedAt.toISOString(),
      promo_codes: distinct(facts.codes).slice(0, CODES_MAX),
      ...facts.customer,
      country: order.shippingAddress?.countryCode,
      click_path: facts.clickPath,
      currency,
      subtotal_minor: sum(lines, "price_minor"),
      discount_minor: sum(lines, "discount_minor"),
      items: bought.map((line) => ({
        sku: skuOf(line),
        quantity: line.quantity,
        unit_price_minor: minor(line.unitPrice),
      })),
    },
  };
}

/** Each code once, as it was typed first. */
function distinct(codes: string[]): string[] {
  const folded = codes.map((code) => code.trim().toLowerCase());
  return codes.filter((_, index) => folded.indexOf(folded[index]) === index);
}

/**
 * What is to be true of an order now. Units that were cancelled or refunded are gone, once; money
 * that was given back for no units takes its part of all that is left.
 */
export function wantedOf(claim: Claim, order: VendureOrder, refunds: Refund[]): Wanted {
  if (order.state === "Cancelled") return { kind: "reversed" };
  const { lines } = claim;
  // Money that is promised may not be given: an order hears of it again when it is.
  const given = refunds.filter(({ state }) => state === "Settled");
  const parts = given.map((refund) => partOf(refund, lines));
  const left = lines.map((line) => {
    const refunded = refundedUnits(line, parts);
    const cancelled = line.quantity - unitsLeft(line, order);
    const unpaid = Math.max(cancelled - refunded, 0);
    return { line, units: Math.max(line.quantity - refunded - unpaid, 0), unpaid };
  });
  const total = left.reduce((sum, { line, units }) => sum + units * unitTotal(line), 0);
  // Units that were cancelled are paid back as an amount as well as by their number.
  const owed = left.reduce((sum, { line, unpaid }) => sum + unpaid * unitTotal(line), 0);
  const amount = Math.max(sum(parts, "amount") - owed, 0);
  const share = total > 0 ? Math.max(total - amount, 0) / total : 1;
  const rows = left.map(({ line, units }) => ({
    price_minor: Math.round((line.price_minor * units * share) / line.quantity),
    discount_minor: Math.round((line.discount_minor * units * share) / line.quantity),
  }));
  const subtotal_minor = sum(rows, "price_minor");
  if (subtotal_minor >= claim.order.subtotal_minor) return { kind: "recorded" };
  return { kind: "adjusted", subtotal_minor, discount_minor: sum(rows, "discount_minor") };
}

/** What a refund gives back: units, by the ids of their lines, and an amount beside them. */
interface Part {
  units: Map<string, number>;
  amount: number;
}

/**
 * A refund counts by its money. Vendure writes the same units on each of several refunds that one
 * is spread over, when an order was paid by several payments.
 */
function partOf(refund: Refund, claimed: ClaimedLine[]): Part {
  const goods = goodsOf(refund);
  const named = refund.lines.flatMap(({ orderLineId, quantity }) => {
    const line = claimed.find(({ id }) => id === String(orderLineId));
    return line && quantity > 0 ? [{ line, quantity }] : [];
  });
  const pieces = sum(named, "quantity");
  const worth = named.reduce((sum, { line, quantity }) => sum + quantity * unitTotal(line), 0);
  const share = worth > 0 ? Math.min(goods / worth, 1) : 1;
  const units = named.map(({ line, quantity }) => [line.id, quantity * share] as const);
  const over = Math.max(goods - worth, 0);
  // Vendure rounds the price of each unit.
  return { units: new Map(units), amount: over > pieces ? over : 0 };
}

/** What a refund gives back for goods, not for shipping. */
function goodsOf({ total, items, shipping, adjustment }: Refund): number {
  // Of a refund by prices, each payment's is a part of the whole, which it names.
  if (items > 0) return total * (1 - shipping / (items + shipping + adjustment));
  return Math.max(total - shipping, 0);
}

function unitTotal({ total, quantity }: ClaimedLine): number {
  return total / quantity;
}

function unitsLeft({ id, quantity }: ClaimedLine, order: VendureOrder): number {
  const left = order.lines.find((line) => String(line.id) === id)?.quantity ?? 0;
  return Math.min(left, quantity);
}

/** Whole units where only the rounding of their prices lies between. */
function refundedUnits(line: ClaimedLine, parts: Part[]): number {
  const units = parts.reduce((sum, { units }) => sum + (units.get(line.id) ?? 0), 0);
  const whole = Math.round(units);
  return Math.abs(units - whole) * unitTotal(line) <= whole ? whole : units;
}

function sum<K extends string>(rows: Record<K, number>[], field: K): number {
  return rows.reduce((total, row) => total + row[field], 0);
}
