/**
 * `<promo-code>` in React's JSX, for TypeScript: `import type {} from "promo-edge/jsx"`, once.
 * @module promo-edge/jsx
 */

import type { DetailedHTMLProps, HTMLAttributes } from "react";

import type { PromoCodeElement } from "./element.js";
import type { PromoCodeEvent } from "./event.js";

/** What React calls the listener of an event: `on` and the event's name. */
type Listeners = {
  [Name in ConstructorParameters<typeof PromoCodeEvent>[0] as `on${Name}`]?: (
    event: PromoCodeEvent,
  ) => void;
};

/**
 * The attributes. Properties, such as `items`, are set on the element: React has rendered before it
 * is one.
 */
export interface PromoCodeAttributes extends HTMLAttributes<PromoCodeElement>, Listeners {
  /** The Worker's `/v1/validate`; default: on this page's own host. */
  endpoint?: string;
  /** ISO 4217. */
  currency?: string;
  /** Sum of the lines before any discount, in minor units. */
  "subtotal-minor"?: number | string;
  /** ISO 3166-1, where the order goes. */
  country?: string;
  "event-type"?: string;
  /** How many codes the order may have: 1 unless said otherwise. */
  "max-codes"?: number | string;
  /** How codes begin that end in a check symbol, with spaces between. */
  "check-symbol"?: string;
}

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "promo-code": DetailedHTMLProps<PromoCodeAttributes, PromoCodeElement>;
    }
  }
}
