/**
 * The page of an order: what the shop tells its shopper, and what it was told itself.
 * @module
 */

import { loadExplainer } from "../../www/promo-edge/explain.js";
import { PRICE_MINOR, money, page } from "./frame.mjs";
import { Markup, html } from "./html.mjs";

/** @typedef {import("./html.mjs").Content} Content */
/** @typedef {import("../../plugins/server/index.js").Decision} Decision */
/** @typedef {import("./orders.mjs").Order} Order */
/** @typedef {import("./ledger.mjs").Recorded} Recorded */
/** @typedef {import("./ledger.mjs").Answer} Answer */
/** @typedef {import("../../plugins/server/shapes.js").Claims} Claims */
/** @typedef {import("../webhook/receive.mjs").Event} Event */

const LANGUAGES = [
  ["en", "English"], ["fr", "Français"], ["de", "Deutsch"], ["ja", "日本語"], ["zh-Hans", "简体中文"],
];

/**
 * @param {Order} order
 * @param {string | null} asked language of the explanation
 */
export async function orderPage(order, asked) {
  const [language] = LANGUAGES.find(([tag]) => tag === asked) ?? ["en"];
  const title = order.recorded?.answer.reversed ? "Order cancelled" : "Thank you";
  return page(title, html`
    <div class="result">
    ${bought(order, title, language)}
    <section class="summary told" aria-labelledby="told">
      <p class="audience">For the merchant, not the shopper</p>
      <h2 id="told">Who is credited, and why</h2>
      ${await explained(order, language)}
      ${order.recorded ? ledger(order.recorded) : awaited(order)}
      ${timeline(order, language)}
      ${sources(order)}
    </section>
    </div>`);
}

/**
 * What a shopper has to do with it.
 *
 * @param {Order} order
 * @param {string} title
 * @param {string} lang of the explanation, which forms keep
 */
function bought(order, title, lang) {
  const { order_id, promo_codes, items: [{ quantity }] } = order.sale;
  const kept = keptOf(order);
  const returned = quantity > kept && html`
    <div><dt>Returned × ${quantity - kept}</dt>
      <dd>−${money(PRICE_MINOR * (quantity - kept))}</dd></div>`;
  return html`
    <section class="thanks">
      <h1>${title}</h1>
      <p class="lead">In a real shop ${order.recorded?.answer.reversed
        ? "your money would be on its way back."
        : "your parcel would be on its way."} Here, nothing is charged and nothing is sent.</p>
      ${news(order)}
      <dl class="sums">
        <div><dt>Order</dt><dd>${order_id.slice(0, 8)}</dd></div>
        <div><dt>Camp lantern × ${quantity}</dt><dd>${money(PRICE_MINOR * quantity)}</dd></div>
        ${returned}
        <div><dt>Promo code</dt><dd>${promo_codes[0] ?? "none"}</dd></div>
      </dl>
      ${acts(order, kept, lang)}
      <p><a href="/">Another time, another road</a></p>
    </section>`;
}

/** How many lanterns are left of an order. @param {Order} order */
function keptOf({ recorded, sale }) {
  return (recorded?.answer.current.subtotal_minor ?? sale.subtotal_minor) / PRICE_MINOR;
}

/** The one sentence that a shopper waits for. Acts lead here. @param {Order} order */
function news({ recorded, trouble }) {
  const reversed = recorded?.answer.reversed;
  const done = reversed
    ? html`<strong>Cancelled</strong> ${time(reversed.at)}: nobody earns on it any more.`
    : html`<strong>Your order is recorded.</strong> You may still cancel it.`;
  const text = recorded ? done : html`<strong>Not recorded yet.</strong> Your order is kept and will
    be recorded as soon as the ledger answers.`;
  return html`
    <p class="proof ${!recorded && "awaited"}" id="news" tabindex="-1" role="status">${text}</p>
    ${recorded && trouble && html`
    <p class="proof doubted"><strong>That was not done:</strong> ${trouble.message}.</p>`}`;
}

/**
 * The forms of what can be done with an order now.
 *
 * @param {Order} order
 * @param {number} kept
 * @param {string} lang
 */
function acts({ sale, recorded }, kept, lang) {
  const act = (/** @type {string} */ name, /** @type {Content} */ content) => html`
    <form method="post" action="/orders/${sale.order_id}/${name}?lang=${lang}">${content}</form>`;
  const button = (/** @type {string} */ text) =>
    html`<button class="act" type="submit">${text}</button>`;
  if (!recorded) return html`<div class="acts">${act("record", button("Try again"))}</div>`;
  if (recorded.answer.reversed) return null;
  const left = html`<input type="hidden" name="left" value="${kept - 1}">`;
  return html`
    <div class="acts">
      ${kept > 1 && act("keep", [left, button("Return one lantern")])}
      ${act("cancel", button("Cancel order"))}
    </div>`;
}

/**
 * The decision in sentences: what was recorded, or, until something is, what the checkout was told.
 *
 * @param {Order} order
 * @param {string} language
 */
