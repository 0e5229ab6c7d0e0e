/**
 * What a shop says of itself, and which programme each of its channels asks.
 */

import { createPromoEdge, type PromoEdge } from "promo-edge-server";

/** A promo-edge programme. */
export interface ProgramOptions {
  /** Address of the Worker, such as `https://promo.shop.example`. */
  url: string;
  /** The merchant's, with the scope `credit`. */
  token: string;
  /** The programme's id. */
  program: string;
  /** Who signs receipts: the Worker's setting RECEIPT_ISSUER. Left out: the origin of `url`. */
  issuer?: string;
  /** What kind of event an order is; `SALE` by default. */
  eventType?: string;
}

export interface PromoEdgeOptions extends ProgramOptions {
  /** Channels with a programme of their own, by code; null: none. Others have the one above. */
  channels?: Record<string, Partial<ProgramOptions> | null>;
  /** What shoppers read beside the discount; `Promo code` by default. */
  discountName?: string;
  /** How long the coupon step waits for an answer; 3,000 by default. */
  patienceMs?: number;
  /** How long an answer about an unchanged cart is good; 5,000 by default. */
  quoteMaxAgeMs?: number;
  /** How often orders that are not yet in the ledger are tried again; 60,000 by default. */
  sweepMs?: number;
}

/** A programme, as a channel asks it. */
export interface ChannelProgram {
  promo: PromoEdge;
  program: string;
  eventType: string;
}

const DEFAULTS = {
  channels: {},
  discountName: "Promo code",
  patienceMs: 3000,
  quoteMaxAgeMs: 5000,
  sweepMs: 60_000,
};

/** The settings with what was left out, and a client for each programme. */
export class Programs {
  readonly settings: PromoEdgeOptions & typeof DEFAULTS;
  readonly #byChannel = new Map<string, ChannelProgram | null>();

  /** @throws TypeError when a setting is missing: at the start, not at a checkout */
  constructor(options: PromoEdgeOptions) {
    this.settings = { ...DEFAULTS, ...options };
    this.#byChannel.set("", this.#open(options));
    for (const [channel, own] of Object.entries(this.settings.channels)) {
      this.#byChannel.set(channel, own && this.#open({ ...options, ...own }));
    }
  }

  /** The programme of a channel; null when it has none. */
  of(channelCode: string): ChannelProgram | null {
    const own = this.#byChannel.get(channelCode);
    return own === undefined ? (this.#byChannel.get("") ?? null) : own;
  }

  #open({ url, token, program, issuer, eventType = "SALE" }: ProgramOptions): ChannelProgram {
    const promo = createPromoEdge({ url, token, program, issuer });
    return { promo, program, eventType };
  }
}
