/**
 * `<promo-code>` in React's JSX, for TypeScript: `import type {} from "promo-edge/jsx"`, once.
 * @module promo-edge/jsx
 */

import type { DetailedHTMLProps, HTMLAttributes } from "react";

import type { Cart } from "./client.js";
import type { PromoCodeElement } from "./element.js";
import type { PromoCodeEvent } from "./event.js";

/** What React calls the listener of an event: `on` and the event's name. */
type Listeners = {
  [Name in ConstructorParameters<typeof PromoCodeEvent>[0] as `on${Name}`]?: (
    event: PromoCodeEvent,
  ) => void;
};

/** The attributes, and the properties that React sets as such. */
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
  /** The lines of the order. */
  items?: Cart["items"];
  /** Texts that replace the package's own, by key. */
  messages?: PromoCodeElement["messages"];
}

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "promo-code": DetailedHTMLProps<PromoCodeAttributes, PromoCodeElement>;
    }
  }
}
