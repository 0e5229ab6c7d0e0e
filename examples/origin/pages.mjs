/**
 * The pages that lead to an order. No script: what they show was decided before they were made.
 * @module
 */

import { LANTERN, PRICE_MINOR, money, page } from "./frame.mjs";
import { html } from "./html.mjs";

/** Two partners of the sample programme, and the two kinds of links that there are. */
const ROADS = [
  {
    id: "mira-okafor",
    name: "Mira Okafor",
    kind: "writes about long weekends",
    quote: "The one lamp that I pack first and unpack last.",
    href: "/lantern?partner=mira-okafor",
    how: "The page itself is the link: the Worker reads who sent you from its address.",
  },
  {
    id: "ben-arroyo",
    name: "Ben Arroyo Rides",
    kind: "films gravel roads",
    quote: "It has lit every puncture between here and the coast.",
    href: "/v1/click?partner=ben-arroyo&to=/lantern",
    how: "The link goes by way of the Worker, which sends you on to this shop and nowhere else.",
  },
];

/** Codes of the sample programme that show one thing each. */
const CODES = [
  ["", "The last link that you followed is credited."],
  ["MIRA10", "Mira’s, always: hers, whoever’s link you followed."],
  ["NIGHTRIDE15", "Ben’s, if involved: his once you have followed his link."],
  ["DUSTYBEN", "Ben’s, if he wins: his when his link was the last."],
  ["LAMP3", "Ben’s, three uses in all: the fourth order finds none, until one is cancelled."],
  ["STAFF50", "Restricted: with it nobody is credited."],
  ["HELLO11", "No code at all: as if nothing had been typed."],
];

const ERRORS = new Map([
  [403, "That did not come from a page of this shop."],
  [404, "This page is not in the woods."],
  [405, "This page is only for looking."],
  [413, "That was more than an order."],
  [500, "The shop has stumbled."],
]);

/** Two links of two partners. */
export function startPage() {
  const road = (/** @type {typeof ROADS[number]} */ { name, kind, quote, href, how }) => html`
    <li class="road">
      <p class="who"><strong translate="no">${name}</strong> ${kind}</p>
      <blockquote><p>${quote}</p></blockquote>
      <a class="order" href="${href}">See the lantern</a>
      <p class="address"><code>${href}</code></p>
      <p class="hint">${how}</p>
    </li>`;
  return page("Two roads to one lantern", html`
    <section class="opening">
      <h1>Two roads to one lantern</h1>
      <p class="lead">Two partners send people here. Follow one of their links or both, in any
        order, then buy the lantern: the shop is told who is credited with your order, and why, has
        it recorded, and can take it back.</p>
    </section>
    <ul class="roads">${ROADS.map(road)}</ul>
    <p class="onward"><a href="/checkout">Go straight to the checkout</a>, as somebody whom nobody
      sent.</p>`);
}

/** Where both links lead. */
export function lanternPage() {
  return page("Rechargeable camp lantern", html`
    <section class="product">
      <div class="picture dusk" aria-hidden="true">${LANTERN}</div>
      <div class="words">
        <h1>Rechargeable camp lantern</h1>
        <p class="lead">Forty hours of warm light from one charge, a dimmer that moves like an oil
          lamp’s, and a handle that finds every branch.</p>
        <p class="price">${money(PRICE_MINOR)}</p>
        <p class="acts"><a class="order" href="/checkout">Buy it</a>
          <a href="/">Back to the two roads</a></p>
      </div>
    </section>`);
}

/**
 * The form that the Worker reads a code from. It names its order, so that however often it is sent
 * it is one order.
 *
 * @param {string} id
 */
export function checkoutPage(id) {
  const code = (/** @type {string[]} */ [text, shows]) => html`
    <li><code>${text || "no code"}</code> <span>${shows}</span></li>`;
  const option = (/** @type {string[]} */ [text]) =>
    text && html`<option value="${text}"></option>`;
  return page("Checkout", html`
    <div class="counter">
      <form class="summary" method="post" action="/checkout" aria-labelledby="title">
        <h1 id="title">Checkout</h1>
        <input type="hidden" name="order" value="${id}">
        <div class="bought">
          <div class="picture dusk" aria-hidden="true">${LANTERN}</div>
          <p>Rechargeable camp lantern<br><span class="each">${money(PRICE_MINOR)}</span></p>
        </div>
        <div class="field">
          <label for="quantity">Quantity</label>
          <input id="quantity" name="quantity" type="number" inputmode="numeric" min="1" max="9"
            value="1" autocomplete="off">
        </div>
        <div class="field">
          <label for="code">Promo code</label>
          <input id="code" name="promo_code" list="codes" maxlength="64" autocomplete="off"
            autocapitalize="characters" spellcheck="false" aria-describedby="code-hint">
          <datalist id="codes">${CODES.map(option)}</datalist>
          <p class="hint" id="code-hint">You may leave it empty.</p>
        </div>
        <button class="order" type="submit">Place order</button>
        <p class="hint">This is a demo: nothing is charged and nothing is sent.</p>
      </form>
      <section class="tries" aria-labelledby="tries">
        <h2 id="tries">Codes to try</h2>
        <ul>${CODES.map(code)}</ul>
      </section>
    </div>`);
}

/** @param {number} status */
export function errorPage(status) {
  return page(String(status), html`
    <section class="opening">
      <h1>${status}</h1>
      <p class="lead">${ERRORS.get(status)}</p>
      <p class="onward"><a href="/">Back to the two roads</a></p>
    </section>`);
}
