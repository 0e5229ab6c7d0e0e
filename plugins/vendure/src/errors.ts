/**
 * Refusals as Vendure's storefronts know them, with promo-edge's reason beside.
 */

import {
  CouponCodeExpiredError,
  CouponCodeInvalidError,
  CouponCodeLimitError,
  type I18nService,
} from "@vendure/core";

export type CouponError = CouponCodeExpiredError | CouponCodeInvalidError | CouponCodeLimitError;

/** When promo-edge does not answer. */
export const UNAVAILABLE = "unavailable";

/** When the code, or another text of it, is on the order already. */
export const APPLIED = "already_applied";

const LIMITS = ["redemptions_exhausted", "customer_redemptions_exhausted"];

/** Where Vendure's own sentence would say something else than is the case. */
const MESSAGES: Record<string, string> = {
  [UNAVAILABLE]: "PROMO_EDGE_UNAVAILABLE_ERROR",
  [APPLIED]: "PROMO_EDGE_APPLIED_ERROR",
  redemptions_exhausted: "PROMO_EDGE_USED_UP_ERROR",
  customer_redemptions_exhausted: "PROMO_EDGE_USED_UP_ERROR",
};

const TEXTS: Record<string, [unavailable: string, usedUp: string, applied: string]> = {
  en: [
    "Codes cannot be checked just now. Please try again in a moment, or order without the code.",
    "This code has been used up.",
    "This code is on your order already.",
  ],
  fr: [
    "Les codes ne peuvent pas être vérifiés pour le moment. Réessayez dans un instant, ou " +
      "commandez sans le code.",
    "Ce code est épuisé.",
    "Ce code est déjà appliqué à votre commande.",
  ],
  de: [
    "Codes können gerade nicht geprüft werden. Bitte versuchen Sie es gleich noch einmal oder " +
      "bestellen Sie ohne den Code.",
    "Dieser Code ist aufgebraucht.",
    "Dieser Code gilt für Ihre Bestellung bereits.",
  ],
  ja: [
    "ただいまコードを確認できません。しばらくしてからもう一度お試しいただくか、コードなしでご注文ください。",
    "このコードは使用回数の上限に達しています。",
    "このコードはすでにご注文に適用されています。",
  ],
  zh: [
    "目前无法验证优惠码。请稍后再试，或不使用优惠码直接下单。",
    "此优惠码已被用完。",
    "此优惠码已用于您的订单。",
  ],
};

/** What a storefront may additionally ask of the three errors. */
export const SCHEMA = [CouponCodeExpiredError, CouponCodeInvalidError, CouponCodeLimitError]
  .map(({ name }) => `extend type ${name} {
    "Why promo-edge refuses the code, such as \`minimum_purchase\`; null when it was not asked"
    promoEdgeReason: String
  }`)
  .join("\n");

/** The error for a reason, as the programme lets shoppers know it. */
export function couponError(couponCode: string, reason: string): CouponError {
  const error = bareError(couponCode, reason);
  const message = MESSAGES[reason] ?? error.message;
  return Object.assign(error, { message, promoEdgeReason: reason });
}

function bareError(couponCode: string, reason: string): CouponError {
  if (reason === "expired") return new CouponCodeExpiredError({ couponCode });
  // How often it might have been used is none of a shopper's affairs: it cannot be now.
  if (LIMITS.includes(reason)) return new CouponCodeLimitError({ couponCode, limit: 0 });
  return new CouponCodeInvalidError({ couponCode });
}

export function addTexts(i18n: I18nService): void {
  for (const [language, [unavailable, usedUp, applied]] of Object.entries(TEXTS)) {
    i18n.addTranslation(language, {
      errorResult: {
        PROMO_EDGE_UNAVAILABLE_ERROR: unavailable,
        PROMO_EDGE_USED_UP_ERROR: usedUp,
        PROMO_EDGE_APPLIED_ERROR: applied,
      },
    });
  }
}
