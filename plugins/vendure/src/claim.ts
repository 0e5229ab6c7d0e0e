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
}

export interface Claim {
  /** Code of the channel that it was placed in. */
  channel: string;
  order: Order;
  lines: ClaimedLine[];
  /** What the lines cost with tax, in Vendure's unit: what refunded amounts are a part of. */
  total: number;
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
  }));
  return {
    channel: facts.channel,
    lines,
    total: bought.reduce((sum, line) => sum + line.proratedLinePriceWithTax, 0),
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
 * What is to be true of an order now. Units that were cancelled or refunded are gone, once; a
 * refund that names no units takes its part of all that is left.
 */
export function wantedOf(claim: Claim, order: VendureOrder, refunds: Refund[]): Wanted {
  if (order.state === "Cancelled") return { kind: "reversed" };
  const paid = refunds.filter(({ state }) => state !== "Failed");
  const share = shareLeft(claim, paid.filter(({ lines }) => lines.length === 0));
  const left = claim.lines.map((line) => {
    const units = Math.min(unitsLeft(line, order), line.quantity - refundedUnits(line, paid));
    const part = (Math.max(units, 0) / line.quantity) * share;
    return {
      price_minor: Math.round(line.price_minor * part),
      discount_minor: Math.round(line.discount_minor * part),
    };
  });
  const subtotal_minor = sum(left, "price_minor");
  if (subtotal_minor >= claim.order.subtotal_minor) return { kind: "recorded" };
  return { kind: "adjusted", subtotal_minor, discount_minor: sum(left, "discount_minor") };
}

function unitsLeft({ id }: ClaimedLine, order: VendureOrder): number {
  return order.lines.find((line) => String(line.id) === id)?.quantity ?? 0;
}

function refundedUnits({ id }: ClaimedLine, refunds: Refund[]): number {
  const lines = refunds.flatMap((refund) => refund.lines);
  const own = lines.filter(({ orderLineId }) => String(orderLineId) === id);
  return own.reduce((units, { quantity }) => units + quantity, 0);
}

/** Between 0 and 1. */
function shareLeft({ total }: Claim, refunds: Refund[]): number {
  const refunded = refunds.reduce((amount, { total, shipping }) => amount + total - shipping, 0);
  return total > 0 ? Math.max(total - refunded, 0) / total : 1;
}

function sum<K extends string>(rows: Record<K, number>[], field: K): number {
  return rows.reduce((total, row) => total + row[field], 0);
}