async function explained({ sale, verdict, recorded }, language) {
  const decision = recorded?.answer ?? verdict.decision;
  if (!decision) {
    return html`<p class="outcome">The order came without a decision. It is taken like any
      other.</p>`;
  }
  const explain = await loadExplainer(language);
  const sentences = explain(decision);
  const steps = decision.trace.map(({ step }, index) => html`
    <li><span class="rule">${step}</span> <span>${sentences[index]}</span></li>`);
  const [outcome, ...others] = sentences.slice(decision.trace.length);
  const choice = (/** @type {string[]} */ [tag, name]) => html`
    <li><a href="/orders/${sale.order_id}?lang=${tag}" lang="${tag}" hreflang="${tag}"
      ${tag === language && new Markup('aria-current="true"')}>${name}</a></li>`;
  return html`
    <ul class="languages" aria-label="Language of the explanation">${LANGUAGES.map(choice)}</ul>
    <div lang="${language}">
      <p class="outcome">${outcome}</p>
      ${others.map((sentence) => html`<p class="other">${sentence}</p>`)}
      <ol class="steps">${steps}</ol>
    </div>
    ${recorded && changed(verdict.decision, recorded.answer)}`;
}

/**
 * A checkout is decided without counting uses: an order can come out otherwise.
 *
 * @param {Decision | null} before
 * @param {Answer} after
 */
function changed(before, after) {
  const [was, is] = [before?.credited?.partner, after.credited?.partner];
  if (!before || was === is) return null;
  return html`<p class="hint">At the checkout, where no use of a code is counted yet, it was
    ${was ?? "nobody"}.</p>`;
}

/** Where the order stands. @param {Recorded} recorded */
function ledger({ answer, claims, doubt }) {
  const { state, approve_at, reversed, adjustments, current, payout } = answer;
  const row = (/** @type {string} */ name, /** @type {Content} */ value) =>
    html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const until = state === "pending" && approve_at && html` until ${time(approve_at)}`;
  const adjustment = (/** @type {Answer["adjustments"][number]} */ { at, ...left }) => html`
    <li>${time(at)}: one lantern came back; ${money(left.subtotal_minor)} are left, and the payout
      is ${earned(left.payout_minor)}.</li>`;
  return html`
    <section aria-labelledby="ledger" class="ledger">
      <h3 id="ledger">In the ledger</h3>
      <dl class="sums">
        ${row("State", state ? [html`<strong>${state}</strong>`, until] : "nobody to pay")}
        ${row("Payout", earned(current.payout_minor))}
        ${payout && current.payout_minor !== payout.amount_minor &&
          row("Payout when it was recorded", money(payout.amount_minor))}
        ${row("Recorded", time(answer.recorded_at))}
        ${reversed && row("Reversed", time(reversed.at))}
        ${reversed && row("Because", reversed.reason)}
      </dl>
      ${adjustments.length > 0 && html`<h4>Adjustments</h4>
      <ol class="adjustments">${adjustments.map(adjustment)}</ol>`}
      ${receipt(answer.receipt, claims, doubt)}
    </section>`;
}

/** @param {string | null} jws @param {Claims | null} claims @param {string | null} doubt */
function receipt(jws, claims, doubt) {
  return html`
    ${claims ? proof(claims) : html`
    <p class="proof doubted"><strong>Receipt not believed:</strong> ${doubt}.</p>`}
    <details><summary>The receipt, as anybody can check it</summary>
      <pre class="jws" tabindex="0" aria-label="Receipt">${jws}</pre></details>`;
}

/** @param {Claims} claims */
function proof(claims) {
  const until = new Date(claims.exp * 1000).toISOString();
  return html`
    <p class="proof"><strong>Receipt verified.</strong> Signed by <span translate="no">${claims.iss}
      </span> for programme ${claims.aud}, of the kind <code>${claims.typ}</code>, good until
      ${time(until)}.</p>`;
}

/** What there is before the ledger has the order. @param {Order} order */
function awaited({ verdict: { decision, claims, doubt }, trouble }) {
  return html`
    <p class="proof awaited"><strong>Not in the ledger yet:</strong>
      ${trouble?.message ?? "no answer"}. ${trouble?.isPassing !== false && "It is sent again."}</p>
    ${decision && (claims ? proof(claims) : html`
    <p class="proof doubted"><strong>Receipt not believed:</strong> ${doubt}.</p>`)}`;
}

/**
 * What the shop's server was sent of the order, signed.
 *
 * @param {Order} order
 * @param {string} lang
 */
function timeline({ events, sale }, lang) {
  const event = (/** @type {Event} */ { type, timestamp, data }) => html`
    <li><code>${type}</code> <span class="verified">Signature verified</span>
      <span>Entry ${data.entry}, ${data.state ?? "nobody credited"}, payout
        ${earned(data.payout_minor)}</span> ${time(timestamp)}</li>`;
  const inOrder = events.toSorted((a, b) => a.data.entry - b.data.entry);
  return html`
    <section aria-labelledby="events" class="ledger">
      <h3 id="events">Webhooks that arrived</h3>
      ${events.length > 0
        ? html`<ol class="events">${inOrder.map(event)}</ol>`
        : html`<p>None yet. They take a second or two.</p>`}
      <p class="hint"><a href="/orders/${sale.order_id}?lang=${lang}">Look again</a></p>
    </section>`;
}

/** @param {Order} order */
function sources({ verdict, recorded }) {
  const source = (/** @type {string} */ id, /** @type {string} */ title, /** @type {any} */ json) =>
    json && html`<details><summary>${title}</summary>
      <pre id="${id}" tabindex="0" aria-label="${title}">${JSON.stringify(json, null, 2)}</pre>
    </details>`;
  return html`
    ${source("answer", "What the ledger answered", recorded?.answer)}
    ${source("decision", "What the checkout was told", verdict.decision)}`;
}

/** @param {number | null} minor */
function earned(minor) {
  return minor === null ? "none" : money(minor);
}

/** @param {string} instant RFC 3339 */
function time(instant) {
  const text = new Date(instant).toISOString().replace("T", " ").slice(0, 19);
  return html`<time datetime="${instant}">${text} UTC</time>`;
}
