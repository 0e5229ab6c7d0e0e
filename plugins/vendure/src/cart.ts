/**
 * An order in the making, as promo-edge is asked about it.
 */

import type { Order, OrderLine } from "@vendure/core";
import type { Cart, TrustedFacts } from "promo-edge-server";

import { toMinor } from "./money.js";

/**
 * Lines at the prices of the shelf, as the channel has them: thresholds and amounts of deals are
 * what shoppers read, with tax where prices include it.
 */
export function cartOf(order: Order, eventType: string, precision: number): Cart {
  const currency = order.currencyCode;
  const items = linesOf(order).map((line) => ({
    sku: skuOf(line),
    quantity: line.quantity,
    unit_price_minor: toMinor(line.listPrice, currency, precision),
  }));
  const subtotal_minor = items.reduce(
    (sum, { quantity, unit_price_minor }) => sum + quantity * unit_price_minor,
    0,
  );
  const country = order.shippingAddress?.countryCode;
  return { currency, subtotal_minor, country, event_type: eventType, items };
}

/** Lines of which something is left. */
export function linesOf(order: Order): OrderLine[] {
  return order.lines.filter(({ quantity }) => quantity > 0);
}

/** The article of a line. */
export function skuOf(line: OrderLine): string {
  return line.productVariant?.sku ?? String(line.productVariantId);
}

/** What is known of the customer; nothing of one who has not said who it is. */
export function customerFacts(
  customerId: string | number | undefined,
  placedBefore: number,
): TrustedFacts {
  if (customerId === undefined) return {};
  return { customer_id: String(customerId), first_order: placedBefore === 0 };
}
