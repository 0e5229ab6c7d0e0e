/**
 * Payout rules: checked when they are typed as JSON, and said in words.
 * @module
 */

/** @typedef {import("./language.js").Speech} Speech */
/** @typedef {import("./shapes.js").Payout} Payout */
/** @typedef {import("./shapes.js").Rate} Rate */
/** @typedef {{ path: string, expected: string, got: string }} Complaint */

const isText = (/** @type {unknown} */ value) => typeof value === "string" && value !== "";
const isCount = (/** @type {unknown} */ value) => Number.isInteger(value) && Number(value) >= 0;
const isRate = (/** @type {unknown} */ value) => isCount(value) && Number(value) <= 10_000;
const isTexts = (/** @type {unknown} */ value) => Array.isArray(value) && value.every(isText);
const isBoolean = (/** @type {unknown} */ value) => typeof value === "boolean";

/** @typedef {[(value: unknown) => boolean, string]} Rule what it may be, and that in words */

/** @type {Record<string, Rule>} */
const CRITERIA = {
  code_in: [isTexts, "a list of codes"],
  code_in_lists: [isTexts, "a list of exception lists' ids"],
  minimum_total_minor: [isCount, "a whole amount in the minor unit"],
  currency: [isText, "an ISO 4217 code"],
  categories: [isTexts, "a list of categories"],
  skus: [isTexts, "a list of SKUs"],
  first_order: [isBoolean, "true or false"],
  countries: [isTexts, "a list of ISO 3166 codes"],
};

/** @type {Record<string, Rule>} */
const RATE = {
  rate_bps: [isRate, "a whole number from 0 to 10000, hundredths of a per cent"],
  amount_minor: [isCount, "a whole amount in the minor unit"],
  currency: [isText, "an ISO 4217 code"],
};

/**
 * The groups and restrictions of a contract, and what is wrong with them.
 *
 * @param {string} text JSON
 * @returns {{ value: Pick<Payout, "groups" | "restrictions"> | null, complaints: Complaint[] }}
 */
export function readRules(text) {
  let value;
  try {
    value = JSON.parse(text.trim() === "" ? "{}" : text);
  } catch (error) {
    const got = /** @type {Error} */ (error).message;
    return { value: null, complaints: [{ path: "", expected: "JSON", got }] };
  }
  const complaints = [
    ...foreignFields(value, "", { groups: null, restrictions: null }),
    ...eachOf(value?.groups, "groups", (group, path) => ruleFaults(group, path, RATE)),
    ...eachOf(value?.restrictions, "restrictions", (rule, path) => ruleFaults(rule, path, {})),
  ];
  return { value: complaints.length === 0 ? value : null, complaints };
}

/**
 * @param {unknown} list
 * @param {string} path
 * @param {(item: any, path: string) => Complaint[]} check
 * @returns {Complaint[]}
 */
function eachOf(list, path, check) {
  if (list === undefined) return [];
  if (!Array.isArray(list)) return [complaint(path, "a list", list)];
  return list.flatMap((item, index) => check(item, `${path}[${index}]`));
}

/** @param {any} rule @param {string} path @param {Record<string, Rule>} rates */
function ruleFaults(rule, path, rates) {
  const faults = foreignFields(rule, path, { name: null, when: null, ...rates });
  if (faults.length > 0) return faults;
  if (!isText(rule.name)) faults.push(complaint(`${path}.name`, "a name", rule.name));
  if (Object.keys(rates).length > 0) {
    const given = ["rate_bps", "amount_minor"].filter((name) => isSet(rule[name]));
    if (given.length !== 1) {
      faults.push(complaint(path, "either rate_bps or amount_minor", given));
    }
  }
  faults.push(...wrongFields(rule, path, rates));
  const where = `${path}.when`;
  faults.push(...foreignFields(rule.when, where, CRITERIA));
  if (typeof rule.when === "object") faults.push(...wrongFields(rule.when, where, CRITERIA));
  return faults;
}

/** @param {any} object @param {string} path @param {Record<string, unknown>} known */
function foreignFields(object, path, known) {
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    return [complaint(path, "an object", object)];
  }
  const names = Object.keys(object).filter((name) => !(name in known));
  const expected = Object.keys(known).join(", ");
  return names.map((name) => complaint(path ? `${path}.${name}` : name, expected, name));
}

/** @param {any} object @param {string} path @param {Record<string, Rule>} rules */
function wrongFields(object, path, rules) {
  const wrong = Object.entries(rules).filter(
    ([name, [isRight]]) => isSet(object?.[name]) && !isRight(object[name]));
  return wrong.map(([name, [, expected]]) =>
    complaint(`${path}.${name}`, expected, object[name]));
}

/** @param {unknown} value */
function isSet(value) {
  return value !== null && value !== undefined;
}

/** @param {string} path @param {string} expected @param {unknown} got @returns {Complaint} */
function complaint(path, expected, got) {
  return { path: path || "$", expected, got: JSON.stringify(got) ?? "nothing" };
}

/**
 * What is earned.
 *
 * @param {Rate | null | undefined} rate
 * @param {Speech} speech
 * @param {string} currency the programme's
 */
export function rateInWords(rate, speech, currency) {
  if (isSet(rate?.rate_bps)) return speech.percent(rate?.rate_bps ?? 0);
  if (isSet(rate?.amount_minor)) {
    return speech.money(rate?.amount_minor ?? 0, rate?.currency ?? currency);
  }
  return speech.text("rate.none");
}

/**
 * When a group or a restriction applies.
 *
 * @param {Record<string, any>} when
 * @param {Speech} speech
 * @param {string} currency the programme's
 */
export function criteriaInWords(when, speech, currency) {
  const parts = Object.entries(when ?? {}).filter(
    ([name, value]) => isSet(value) && name !== "currency");
  if (parts.length === 0) return speech.text("when.always");
  return speech.list(parts.map(([name, value]) => {
    if (name === "minimum_total_minor") {
      return speech.term("when", name, { amount: speech.money(value, when.currency ?? currency) });
    }
    if (name === "first_order") return speech.term("when", `first_order_${value}`);
    return speech.term("when", name, { list: speech.list(value, "disjunction") });
  }));
}
