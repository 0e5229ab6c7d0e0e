/**
 * Orders in the ledger. What is to be recorded is written down with the order, in its transaction;
 * a job makes the ledger say the same, and can be repeated as often as anybody likes.
 */

import { randomUUID } from "node:crypto";

import { Injectable } from "@nestjs/common";
import {
  JobQueue,
  JobQueueService,
  Logger,
  Order,
  RequestContext,
  RequestContextService,
  TransactionalConnection,
  type ID,
} from "@vendure/core";
import { MoreThan } from "typeorm";
import {
  PromoEdgeError,
  clickPathOf,
  type OrderAnswer,
  type PromoEdge,
} from "promo-edge-server";

import { claimOf, wantedOf, type Claim, type Wanted } from "./claim.js";
import { fieldsOf, type OrderFields, type Standing } from "./custom_fields.js";
import { Programs, type ChannelProgram } from "./options.js";
import { Quotes } from "./quotes.js";

type SettleData = { orderId: ID };

/** How often a job is tried again by the queue; after that the sweep takes it up. */
const RETRIES = 3;
/** How many orders a sweep takes up. */
const SWEPT_MAX = 100;
const LOGGED_AS = "promo-edge";

@Injectable()
export class Ledger {
  #queue: JobQueue<SettleData> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isSweeping = false;
  /** The last order that a sweep took up; undefined when it came to the end. */
  #sweptTo: ID | undefined;

  constructor(
    private programs: Programs,
    private connection: TransactionalConnection,
    private contexts: RequestContextService,
    private jobs: JobQueueService,
    private quotes: Quotes,
  ) {}

  async start(): Promise<void> {
    this.#queue = await this.jobs.createQueue<SettleData>({
      name: "promo-edge",
      process: ({ data }) => this.settle(data.orderId),
    });
    const sweep = () => this.sweep().catch((error) => Logger.error(String(error), LOGGED_AS));
    this.#timer = setInterval(sweep, this.programs.settings.sweepMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Writes down what is to be recorded of an order that has just been placed. */
  async place(ctx: RequestContext, order: Order): Promise<void> {
    const program = this.programs.of(ctx.channel.code);
    // Of an order that is split between sellers the whole one is recorded, not its parts.
    if (!program || order.aggregateOrderId) return;
    const customerId = order.customer?.id ?? order.customerId;
    const claim = claimOf(order, {
      codes: await this.quotes.foreign(ctx, order.couponCodes),
      channel: ctx.channel.code,
      eventType: program.eventType,
      precision: this.quotes.precision,
      customer: await this.quotes.factsOf(ctx, order, customerId),
      clickPath: ctx.req && clickPathOf(ctx.req.headers),
    });
    await this.#enqueue(ctx, order, { promoEdgeClaim: JSON.stringify(claim) });
  }

  /** Has the ledger hear of what has become of an order. */
  async review(ctx: RequestContext, { id }: Order): Promise<void> {
    const order = await this.connection.getRepository(ctx, Order).findOneBy({ id });
    if (order && fieldsOf(order).promoEdgeClaim) await this.#enqueue(ctx, order, {});
  }

  /** Has refused orders tried again: why they were may have been mended since. */
  async retryRefused(): Promise<void> {
    const ctx = await this.contexts.create({ apiType: "admin" });
    const standing = (promoEdgeStanding: Standing) =>
      ({ customFields: { promoEdgeStanding } }) as object;
    const orders = this.connection.getRepository(ctx, Order);
    await orders.update(standing("refused"), standing("waiting"));
  }

  /**
   * Takes up orders that the ledger has yet to hear of, one after another and not by jobs: those
   * would pile up for as long as the Worker does not answer.
   */
  async sweep(): Promise<void> {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    try {
      // A Worker that does not answer is not asked about the next order as well.
      const silent = new Set<ChannelProgram | null>();
      for (const order of await this.#waiting()) {
        const program = this.#programOf(order);
        if (!silent.has(program) && !(await this.#takeUp(order.id))) silent.add(program);
      }
    } finally {
      this.#isSweeping = false;
    }
  }

  /** The next ones, from the first again when all have had their turn. */
  async #waiting(): Promise<Order[]> {
    const ctx = await this.contexts.create({ apiType: "admin" });
    const isNext = this.#sweptTo === undefined ? {} : { id: MoreThan(this.#sweptTo) };
    const orders = await this.connection.getRepository(ctx, Order).find({
      where: { customFields: { promoEdgeStanding: "waiting" }, ...isNext } as object,
      order: { id: "ASC" },
      take: SWEPT_MAX,
    });
    this.#sweptTo = orders.length < SWEPT_MAX ? undefined : orders.at(-1)?.id;
    return orders;
  }

  #programOf(order: Order): ChannelProgram | null {
    const { promoEdgeClaim } = fieldsOf(order);
    if (!promoEdgeClaim) return null;
    return this.programs.of((JSON.parse(promoEdgeClaim) as Claim).channel);
  }

  /** Whether it is worth asking the same Worker about another one. */
  async #takeUp(id: ID): Promise<boolean> {
    try {
      await this.settle(id);
      return true;
    } catch (error) {
      Logger.warn(`order ${id} has to wait: ${String(error)}`, LOGGED_AS);
      return !(error instanceof PromoEdgeError && error.status === null);
    }
  }

  /**
   * Makes the ledger say what is true of an order.
   *
   * @throws PromoEdgeError when another attempt may succeed
   */
  async settle(orderId: ID): Promise<string> {
    const ctx = await this.contexts.create({ apiType: "admin" });
    for (;;) {
      const order = await this.#load(ctx, orderId);
      const { promoEdgeClaim, promoEdgeRevision } = fieldsOf(order);
      if (!promoEdgeClaim) return "nothing to record";
      const claim = JSON.parse(promoEdgeClaim) as Claim;
      const program = this.programs.of(claim.channel);
      if (!program) {
        await this.#save(ctx, orderId, fieldsOfNoProgram(claim));
        return "refused";
      }
      const wanted = wantedOf(claim, order, refundsOf(order));
      const { answer, error } = await tell(program.promo, claim, wanted);
      const fields = answer ? fieldsOfAnswer(answer) : fieldsOfError(error);
      // It may have been cancelled meanwhile: then it has to be told again.
      const isSame = await this.#save(ctx, orderId, fields, promoEdgeRevision);
      if (error?.isPassing) throw error;
      if (isSame) return answer?.outcome ?? "refused";
    }
  }

  async #enqueue(ctx: RequestContext, order: Order, more: Partial<OrderFields>): Promise<void> {
    const promoEdgeRevision = randomUUID();
    const fields = { ...more, promoEdgeRevision, promoEdgeStanding: "waiting" as const };
    // Whoever published the event saves the order it has in its hands.
    Object.assign(order.customFields, fields);
    await this.#save(ctx, order.id, fields);
    await this.#queue?.add({ orderId: order.id }, { retries: RETRIES, ctx });
  }

  /** Whether it was saved: an order that has come to another revision than this one stays. */
  async #save(
    ctx: RequestContext,
    id: ID,
    customFields: Partial<OrderFields>,
    promoEdgeRevision?: string | null,
  ): Promise<boolean> {
    const where = promoEdgeRevision ? { id, customFields: { promoEdgeRevision } } : { id };
    const orders = this.connection.getRepository(ctx, Order);
    const { affected } = await orders.update(where as object, { customFields } as object);
    return affected !== 0;
  }

  async #load(ctx: RequestContext, id: ID): Promise<Order> {
    const relations = { lines: true, payments: { refunds: { lines: true } } };
    return this.connection.getRepository(ctx, Order).findOneOrFail({ where: { id }, relations });
  }
}

