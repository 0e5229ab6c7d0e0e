/**
 * What the codes of an order are worth: asked again whenever the order changes.
 */

import { createHash } from "node:crypto";

import { Injectable } from "@nestjs/common";
import {
  CacheService,
  ConfigService,
  Logger,
  Order,
  Promotion,
  RequestContext,
  RequestContextCacheService,
  TransactionalConnection,
  type ID,
} from "@vendure/core";
import type { Cart, TrustedFacts, ValidateAnswer } from "promo-edge-server";

import { cartOf, customerFacts, linesOf } from "./cart.js";
import { fromMinor } from "./money.js";
import { Programs, type ChannelProgram } from "./options.js";

export type ValidAnswer = Extract<ValidateAnswer, { valid: true }>;

/** What a code gives, as it was last answered. */
type Quote = {
  /** What texts of one code have in common: it gives its discount once. */
  code_id: string;
  lines_minor: number[];
  isFreeShipping: boolean;
};

type Result = Awaited<ReturnType<ChannelProgram["promo"]["validate"]>>;
type KeptQuote = { at: number; quote: Quote | null };

/** Money off each line, by its id and in Vendure's unit. */
export type Discounts = {
  lines: Record<string, number>;
  isFreeShipping: boolean;
};

/** What promo-edge is asked about an order. */
export interface Question {
  cart: Cart;
  facts: TrustedFacts;
}

/** How long an answer is kept for when there is none to be had. */
const KEPT_MS = 3_600_000;
const LOGGED_AS = "promo-edge";

@Injectable()
export class Quotes {
  /** What came of asking a Worker that did not answer, and when. */
  readonly #failed = new Map<ChannelProgram, { at: number; result: Result }>();

  constructor(
    private programs: Programs,
    private connection: TransactionalConnection,
    private config: ConfigService,
    private cache: CacheService,
    private perRequest: RequestContextCacheService,
  ) {}

  /** How many decimal digits Vendure counts amounts in. */
  get precision(): number {
    return this.config.entityOptions.moneyStrategy.precision ?? 2;
  }

  /** What the codes on an order give; null for nothing. */
  async discountsOf(ctx: RequestContext, order: Order): Promise<Discounts | null> {
    const program = this.programs.of(ctx.channel.code);
    if (!program) return null;
    const codes = await this.foreign(ctx, order.couponCodes);
    if (codes.length === 0) return null;
    return this.#discounts(order, await this.#given(ctx, order, program, codes));
  }

