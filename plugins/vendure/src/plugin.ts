/**
 * The plugin: `PromoEdgePlugin.init({ url, token, program })` among the plugins of a server.
 */

import type { OnApplicationBootstrap, OnApplicationShutdown } from "@nestjs/common";
import {
  ChannelEvent,
  EventBus,
  Logger,
  OrderLineEvent,
  OrderPlacedEvent,
  OrderStateTransitionEvent,
  PluginCommonModule,
  RefundEvent,
  RefundStateTransitionEvent,
  VendurePlugin,
  type Order,
  type RequestContext,
  type Type,
  type VendureEvent,
} from "@vendure/core";
import { gql } from "graphql-tag";

import { CouponGate } from "./coupon_gate.js";
import { ORDER_FIELDS } from "./custom_fields.js";
import { SCHEMA } from "./errors.js";
import { Ledger } from "./ledger.js";
import { Programs, type PromoEdgeOptions } from "./options.js";
import { ManagedPromotion, codeOfPromoEdge, quotedDiscount, quotedShipping } from "./promotion.js";
import { Quotes } from "./quotes.js";

interface OrderEvent extends VendureEvent {
  ctx: RequestContext;
  order: Order;
}

@VendurePlugin({
  imports: [PluginCommonModule],
  compatibility: "^3.7.0",
  providers: [
    { provide: Programs, useFactory: () => PromoEdgePlugin.programs },
    Quotes,
    ManagedPromotion,
    CouponGate,
    Ledger,
  ],
  shopApiExtensions: { schema: gql(SCHEMA) },
  adminApiExtensions: { schema: gql(SCHEMA) },
  configuration(config) {
    config.promotionOptions.promotionConditions.push(codeOfPromoEdge);
    config.promotionOptions.promotionActions.push(quotedDiscount, quotedShipping);
    config.customFields.Order.push(...ORDER_FIELDS);
    return config;
  },
})
export class PromoEdgePlugin implements OnApplicationBootstrap, OnApplicationShutdown {
  /** @internal */
  static programs: Programs;

  /** @throws TypeError when a setting is missing */
  static init(options: PromoEdgeOptions): Type<PromoEdgePlugin> {
    this.programs = new Programs(options);
    return this;
  }

  constructor(
    private events: EventBus,
    private promotion: ManagedPromotion,
    private gate: CouponGate,
    private ledger: Ledger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.promotion.ensure();
    this.gate.install();
    await this.ledger.start();
    await this.ledger.retryRefused();
    this.#on(OrderPlacedEvent, ({ ctx, order }) => this.ledger.place(ctx, order));
    this.#on(OrderStateTransitionEvent, async ({ ctx, order, toState }) => {
      if (toState === "Cancelled") await this.ledger.review(ctx, order);
    });
    this.#on(OrderLineEvent, async ({ ctx, order, type }) => {
      if (type === "cancelled") await this.ledger.review(ctx, order);
    });
    this.#on(RefundEvent, ({ ctx, order }) => this.ledger.review(ctx, order));
    this.#on(RefundStateTransitionEvent, ({ ctx, order }) => this.ledger.review(ctx, order));
    this.events.ofType(ChannelEvent).subscribe(() => {
      this.promotion.ensure().catch((error) => Logger.error(String(error), "promo-edge"));
    });
  }

  onApplicationShutdown(): void {
    this.ledger.stop();
  }

  /**
   * In the transaction of what happened, so that nothing can come between them; but nobody's order
   * fails because of us.
   */
  #on<E extends OrderEvent>(event: Type<E>, handle: (event: E) => Promise<void>): void {
    this.events.registerBlockingEventHandler({
      id: `promo-edge-${event.name}`,
      event,
      handler: async (happened) => {
        try {
          await handle(happened);
        } catch (error) {
          Logger.error(`order ${happened.order.code}: ${String(error)}`, "promo-edge");
        }
      },
    });
  }
}