function refundsOf(order: Order) {
  return order.payments.flatMap(({ refunds }) => refunds);
}

/** Every step can be repeated: the ledger knows an order by its id. */
async function tell(promo: PromoEdge, { order }: Claim, wanted: Wanted) {
  const recorded = await promo.record(order);
  if (recorded.error || wanted.kind === "recorded") return recorded;
  const { event_type, order_id } = order;
  if (wanted.kind === "reversed") {
    return promo.reverse(event_type, order_id, "cancelled in Vendure");
  }
  const { kind: _, ...left } = wanted;
  if (recorded.answer.current.subtotal_minor <= left.subtotal_minor) return recorded;
  return promo.adjust(event_type, order_id, { ...left, reason: "refunded in Vendure" });
}

function fieldsOfAnswer(answer: OrderAnswer): Partial<OrderFields> {
  return {
    promoEdgeStanding: "settled",
    promoEdgeOutcome: outcomeOf(answer),
    promoEdgePartner: answer.credited?.partner ?? null,
    promoEdgePayout: answer.current.payout_minor,
    promoEdgeReceipt: answer.receipt,
    promoEdgeTrouble: null,
  };
}

/**
 * What has become of an order, whichever attempt was the first to be heard: the answer's own
 * outcome is about this one.
 */
function outcomeOf({ reversed, adjustments }: OrderAnswer): string {
  if (reversed) return "reversed";
  return adjustments.length > 0 ? "adjusted" : "recorded";
}

function fieldsOfError(error: PromoEdgeError): Partial<OrderFields> {
  const promoEdgeStanding = error.isPassing ? "waiting" : "refused";
  return { promoEdgeStanding, promoEdgeTrouble: `${error.message}; ${error.remedy}` };
}

function fieldsOfNoProgram({ channel }: Claim): Partial<OrderFields> {
  const trouble = `the channel "${channel}" has no programme; give it one among \`channels\``;
  return { promoEdgeStanding: "refused", promoEdgeTrouble: trouble };
}