  /** Ids of those codes on an order that give something. */
  async codeIdsOf(ctx: RequestContext, order: Order, program: ChannelProgram): Promise<string[]> {
    const codes = await this.foreign(ctx, order.couponCodes);
    return (await this.#given(ctx, order, program, codes)).map(({ code_id }) => code_id);
  }

  /** What is known of an order and its customer. */
  async questionOf(
    ctx: RequestContext,
    order: Order,
    { eventType }: ChannelProgram,
    customerId: ID | undefined = order.customer?.id ?? order.customerId,
  ): Promise<Question> {
    const cart = cartOf(order, eventType, this.precision);
    return { cart, facts: await this.factsOf(ctx, order, customerId ?? undefined) };
  }

  /** What is known of an order's customer. */
  async factsOf(ctx: RequestContext, order: Order, customerId?: ID): Promise<TrustedFacts> {
    if (customerId === undefined) return {};
    const key = `promo-edge:placed:${customerId}:${order.id}`;
    const placed = await this.perRequest.get(ctx, key, () =>
      this.connection
        .getRepository(ctx, Order)
        .createQueryBuilder("order")
        .where("order.customerId = :customerId", { customerId })
        .andWhere("order.orderPlacedAt IS NOT NULL AND order.id != :id", { id: order.id })
        .getCount(),
    );
    return customerFacts(customerId, placed);
  }

  /** Those codes that Vendure has no promotion for. */
  async foreign(ctx: RequestContext, codes: string[]): Promise<string[]> {
    if (codes.length === 0) return [];
    const lower = codes.map((code) => code.toLowerCase());
    // Both sides by the database, as Vendure does: SQLite lowers no letters but those of ASCII.
    const isOne = codes.map((_, index) => `LOWER(promotion.couponCode) = LOWER(:code${index})`);
    const values = Object.fromEntries(codes.map((code, index) => [`code${index}`, code]));
    const known = await this.perRequest.get(ctx, `promo-edge:own:${lower.join("\n")}`, () =>
      this.connection
        .getRepository(ctx, Promotion)
        .createQueryBuilder("promotion")
        .innerJoin("promotion.channels", "channel", "channel.id = :id", { id: ctx.channelId })
        .where(`(${isOne.join(" OR ")})`, values)
        .andWhere("promotion.deletedAt IS NULL AND promotion.enabled = :yes", { yes: true })
        .getMany(),
    );
    const own = known.map(({ couponCode }) => couponCode.toLowerCase());
    return codes.filter((_, index) => !own.includes(lower[index]));
  }

  /** What these codes give: each once, however often and in whatever spelling it is there. */
  async #given(
    ctx: RequestContext,
    order: Order,
    program: ChannelProgram,
    codes: string[],
  ): Promise<Quote[]> {
    const question = await this.questionOf(ctx, order, program);
    const key = `promo-edge:quotes:${JSON.stringify([codes, question])}`;
    const quotes = await this.perRequest.get(ctx, key, () =>
      Promise.all(codes.map((code) => this.#quote(program, order.id, code, question))),
    );
    const given = quotes.filter((quote) => quote !== null);
    return [...new Map(given.map((quote) => [quote.code_id, quote])).values()];
  }

  /**
   * The newest answer about a code, or the last one about these goods while there is none: a price
   * that a shopper has seen does not change because a network does not work.
   */
  async #quote(
    program: ChannelProgram,
    orderId: ID,
    code: string,
    question: Question,
  ): Promise<Quote | null> {
    const key = keyOf([program.program, code, question]);
    const goodsKey = goodsKeyOf(program, orderId, code, question);
    const kept = await this.cache.get<KeptQuote>(key);
    const { quoteMaxAgeMs } = this.programs.settings;
    if (kept && Date.now() - kept.at < quoteMaxAgeMs) return kept.quote;
    const { answer, error } = await this.ask(program, code, question);
    if (error) {
      const last = kept ?? (await this.cache.get<KeptQuote>(goodsKey));
      const so = last ? "the last one stands" : "it gives nothing";
      Logger.warn(`no quote for a code, ${so}: ${error.message}; ${error.remedy}`, LOGGED_AS);
      return last?.quote ?? null;
    }
    const quote = answer.valid ? quoteOf(answer) : null;
    for (const each of [key, goodsKey]) {
      await this.cache.set<KeptQuote>(each, { at: Date.now(), quote }, { ttl: KEPT_MS });
    }
    return quote;
  }

  /** Whether there is an answer about these goods that stands while no newer one is to be had. */
  async isKept(
    program: ChannelProgram,
    orderId: ID,
    code: string,
    question: Question,
  ): Promise<boolean> {
    const key = goodsKeyOf(program, orderId, code, question);
    return (await this.cache.get<KeptQuote>(key)) !== undefined;
  }

  /**
   * Asks about a code, for as long as the shop is willing to wait: once, and then not again until
   * a quote would be too old. A Worker that hangs would hold up each change of a cart.
   */
  async ask(program: ChannelProgram, code: string, question?: Question): Promise<Result> {
    const { patienceMs, quoteMaxAgeMs } = this.programs.settings;
    const failed = this.#failed.get(program);
    if (failed && Date.now() - failed.at < quoteMaxAgeMs) return failed.result;
    const signal = AbortSignal.timeout(patienceMs);
    const { cart, facts } = question ?? {};
    const result = await program.promo.validate(code, cart, facts, { signal });
    // What is wrong with one question is not wrong with others.
    if (result.error?.isPassing) this.#failed.set(program, { at: Date.now(), result });
    return result;
  }

  #discounts(order: Order, given: Quote[]): Discounts | null {
    if (given.length === 0) return null;
    const off = (index: number) =>
      given.reduce((sum, { lines_minor }) => sum + (lines_minor[index] ?? 0), 0);
    const lines = linesOf(order).map((line, index) => {
      const amount = fromMinor(off(index), order.currencyCode, this.precision);
      return [String(line.id), amount] as const;
    });
    return {
      lines: Object.fromEntries(lines),
      isFreeShipping: given.some(({ isFreeShipping }) => isFreeShipping),
    };
  }
}

function keyOf(facts: unknown[]): string {
  return `promo-edge:quote:${createHash("sha256").update(JSON.stringify(facts)).digest("hex")}`;
}

/** Without what becomes known of a customer on the way to paying. */
function goodsKeyOf(
  { program }: ChannelProgram,
  orderId: ID,
  code: string,
  { cart: { currency, items } }: Question,
): string {
  return keyOf([program, code, { orderId, currency, items }]);
}

/** What a code is known by, wherever it is compared with others. */
export function codeIdOf({ code_id, code }: ValidAnswer): string {
  return code_id ?? code.toLowerCase();
}

/** An offer that is a range, or worth something elsewhere, takes nothing off a line. */
function quoteOf(answer: ValidAnswer): Quote | null {
  if (!answer.quote) return null;
  const { benefit, lines_minor } = answer.quote;
  const isFreeShipping = benefit === "free_shipping";
  return { code_id: codeIdOf(answer), lines_minor: lines_minor ?? [], isFreeShipping };
}
