/**
 * What the field says and how it looks: one state, one text, announced once.
 * @module
 */

import { render } from "./appearance.js";
import { isSameAnswer } from "./client.js";
import { write } from "./markup.js";
import { compose, fill, languageTag, loadTexts } from "./messages.js";

/** @typedef {import("./applied.js").AppliedCode} AppliedCode */
/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./messages.js").Said} Said */
/** @typedef {import("./messages.js").Texts} Texts */
/** @typedef {"idle" | "checking" | "valid" | "provisional" | "refused"} AnswerState */
/** @typedef {AnswerState | "offline" | "error"} State */

/** The face of one element. */
export class Outcome {
  /** @type {State} */
  state = "idle";
  /** @type {Said} */
  said = { answer: null };
  /** In a slot, because an input can only be described by an element of its own tree. */
  message = document.createElement("p");
  #element;
  #internals;
  #lang = "en";
  /** @type {Texts | null} */
  #texts = null;
  /** @type {Partial<Texts>} */
  #ownTexts = {};
  /** @type {readonly AppliedCode[]} */
  #codes = [];

  /**
   * @param {HTMLElement} element
   * @param {ElementInternals} internals
   * @param {(code: string) => void} onRemove a button in the list of codes was pressed
   */
  constructor(element, internals, onRemove) {
    this.#element = element;
    this.#internals = internals;
    this.face = render(element.attachShadow({ mode: "open" }), onRemove);
    this.message.setAttribute("role", "status");
    this.message.slot = "message";
  }

  /**
   * Puts the message beside the page's input and describes that by it: before there is anything to
   * say, and not before a shopper comes, because a framework that takes over a server's page would
   * not know it.
   */
  attach() {
    const input = this.#element.querySelector("input");
    if (!input) return;
    this.message.id ||= `promo-code-${Math.random().toString(36).slice(2)}`;
    if (this.message.parentNode !== this.#element) this.#element.append(this.message);
    const described = input.getAttribute("aria-describedby")?.split(/\s+/) ?? [];
    if (described.includes(this.message.id)) return;
    input.setAttribute("aria-describedby", [...described, this.message.id].join(" "));
  }

  /** @param {boolean} isDisabled as the form says */
  disable(isDisabled) {
    this.face.button.disabled = isDisabled;
    this.face.chips.disable(isDisabled);
  }

  /** Texts that replace the package's own, by key. */
  get messages() {
    return this.#ownTexts;
  }

  set messages(texts) {
    this.#ownTexts = texts;
    this.#speak();
  }

  /** Speaks the language of where the element stands. */
  async learnLanguage() {
    const tag = this.#element.closest("[lang]")?.getAttribute("lang");
    const lang = (this.#lang = languageTag(tag));
    // English is better than nothing, and with nothing the form still submits the code.
    const texts = await loadTexts(lang).catch(() => loadTexts("en")).catch(() => null);
    if (lang !== this.#lang || !texts) return;
    this.#texts = texts;
    this.#show();
  }

  /**
   * @param {State} state
   * @param {Partial<Said>} [said]
   */
  enter(state, said) {
    this.state = state;
    this.said = { answer: null, ...said };
    this.attach();
    this.#show();
  }

  #show() {
    const state = this.state;
    if (this.#element.getAttribute("state") !== state) this.#element.setAttribute("state", state);
    this.#internals.states.clear();
    this.#internals.states.add(state);
    const input = this.#element.querySelector("input");
    if (state === "refused" && !this.said.about) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
    this.face.showIcon(state);
    this.#speak();
  }

  /** The yes that stands in the input, if one does. */
  get standing() {
    const { answer, about } = this.said;
    return answer?.valid && !about ? answer : null;
  }

  /** @param {State} state @param {Answer} answer */
  isSaying(state, answer) {
    return this.state === state && isSameAnswer(this.said.answer, answer);
  }

  /**
   * The codes that are applied, where there may be several.
   *
   * @param {readonly AppliedCode[]} codes
   */
  list(codes) {
    this.#codes = codes;
    this.#speak();
  }

  #speak() {
    if (!this.#texts) return;
    const texts = { ...this.#texts, ...this.#ownTexts };
    const { notice, suggestion } = this.said;
    const isChecking = this.state === "checking";
    const canRemove = this.standing !== null;
    this.face.button.setAttribute("aria-disabled", String(isChecking));
    this.face.showAction(texts, isChecking ? "checking" : canRemove ? "remove" : "apply");
    this.face.suggestion.hidden = !suggestion;
    write(this.face.suggestion, suggestion ? fill(texts.use, { code: suggestion }) : "");
    const isConfirming = this.state === "provisional" && !notice;
    write(this.face.note, isConfirming ? texts.provisional : "");
    this.face.chips.show(this.#codes, texts, this.#lang);
    // A question that is still open is not announced: its answer is.
    write(this.message, isChecking ? "" : compose(this.said, texts, this.#lang));
  }
}

/**
 * What to say where there is no answer.
 *
 * @param {import("./event.js").Failure} failure
 * @param {boolean} isKept whether an earlier yes stands all the same
 * @returns {Partial<Said>}
 */
export function excuse(failure, isKept) {
  if (failure.outcome === "offline") {
    return { notice: isKept ? "provisional_offline" : "offline" };
  }
  const notice = failure.status === 429 ? "too_many_requests" : "error";
  return { notice, retryAfterS: failure.retryAfterS };
}
