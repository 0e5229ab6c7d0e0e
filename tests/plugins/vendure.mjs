/**
 * A Vendure server with the plugin, in this process: its database is in memory, its APIs are asked
 * over HTTP.
 * @module
 */

import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";

// It would write a number of its own into this project's folder, to tell its makers about us.
process.env.VENDURE_DISABLE_TELEMETRY = "true";

const PLUGIN = new URL("../../plugins/vendure/", import.meta.url);
const require = createRequire(new URL("package.json", PLUGIN));
/** Without its types: it is not among the packages of this project. @type {any} */
export const vendure = require("@vendure/core");
/** @type {any} */
const { PromoEdgePlugin } = await import(new URL("build/index.js", PLUGIN).href);

const SUPERADMIN = { identifier: "admin", password: "admin" };

const DATA = {
  defaultLanguage: "en",
  defaultZone: "Europe",
  countries: [{ code: "GB", name: "United Kingdom", zone: "Europe" }],
  taxRates: [{ name: "Standard Tax", percentage: 20 }],
  shippingMethods: [{ name: "Standard Shipping", price: 500 }],
  paymentMethods: [
    {
      name: "Paid",
      handler: {
        code: "dummy-payment-handler",
        arguments: [{ name: "automaticSettle", value: "true" }],
      },
    },
  ],
  collections: [],
};

/**
 * @param {object} options of the plugin
 * @returns {Promise<Shop>}
 */
export function startVendure(options) {
  const jobs = vendure.DefaultJobQueuePlugin.init({ pollInterval: 20 });
  return startWithPlugins([jobs, PromoEdgePlugin.init(options)]);
}

/** @param {any[]} plugins @returns {Promise<Shop>} */
export async function startWithPlugins(plugins) {
  const port = await freePort();
  const config = {
    apiOptions: { port, hostname: "127.0.0.1" },
    authOptions: {
      tokenMethod: ["bearer"],
      requireVerification: false,
      superadminCredentials: SUPERADMIN,
      cookieOptions: { secret: "of the tests" },
    },
    dbConnectionOptions: { type: "sqljs", synchronize: true, location: undefined },
    paymentOptions: { paymentMethodHandlers: [vendure.dummyPaymentHandler] },
    logger: new vendure.DefaultLogger({ level: vendure.LogLevel.Error }),
    plugins,
  };
  const app = await vendure.bootstrap(vendure.mergeConfig(vendure.defaultConfig, config));
  await app.get(vendure.Populator).populateInitialData(DATA);
  await app.get(vendure.JobQueueService).start();
  const shop = new Shop(app, `http://127.0.0.1:${port}`);
  await shop.admin(LOGIN, SUPERADMIN);
  return shop;
}

async function freePort() {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((closed) => server.close(closed));
  return port;
}

const LOGIN = `mutation ($identifier: String!, $password: String!) {
  login(username: $identifier, password: $password) { __typename }
}`;

/** Somebody who asks one of the APIs, and is known by a token. */
class Client {
  /** @type {string | null} */
  #token = null;
  #url;

  /** @param {string} url */
  constructor(url) {
    this.#url = url;
  }

  /**
   * @param {string} query
   * @param {object} [variables]
   * @param {Record<string, string>} [more] headers
   * @returns {Promise<any>} the data
   */
  async ask(query, variables = {}, more = {}) {
    const headers = new Headers({ "content-type": "application/json", ...more });
    if (this.#token) headers.set("authorization", `Bearer ${this.#token}`);
    const response = await fetch(this.#url, {
      method: "POST",
      headers,
      body: JSON.stringify({ query, variables }),
    });
    this.#token = response.headers.get("vendure-auth-token") ?? this.#token;
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }
}

const ORDER = `fragment Whole on Order {
  id code state couponCodes subTotal subTotalWithTax shipping total totalWithTax
  discounts { description amount } lines { id quantity linePrice discountedLinePrice }
}`;

export class Shop {
  #admin;

  /** @param {any} app @param {string} url */
  constructor(app, url) {
    this.app = app;
    this.url = url;
    this.#admin = new Client(`${url}/admin-api`);
  }

  /** @param {string} query @param {object} [variables] */
  admin(query, variables) {
    return this.#admin.ask(query, variables);
  }

  /** Somebody who comes to buy. @param {Record<string, string>} [headers] */
  shopper(headers = {}) {
    return new Shopper(new Client(`${this.url}/shop-api`), headers);
  }

  /**
   * A product of one variant.
   *
   * @param {string} sku
   * @param {number} price
   * @returns {Promise<{id: string, productId: string}>} of the variant and of the product
   */
  async addProduct(sku, price) {
    const slug = sku.toLowerCase();
    const translations = [{ languageCode: "en", name: sku, slug, description: "" }];
    const { createProduct: { id: productId } } = await this.admin(
      "mutation ($input: CreateProductInput!) { createProduct(input: $input) { id } }",
      { input: { translations } },
    );
    const variant = {
      productId, sku, price, trackInventory: "FALSE",
      translations: [{ languageCode: "en", name: sku }],
    };
    const { createProductVariants: [{ id }] } = await this.admin(
      `mutation ($input: [CreateProductVariantInput!]!) {
        createProductVariants(input: $input) { id }
      }`,
      { input: [variant] },
    );
    return { id, productId };
  }

