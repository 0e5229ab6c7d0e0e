/**
 * What the attributes of the field say about the order.
 * @module
 */

/** @typedef {import("./client.js").Cart} Cart */

/** The attributes that a cart is read from. */
export const CART_ATTRIBUTES = ["currency", "subtotal-minor", "country", "event-type"];

/**
 * @param {HTMLElement} element
 * @param {Cart["items"]} items
 * @returns {Cart}
 */
export function readCart(element, items) {
  const subtotal = Number.parseInt(element.getAttribute("subtotal-minor") ?? "", 10);
  return {
    currency: element.getAttribute("currency") ?? undefined,
    subtotal_minor: subtotal >= 0 ? subtotal : undefined,
    country: element.getAttribute("country") ?? undefined,
    event_type: element.getAttribute("event-type") ?? undefined,
    items,
  };
}
