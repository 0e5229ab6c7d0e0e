/**
 * The shop's pages. No script: what they show was decided before they were made.
 * @module
 */

import { readFileSync } from "node:fs";

import { loadExplainer } from "../../www/promo-edge/explain.js";
import { formatMoney } from "../../www/promo-edge/messages.js";
import { Markup, html } from "./html.mjs";

/** @typedef {import("./html.mjs").Content} Content */
/** @typedef {import("./decision.mjs").Verdict} Verdict */
/** @typedef {import("./decision.mjs").Decision} Decision */
/**
 * @typedef {object} Order
 * @property {string} id
 * @property {number} quantity
 * @property {string} typed into the field for a code
 * @property {Verdict} verdict
 */

const CURRENCY = "USD";
const PRICE_MINOR = 6400;
const LANTERN = new Markup(readFileSync(new URL("lantern.svg", import.meta.url), "utf8"));
const MARK = new Markup(
  '<path class="mark" d="M16 2 9 12h4L7 20h6v10h6V20h6l-6-8h4Z"/>' +
    '<circle class="flame" cx="16" cy="17.5" r="2.6"/>',
);

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
  ["STAFF50", "Restricted: with it nobody is credited."],
  ["HELLO11", "No code at all: as if nothing had been typed."],
];

const LANGUAGES = [
  ["en", "English"], ["fr", "Français"], ["de", "Deutsch"], ["ja", "日本語"], ["zh-Hans", "简体中文"],
];

const ERRORS = new Map([
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
        order, then buy the lantern: the shop is told who is credited with your order, and why.</p>
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

/** The form that the Worker reads a code from. */
export function checkoutPage() {
  const code = (/** @type {string[]} */ [text, shows]) => html`
    <li><code>${text || "no code"}</code> <span>${shows}</span></li>`;
  const option = (/** @type {string[]} */ [text]) =>
    text && html`<option value="${text}"></option>`;
  return page("Checkout", html`
    <div class="counter">
      <form class="summary" method="post" action="/checkout" aria-labelledby="title">
        <h1 id="title">Checkout</h1>
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
          <input id="code" name="promo_code" list="codes" autocomplete="off"
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

/**
 * What the shop tells its shopper, and what it was told itself.
 *
 * @param {Order} order
 * @param {string | null} asked language of the explanation
 */
export async function orderPage(order, asked) {
  const { id, quantity, typed, verdict } = order;
  const [language] = LANGUAGES.find(([tag]) => tag === asked) ?? ["en"];
  const told = verdict.decision
    ? await decided(verdict.decision, verdict, order, language)
    : html`<p class="outcome">The order came without a decision. It is taken like any other.</p>`;
  return page("Thank you", html`
    <div class="result">
    <section class="thanks">
      <h1>Thank you</h1>
      <p class="lead">In a real shop your parcel would be on its way. Here, nothing was ordered.</p>
      <dl class="sums">
        <div><dt>Order</dt><dd>${id.slice(0, 8)}</dd></div>
        <div><dt>Camp lantern × ${quantity}</dt><dd>${money(PRICE_MINOR * quantity)}</dd></div>
        <div><dt>Promo code</dt><dd>${typed || "none"}</dd></div>
      </dl>
      <p class="acts"><a class="order" href="/">Another time, another road</a></p>
    </section>
    <section class="summary told" aria-labelledby="told">
      <p class="audience">For the merchant, not the shopper</p>
      <h2 id="told">Who is credited, and why</h2>
      ${told}
    </section>
    </div>`);
}

/**
 * @param {Decision} decision
 * @param {Verdict} verdict
 * @param {Order} order
 * @param {string} language
 */
async function decided(decision, verdict, { id }, language) {
  const explain = await loadExplainer(language);
  const sentences = explain(decision);
  const steps = decision.trace.map(({ step }, index) => html`
    <li><span class="rule">${step}</span> <span>${sentences[index]}</span></li>`);
  const [outcome, ...others] = sentences.slice(decision.trace.length);
  const choice = (/** @type {string[]} */ [tag, name]) => html`
    <li><a href="/orders/${id}?lang=${tag}" lang="${tag}" hreflang="${tag}"
      ${tag === language && new Markup('aria-current="true"')}>${name}</a></li>`;
  return html`
    <ul class="languages" aria-label="Language of the explanation">${LANGUAGES.map(choice)}</ul>
    <div lang="${language}">
      <p class="outcome">${outcome}</p>
      ${others.map((sentence) => html`<p class="other">${sentence}</p>`)}
      <ol class="steps">${steps}</ol>
    </div>
    ${receipt(verdict)}
    <details><summary>As the shop’s server got it</summary>
      <pre tabindex="0">${JSON.stringify(decision, null, 2)}</pre></details>`;
}

/** @param {Verdict} verdict */
function receipt({ claims, doubt }) {
  if (!claims) {
    return html`<p class="proof doubted"><strong>Not believed:</strong> ${doubt}.</p>`;
  }
  const until = new Date(claims.exp * 1000).toISOString().replace("T", " ").slice(0, 19);
  return html`
    <p class="proof"><strong>Receipt verified.</strong> Signed by <span translate="no">${claims.iss}
      </span> for programme ${claims.aud}, of the kind <code>${claims.typ}</code>, good until
      ${until} UTC.</p>`;
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

/** @param {number} minor */
function money(minor) {
  return formatMoney(minor, CURRENCY, "en");
}

/**
 * @param {string} title
 * @param {Markup} main
 * @returns {string} the whole document
 */
function page(title, main) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Larch &amp; Lantern</title>
<link rel="icon" href="/shop/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/shop/tokens.css">
<link rel="stylesheet" href="/shop/shop.css">
<link rel="stylesheet" href="/shop/summary.css">
<link rel="stylesheet" href="/origin.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
  <a class="brand" href="/">
    <svg viewBox="0 0 32 32" aria-hidden="true">${MARK}</svg>
    <span translate="no">Larch <i>&amp;</i> Lantern</span>
  </a>
  <p class="tag">Demo shop on its own server</p>
</header>
<main id="main" tabindex="-1">${main}</main>
<footer class="foot">
  <p>Larch &amp; Lantern does not exist, nor do its partners. This page comes from a server of the
    shop’s own; promo-edge stands in front of it.</p>
</footer>
</body>
</html>
`.text;
}
