/**
 * A whole snapshot, answered where it lies: for a merchant's own pages and servers, never for a
 * shopper's page, because it holds every code.
 * @module promo-edge/validator
 */

import type { Answer, Cart } from "./client.js";
import type { Step } from "./explain.js";

/** A shopper's question. */
export interface ShopperRequest {
  code: string;
  cart?: Cart;
}

/** A question of the merchant's own server, which may say who asks. */
export interface TrustedRequest extends ShopperRequest {
  /** The merchant's name for the customer; left out for a guest. */
  customer_id?: string;
  segments?: string[];
  first_order?: boolean;
  /** The instant to judge at, as RFC 3339 has it. */
  placed_at?: string;
}

/** What a trusted caller hears besides the answer. */
export type TrustedAnswer = Answer & {
  exact_reason: string | null;
  code_id: string | null;
  owner: string | null;
};

/** An order, in the shape of `POST /v1/credit`, which the interface's description has in full. */
export interface Order {
  order_id: string;
  event_type: string;
  placed_at: string;
  currency: string;
  [fact: string]: unknown;
}

/** Who is credited, everybody else's reasons, what it pays, and how it came to this. */
export interface Decision {
  order_id: string;
  event_type: string;
  credited: {
    partner: string;
    basis: string;
    code_id: string | null;
    also_click_winner: boolean;
  } | null;
  reasons: { partner: string | null; reason: string }[];
  unused_codes: string[];
  payout: { amount_minor: number; currency: string; rule: string } | null;
  trace: Step[];
}

/** What `promo build --bundle` writes, opened. */
export class Validator {
  private constructor();
  /**
   * Checks the root's signature, and that the manifest is the one it names.
   *
   * @param bundle what `promo build --bundle` wrote
   * @param key the program's reader key, `per1_...`
   * @throws when the bytes are no bundle of a version that this package reads, or the key is not
   *   its program's
   */
  static open(bundle: Uint8Array, key: string): Validator;
  /**
   * Answers as a trusted `POST /v1/validate`, judged at `placed_at`, else at `at`, else now.
   *
   * @param request or its JSON
   * @throws when it cannot be understood; the error's `problem` is what the Worker would send
   */
  validate(request: TrustedRequest | string, at?: Date | null): TrustedAnswer;
  /** What a shopper who asks this is told. */
  validateForShopper(request: ShopperRequest | string, at?: Date | null): Answer;
  /**
   * Decides an order; records nothing. A click path cannot be verified here and is passed over.
   *
   * @param order or its JSON
   */
  credit(order: Order | string): Decision;
  /** Gives its memory back. */
  free(): void;
}
