/**
 * Where codes are let onto an order.
 *
 * Vendure asks one method whenever a code has to be good: when it is typed, when the customer
 * becomes known, when the order is paid, and when somebody changes it in the Admin API. A resolver
 * of ours would be the first of these only, and the code would be taken off again by the others. So
 * that method asks promo-edge about the codes that Vendure does not know.
 */

import { Injectable } from "@nestjs/common";
import {
  I18nService,
  Logger,
  Order,
  Promotion,
  PromotionService,
  RequestContext,
  TransactionalConnection,
  isGraphQlErrorResult,
  type ID,
} from "@vendure/core";

import { APPLIED, UNAVAILABLE, addTexts, couponError, type CouponError } from "./errors.js";
import { Programs, type ChannelProgram } from "./options.js";
import { ManagedPromotion } from "./promotion.js";
import { Quotes, codeIdOf, type Question, type ValidAnswer } from "./quotes.js";

/** A code that has to be good. */
interface Case {
  program: ChannelProgram;
  code: string;
  order: Order | null;
  question: Question | undefined;
  isPaid: boolean;
}

@Injectable()
export class CouponGate {
  constructor(
    private programs: Programs,
    private promotions: PromotionService,
    private connection: TransactionalConnection,
    private managed: ManagedPromotion,
    private quotes: Quotes,
    private i18n: I18nService,
  ) {}

  install(): void {
    addTexts(this.i18n);
    const native = this.promotions.validateCouponCode.bind(this.promotions);
    this.promotions.validateCouponCode = async (ctx, code, customerId, paidOrderId) => {
      const own = await native(ctx, code, customerId, paidOrderId);
      const isKnown = !isGraphQlErrorResult(own) || own.__typename !== "CouponCodeInvalidError";
      const program = this.programs.of(ctx.channel.code);
      if (isKnown || !program) return own;
      const orderId = paidOrderId ?? ctx.session?.activeOrderId;
      const order = await this.#order(ctx, orderId);
      const question =
        order === null
          ? undefined
          : await this.quotes.questionOf(ctx, order, program, customerId);
      const isPaid = paidOrderId !== undefined;
      return this.#validate(ctx, { program, code, order, question, isPaid });
    };
  }

  async #validate(ctx: RequestContext, asked: Case): Promise<Promotion | CouponError> {
    const { program, code, question } = asked;
    const { answer, error } = await this.quotes.ask(program, code, question);
    if (answer?.valid) {
      const isRepeated = await this.#isRepeated(ctx, asked, answer);
      return isRepeated ? couponError(code, APPLIED) : this.#promotion(answer.code);
    }
    if (answer) return couponError(code, answer.reason);
    Logger.warn(`a code could not be checked: ${error.message}; ${error.remedy}`, "promo-edge");
    const isGood = await this.#isGoodUnasked(asked);
    return isGood ? this.#promotion(code) : couponError(code, UNAVAILABLE);
  }

  /** Whether a code that is typed is on the order already, in another spelling. */
  async #isRepeated(
    ctx: RequestContext,
    { program, code, order }: Case,
    answer: ValidAnswer,
  ): Promise<boolean> {
    // Vendure asks again about those that are there.
    if (!order || hasCode(order, code)) return false;
    if (hasCode(order, answer.code)) return true;
    const ids = await this.quotes.codeIdsOf(ctx, order, program);
    return ids.includes(codeIdOf(answer));
  }

  /**
   * It was good when it was typed: a shopper who pays is not told otherwise by a network, unless
   * nobody knows any more what it gives.
   */
  async #isGoodUnasked({ program, code, order, question, isPaid }: Case): Promise<boolean> {
    if (!order || !question || !hasCode(order, code)) return false;
    return !isPaid || this.quotes.isKept(program, order.id, code, question);
  }

  /** The promotion as Vendure reads it here: it takes the code's spelling from it. */
  #promotion(couponCode: string): Promotion {
    return Object.assign(new Promotion(), this.managed.current, { couponCode });
  }

  async #order(ctx: RequestContext, id: ID | undefined): Promise<Order | null> {
    if (id === undefined) return null;
    const relations = { lines: { productVariant: true }, customer: true };
    return this.connection.getRepository(ctx, Order).findOne({ where: { id }, relations });
  }
}

/** Whether a code is on the order, as Vendure compares them. */
function hasCode({ couponCodes }: Order, code: string): boolean {
  return couponCodes.some((other) => other.toLowerCase() === code.toLowerCase());
}
