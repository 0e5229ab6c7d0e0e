/**
 * Registers `<promo-code>`. The one file of this package that does something when it is imported.
 * @module promo-edge/define
 */

import { PromoCodeElement } from "./element.js";

try {
  PromoCodeElement.define();
} catch (error) {
  // Two copies of this package on one page are no harm: the first one serves both.
  if (!(error instanceof DOMException && error.name === "NotSupportedError")) throw error;
}

export { PromoCodeElement };
