/**
 * What a document knows of `<promo-code>`: its element, and the events that come from it.
 * @module
 */

import type { PromoCodeElement } from "./element.js";
import type { PromoCodeEvent } from "./event.js";

/** What the field tells the page. */
type PromoCodeEvents = Record<ConstructorParameters<typeof PromoCodeEvent>[0], PromoCodeEvent>;

declare global {
  interface HTMLElementTagNameMap {
    "promo-code": PromoCodeElement;
  }
  // Events bubble, so that a form, or the document, may listen.
  interface HTMLElementEventMap extends PromoCodeEvents {}
  interface DocumentEventMap extends PromoCodeEvents {}
}
