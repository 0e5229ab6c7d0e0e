/**
 * What an order keeps of promo-edge: the outcome for the Admin API, and what has to be sent, which
 * nobody sees. Shoppers see none of it.
 */

import { LanguageCode, type CustomFieldConfig, type Order } from "@vendure/core";

/** Whether the ledger has all that it has to know of an order. */
export type Standing = "waiting" | "settled" | "refused";

export interface OrderFields {
  /** A {@link "./claim.js".Claim} as JSON; null when nothing is to be recorded. */
  promoEdgeClaim: string | null;
  /** Another one whenever the ledger has to hear of something. */
  promoEdgeRevision: string | null;
  promoEdgeStanding: Standing | null;
  promoEdgeOutcome: string | null;
  promoEdgePartner: string | null;
  promoEdgePayout: number | null;
  promoEdgeReceipt: string | null;
  promoEdgeTrouble: string | null;
}

const shown = (name: keyof OrderFields, type: "string" | "text" | "int", label: string) =>
  ({
    name,
    type,
    nullable: true,
    public: false,
    readonly: true,
    label: [{ languageCode: LanguageCode.en, value: label }],
  }) as CustomFieldConfig;

export const ORDER_FIELDS: CustomFieldConfig[] = [
  { name: "promoEdgeClaim", type: "text", nullable: true, internal: true },
  { name: "promoEdgeRevision", type: "string", nullable: true, internal: true },
  shown("promoEdgeStanding", "string", "promo-edge: standing"),
  shown("promoEdgeOutcome", "string", "promo-edge: outcome"),
  shown("promoEdgePartner", "string", "promo-edge: credited partner"),
  shown("promoEdgePayout", "int", "promo-edge: payout, in the currency's minor unit"),
  shown("promoEdgeReceipt", "text", "promo-edge: receipt"),
  shown("promoEdgeTrouble", "text", "promo-edge: why it is not recorded"),
];

/** The fields of an order. */
export function fieldsOf(order: Order): OrderFields {
  return order.customFields as OrderFields;
}
