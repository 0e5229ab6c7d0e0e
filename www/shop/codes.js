/**
 * Codes of the sample programme that show one thing each.
 * @module
 */

/** @typedef {import("./language.js").TextKey} TextKey */

/** @type {readonly { code: string, text: TextKey }[]} */
const CODES = [
  { code: "HELLO10", text: "try_public" },
  { code: "FREESHIP", text: "try_free_shipping" },
  { code: "GIFT", text: "try_gift" },
  { code: "BUY2GET1", text: "try_bogo" },
  { code: "VIP20", text: "try_range" },
  { code: "FIRST15", text: "try_unchecked" },
  { code: "SUMMER26", text: "try_pattern" },
  { code: "包邮", text: "try_alphabet" },
  { code: "ｈｅｌｌｏ１０", text: "try_full_width" },
  { code: "LIGHTS15", text: "try_category" },
  { code: "BIG50", text: "try_minimum" },
  { code: "CANADA10", text: "try_country" },
  { code: "BIRTHDAY10", text: "try_customer" },
  { code: "EURO5", text: "try_currency" },
  { code: "SPRING24", text: "try_expired" },
  { code: "ECLIPSE45", text: "try_not_started" },
  { code: "NOPE", text: "try_unknown" },
  { code: `LONG-${"X".repeat(60)}`, text: "try_malformed" },
];

/**
 * Fills the list. A press types the code into the field and asks.
 *
 * @param {HTMLElement} list
 * @param {(code: string) => void} onPick
 */
export function listCodes(list, onPick) {
  for (const { code, text } of CODES) {
    const name = document.createElement("code");
    name.textContent = code.length > 20 ? `${code.slice(0, 12)}…` : code;
    const what = document.createElement("span");
    what.dataset.text = text;
    const button = document.createElement("button");
    button.type = "button";
    button.append(name, what);
    button.addEventListener("click", () => onPick(code));
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  }
}
