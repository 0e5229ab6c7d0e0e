/**
 * A decision in sentences: for a merchant's own pages and servers. A shopper is not told who earns.
 * @module promo-edge/explain
 */

import { formatMoney } from "./messages.js";

/** @typedef {{ step: string, event: string, [fact: string]: string | number | null }} Step */
/**
 * @typedef {object} Decision
 * @property {{ partner: string, basis: string } | null} credited
 * @property {{ partner: string | null, reason: string }[]} reasons
 * @property {Step[]} trace
 */
/** @typedef {{ steps: Record<string, string>, values: Record<string, string> }} Texts */

/** The languages that sentences are written in. */
export const LANGUAGES = /** @type {const} */ (["en", "fr", "de", "ja", "zh"]);

/**
 * Loads the sentences of a language; of English when there is none.
 *
 * @param {string} language a BCP 47 tag such as `fr` or `ja-JP`
 * @returns {Promise<(decision: Decision) => string[]>} a decision's steps in words, one a sentence,
 *   then who is credited, then who is not
 */
export async function loadExplainer(language) {
  const [primary] = language.toLowerCase().split("-");
  const known = LANGUAGES.find((one) => one === primary) ?? "en";
  const { default: texts } = await import(`./locales/trace.${known}.json`, {
    with: { type: "json" },
  });
  return (decision) => explain(decision, texts, known);
}

/**
 * @param {Decision} decision
 * @param {Texts} texts
 * @param {string} language
 */
function explain({ credited, reasons, trace }, texts, language) {
  const steps = trace.map((step) => fill(template(step, texts), words(step, texts, language)));
  const outcome = texts.values[credited ? "outcome.credited" : "outcome.nobody"];
  const basis = texts.values[`basis.${credited?.basis}`];
  const refused = reasons.map(({ partner, reason }) => {
    const text = texts.values[partner === null ? "outcome.unclaimed" : "outcome.refused"];
    return fill(text, { partner, reason: texts.values[`reason.${reason}`] });
  });
  return [...steps, fill(outcome, { partner: credited?.partner, basis }), ...refused];
}

/** What is missing, or the same as another, is said in a sentence of its own. */
function template(/** @type {Step} */ step, /** @type {Texts} */ { steps }) {
  const facts = Object.values(step);
  const variant = facts.includes(null) ? ".none" : step.owner === step.winner ? ".same" : "";
  return steps[`${step.event}${variant}`] ?? steps[step.event];
}

/**
 * @param {Step} step
 * @param {Texts} texts
 * @param {string} language
 */
function words(step, texts, language) {
  /** @type {Record<string, unknown>} */
  const said = {};
  for (const [name, value] of Object.entries(step)) {
    if (name === "at") said.at = String(value).replace("T", " ").replace("Z", " UTC");
    else if (name === "rule") said.rule = rule(String(value), texts);
    else if (name.endsWith("_minor")) {
      const amount = formatMoney(Number(value), String(step.currency), language);
      said[name.replace(/_minor$/, "")] = amount;
    } else said[name] = texts.values[`${name}.${value}`] ?? value;
  }
  return said;
}

/** `group:ten` as “the payout group ten”. */
function rule(/** @type {string} */ value, /** @type {Texts} */ { values }) {
  const [kind, ...name] = value.split(":");
  return fill(values[`rule.${kind}`], { name: name.join(":") });
}

/**
 * @param {string} text
 * @param {Record<string, unknown>} said
 */
function fill(text, said) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(said[name] ?? whole));
}