  /**
   * A channel, with a product in it.
   *
   * @param {string} code
   * @param {object} settings
   * @param {{productId: string}} product
   */
  async addChannel(code, settings, { productId }) {
    const { zones: { items: [{ id: zone }] } } = await this.admin("{ zones { items { id } } }");
    const { createChannel: { id: channelId } } = await this.admin(
      `mutation ($input: CreateChannelInput!) {
        createChannel(input: $input) { ... on Channel { id } }
      }`,
      {
        input: {
          code, token: code, defaultLanguageCode: "en", defaultCurrencyCode: "USD",
          defaultTaxZoneId: zone, defaultShippingZoneId: zone, ...settings,
        },
      },
    );
    await this.admin(
      `mutation ($input: AssignProductsToChannelInput!) {
        assignProductsToChannel(input: $input) { id }
      }`,
      { input: { channelId, productIds: [productId] } },
    );
  }

  /** An order, as the Admin API shows it. @param {string} id @returns {Promise<any>} */
  async order(id) {
    const { order } = await this.admin(
      `query ($id: ID!) {
        order(id: $id) {
          id code state couponCodes total payments { id refunds { id total state } }
          lines { id quantity }
          customFields {
            promoEdgeStanding promoEdgeOutcome promoEdgePartner promoEdgePayout promoEdgeReceipt
            promoEdgeTrouble
          }
        }
      }`,
      { id },
    );
    return order;
  }

  close() {
    return this.app.close();
  }
}

export class Shopper {
  #client;
  #headers;

  /** @param {Client} client @param {Record<string, string>} headers */
  constructor(client, headers) {
    this.#client = client;
    this.#headers = headers;
  }

  /** @param {string} query @param {object} [variables] */
  ask(query, variables) {
    return this.#client.ask(query, variables, this.#headers);
  }

  /** @param {{id: string}} variant @param {number} [quantity] @returns {Promise<any>} the order */
  async add({ id }, quantity = 1) {
    const { addItemToOrder } = await this.ask(
      `mutation ($id: ID!, $quantity: Int!) {
        addItemToOrder(productVariantId: $id, quantity: $quantity) { ...Whole }
      } ${ORDER}`,
      { id, quantity },
    );
    return addItemToOrder;
  }

  /** @param {string} id of a line @param {number} quantity @returns {Promise<any>} the order */
  async change(id, quantity) {
    const { adjustOrderLine } = await this.ask(
      `mutation ($id: ID!, $quantity: Int!) {
        adjustOrderLine(orderLineId: $id, quantity: $quantity) { ...Whole }
      } ${ORDER}`,
      { id, quantity },
    );
    return adjustOrderLine;
  }

  /** @param {string} code @returns {Promise<any>} the order, or why it is refused */
  async apply(code) {
    const error = "errorCode message promoEdgeReason";
    const { applyCouponCode } = await this.ask(
      `mutation ($code: String!) {
        applyCouponCode(couponCode: $code) {
          __typename ...Whole
          ... on CouponCodeInvalidError { ${error} }
          ... on CouponCodeExpiredError { ${error} }
          ... on CouponCodeLimitError { ${error} limit }
        }
      } ${ORDER}`,
      { code },
    );
    return applyCouponCode;
  }

  /** @param {string} code @returns {Promise<any>} the order */
  async remove(code) {
    const { removeCouponCode } = await this.ask(
      `mutation ($code: String!) { removeCouponCode(couponCode: $code) { ...Whole } } ${ORDER}`,
      { code },
    );
    return removeCouponCode;
  }

  /** Says who it is and where it lives. @param {string | null} email null: is signed in */
  async introduce(email) {
    if (email) await this.#say("setCustomerForOrder", "CreateCustomerInput", {
      emailAddress: email, firstName: "A", lastName: "B",
    });
    await this.#say("setOrderShippingAddress", "CreateAddressInput", {
      streetLine1: "1", countryCode: "GB",
    });
    const { eligibleShippingMethods: [{ id }] } = await this.ask(
      "{ eligibleShippingMethods { id } }",
    );
    await this.ask(
      `mutation ($id: [ID!]!) {
        setOrderShippingMethod(shippingMethodId: $id) { __typename }
      }`,
      { id: [id] },
    );
  }

  /** Pays. @returns {Promise<any>} the order, or why it cannot be paid */
  async pay() {
    await this.ask('mutation { transitionOrderToState(state: "ArrangingPayment") { __typename } }');
    const { addPaymentToOrder } = await this.ask(
      `mutation {
        addPaymentToOrder(input: { method: "paid", metadata: {} }) {
          __typename ...Whole ... on ErrorResult { errorCode message }
        }
      } ${ORDER}`,
    );
    return addPaymentToOrder;
  }

  /** @param {string} mutation @param {string} type @param {object} input */
  async #say(mutation, type, input) {
    await this.ask(
      `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`, { input },
    );
  }
}
