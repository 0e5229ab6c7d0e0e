/**
 * The one promotion by which all codes of promo-edge give their discounts. It is made by itself,
 * and applies to an order whose codes are worth something.
 */

import { Injectable } from "@nestjs/common";
import {
  Channel,
  ChannelService,
  LanguageCode,
  Promotion,
  PromotionCondition,
  PromotionLineAction,
  PromotionService,
  PromotionShippingAction,
  RequestContext,
  RequestContextService,
  TransactionalConnection,
  isGraphQlErrorResult,
} from "@vendure/core";

import { Programs } from "./options.js";
import { Quotes } from "./quotes.js";

let quotes: Quotes;
let managed: ManagedPromotion;

const english = (value: string) => [{ languageCode: LanguageCode.en, value }];

export const codeOfPromoEdge = new PromotionCondition({
  code: "promo_edge_code",
  description: english("The order has a code that promo-edge knows"),
  args: {},
  init(injector) {
    quotes = injector.get(Quotes);
    managed = injector.get(ManagedPromotion);
  },
  async check(ctx, order, _args, promotion) {
    // Servers that start at once may each have made one: the first counts.
    if (promotion.id !== managed.current?.id) return false;
    return (await quotes.discountsOf(ctx, order)) ?? false;
  },
});

export const quotedDiscount = new PromotionLineAction({
  code: "promo_edge_discount",
  description: english("Take off what promo-edge quotes"),
  args: {},
  conditions: [codeOfPromoEdge],
  execute: (_ctx, line, _args, { promo_edge_code: { lines } }) => -(lines[String(line.id)] ?? 0),
});

export const quotedShipping = new PromotionShippingAction({
  code: "promo_edge_shipping",
  description: english("Free shipping where promo-edge quotes it"),
  args: {},
  conditions: [codeOfPromoEdge],
  execute(ctx, line, _order, _args, { promo_edge_code: { isFreeShipping } }) {
    if (!isFreeShipping) return 0;
    return -(line.listPriceIncludesTax ? line.priceWithTax : line.price);
  },
});

@Injectable()
export class ManagedPromotion {
  /** Null until the server has started. */
  current: Promotion | null = null;

  constructor(
    private programs: Programs,
    private connection: TransactionalConnection,
    private promotions: PromotionService,
    private channels: ChannelService,
    private contexts: RequestContextService,
  ) {}

  /** Finds the promotion or makes it, and has it in all channels. */
  async ensure(): Promise<void> {
    const ctx = await this.contexts.create({ apiType: "admin" });
    const found = await this.#find(ctx);
    this.current = found ?? (await this.#create(ctx));
    const all = await this.connection.getRepository(ctx, Channel).find();
    const present = new Set(this.current.channels.map(({ id }) => id));
    const missing = all.filter(({ id }) => !present.has(id)).map(({ id }) => id);
    if (missing.length > 0) {
      await this.channels.assignToChannels(ctx, Promotion, this.current.id, missing);
    }
  }

  async #find(ctx: RequestContext): Promise<Promotion | undefined> {
    const all = await this.connection.getRepository(ctx, Promotion).find({
      relations: { channels: true },
      order: { id: "ASC" },
    });
    const isOurs = ({ actions, deletedAt }: Promotion) =>
      !deletedAt && actions.some(({ code }) => code === quotedDiscount.code);
    return all.find(isOurs);
  }

  async #create(ctx: RequestContext): Promise<Promotion> {
    const operation = ({ code }: { code: string }) => ({ code, arguments: [] });
    const created = await this.promotions.createPromotion(ctx, {
      enabled: true,
      translations: [
        { languageCode: ctx.languageCode, name: this.programs.settings.discountName },
      ],
      conditions: [operation(codeOfPromoEdge)],
      actions: [operation(quotedDiscount), operation(quotedShipping)],
    });
    if (isGraphQlErrorResult(created)) throw new Error(created.message);
    const found = await this.#find(ctx);
    if (!found) throw new Error("the promotion of promo-edge could not be made");
    return found;
  }
}
