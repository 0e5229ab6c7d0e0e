/**
 * What is in the bag: the page's own rows, with their quantities.
 * @module
 */

import { fill } from "./language.js";

/** @typedef {import("../promo-edge/client.js").Item} Item */
/** @typedef {import("./language.js").PageTexts} PageTexts */

const MAX_QUANTITY = 99;

/** The rows of the page, in the bag or beside it. */
export class Bag {
  #inside = /** @type {HTMLElement} */ (document.querySelector("#bag"));
  #beside = /** @type {HTMLElement} */ (document.querySelector("#more"));
  #rows = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".item"))].map(
    (element) => new Row(element),
  );
  #onChange;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    for (const row of this.#rows) {
      row.onQuantity = () => {
        this.#place(row);
        this.#onChange();
      };
      this.#place(row);
    }
  }

  /** The lines of the order. @returns {Item[]} */
  get items() {
    return this.#filled.map((row) => row.item);
  }

  get subtotalMinor() {
    return this.#filled.reduce((sum, row) => sum + row.totalMinor, 0);
  }

  /**
   * @param {PageTexts} texts
   * @param {(minor: number) => string} money
   * @param {number[]} off what is taken off each line, in the order of `items`
   */
  write(texts, money, off) {
    const filled = this.#filled;
    this.#inside.dataset.empty = filled.length === 0 ? texts.bag_empty : "";
    const beside = document.querySelector("#beside");
    beside?.toggleAttribute("hidden", filled.length === this.#rows.length);
    for (const row of this.#rows) row.write(texts, money, off[filled.indexOf(row)] ?? 0);
  }

  get #filled() {
    const order = [...this.#inside.children];
    const filled = this.#rows.filter((row) => row.quantity > 0);
    return filled.sort((a, b) => order.indexOf(a.element) - order.indexOf(b.element));
  }

  /** @param {Row} row */
  #place(row) {
    const place = row.quantity > 0 ? this.#inside : this.#beside;
    if (row.element.parentElement === place) return;
    place.append(row.element);
    row.focus();
  }
}

/** One product. */
class Row {
  onQuantity = () => {};
  #input;
  #add;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.#input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    this.#add = /** @type {HTMLButtonElement} */ (element.querySelector(".add"));
    this.#input.addEventListener("input", () => this.#input.value && this.onQuantity());
    this.#input.addEventListener("change", () => this.#set(this.quantity));
    this.#add.addEventListener("click", () => this.#set(1));
    for (const button of this.#steps) {
      const step = Number(button.dataset.step);
      button.addEventListener("click", () => this.#set(this.quantity + step));
    }
  }

  get quantity() {
    const typed = Math.trunc(Number(this.#input.value));
    return Math.min(Math.max(typed || 0, 0), MAX_QUANTITY);
  }

  get totalMinor() {
    return this.quantity * this.item.unit_price_minor;
  }

  /** @returns {Item} */
  get item() {
    const { sku = "", category, price } = this.element.dataset;
    return { sku, category, quantity: this.quantity, unit_price_minor: Number(price) };
  }

  /**
   * @param {PageTexts} texts
   * @param {(minor: number) => string} money
   * @param {number} off
   */
  write(texts, money, off) {
    const name = texts[/** @type {keyof PageTexts} */ (this.item.sku)];
    const each = money(this.item.unit_price_minor);
    this.#write("[data-each]", this.quantity > 1 ? fill(texts.each, { price: each }) : each);
    this.#write("[data-line]", money(this.totalMinor));
    this.#write("[data-off]", off > 0 ? `−${money(off)}` : "");
    this.#input.setAttribute("aria-label", fill(texts.quantity, { name }));
    this.#add.setAttribute("aria-label", fill(texts.add_name, { name }));
    for (const button of this.#steps) {
      const label = button.dataset.step === "1" ? texts.one_more : texts.one_less;
      button.setAttribute("aria-label", fill(label, { name }));
    }
  }

  /** The row has moved, and whatever was focused in it may be gone. */
  focus() {
    if (this.quantity > 0) this.#input.focus({ preventScroll: true });
    else this.#add.focus({ preventScroll: true });
  }

  get #steps() {
    return /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll("[data-step]"));
  }

  /** @param {number} quantity */
  #set(quantity) {
    this.#input.value = String(Math.min(Math.max(quantity, 0), MAX_QUANTITY));
    this.onQuantity();
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #write(selector, text) {
    const element = this.element.querySelector(selector);
    if (element && element.textContent !== text) element.textContent = text;
  }
}
