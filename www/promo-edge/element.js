/**
 * `<promo-code>`: makes a label and an input that work by themselves into a field that answers.
 * @module
 */

import { render, write } from "./appearance.js";
import { CART_ATTRIBUTES, readCart } from "./cart.js";
import { createClient, dependsOnCart } from "./client.js";
import { loadEngine, loadPublicCodes } from "./engine.js";
import { PromoCodeEvent } from "./event.js";
import { compose, languageTag, loadTexts } from "./messages.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Cart} Cart */
/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./messages.js").Texts} Texts */
/** @typedef {"idle" | "checking" | "valid" | "provisional" | "refused"} AnswerState */
/** @typedef {AnswerState | "offline" | "error"} State */

/** So that a shopper who steps a quantity up five times asks once. */
const RECHECK_DELAY_MS = 250;

/** On a server there is nothing to extend, and importing this must do no harm. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

/**
 * Attributes: `endpoint`, `currency`, `subtotal-minor`, `country`, `event-type`, `lang`. Inside: a
 * `<label>` and an `<input>`. The attribute and custom state `state` says where the field is.
 */
export class PromoCodeElement extends Base {
  static formAssociated = true;
  static observedAttributes = ["endpoint", "lang", ...CART_ATTRIBUTES];

  /**
   * @param {string} [tag]
   * @param {CustomElementRegistry} [registry]
   */
  static define(tag = "promo-code", registry = globalThis.customElements) {
    registry?.define(tag, this);
  }

  #internals = this.attachInternals();
  #face = render(this.attachShadow({ mode: "open" }));
  #message = document.createElement("p");
  /** @type {Client | null} */
  #client = null;
  /** @type {import("./engine.js").Engine | null} */
  #engine = null;
  /** @type {import("./public-codes.js").PublicAnswers | null} */
  #publicCodes = null;
  /** @type {Client | null} whose public codes are here or on their way */
  #publicCodesOf = null;
  #lang = "en";
  /** @type {Texts | null} */
  #texts = null;
  /** @type {Partial<Texts>} */
  #ownTexts = {};
  /** @type {Cart["items"]} */
  #items;
  /** @type {State} */
  #state = "idle";
  /** @type {Answer | null} */
  #answer = null;
  /** @type {keyof Texts | null} what to say when there is no answer */
  #notice = null;
  /** @type {string | null} the text that the state is about */
  #asked = null;
  /** The cart that the state is about, as JSON. */
  #askedCart = "";
  /** Whether a reply is wanted; one that a move in the page cut off is asked for again. */
  #isAsking = false;
  /** Counts questions: an answer to any but the newest is dropped. */
  #turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #recheckTimer;

  constructor() {
    super();
    this.#message.setAttribute("role", "status");
    this.#message.slot = "message";
    this.addEventListener("input", (event) => this.#onInput(/** @type {InputEvent} */ (event)));
    this.addEventListener("compositionend", () => this.#onEdit());
    this.addEventListener("change", () => this.#onChange());
    this.addEventListener("keydown", (event) => this.#onKeyDown(event));
    this.addEventListener("focusin", () => this.#loadPublicCodes());
    this.#face.field.addEventListener("slotchange", () => this.#adopt());
    // The press must not take the focus from the input: losing it would ask, and the press would
    // then meet a button that says something else.
    this.#face.button.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#face.button.addEventListener("click", (event) => this.#onPress(event));
  }

  connectedCallback() {
    globalThis.addEventListener("online", this.#onOnline);
    this.#resume();
    this.#adopt();
    this.#learnLanguage();
    // Without wasm the Worker is asked about everything, which is slower and no less true.
    loadEngine().then((engine) => (this.#engine = engine), () => {});
  }

  disconnectedCallback() {
    globalThis.removeEventListener("online", this.#onOnline);
    this.#withdraw();
    if (this.#state === "checking") this.#enter("idle", null);
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (name === "endpoint") this.#replaceClient(null);
    else if (name === "lang") this.#learnLanguage();
    else this.#recheckSoon();
  }

  formResetCallback() {
    this.#onEdit();
  }

  /** The page's input, once it is there. */
  get input() {
    return this.querySelector("input");
  }

  /** Where the field is. */
  get state() {
    return this.#state;
  }

  /** The answer that stands, the Worker's or, while `state` is `provisional`, this browser's. */
  get answer() {
    return this.#answer;
  }

  /** Asks the Worker; may be replaced, which tests do. */
  get client() {
    const endpoint = this.getAttribute("endpoint") ?? undefined;
    return (this.#client ??= createClient({ endpoint }));
  }

  set client(client) {
    this.#replaceClient(client);
  }

  /** The lines of the order. */
  get items() {
    return this.#items;
  }

  set items(items) {
    this.#items = items;
    this.#recheckSoon();
  }

  /** What is known about the order, from the attributes and `items`. @returns {Cart} */
  get cart() {
    return readCart(this, this.#items);
  }

  /** Texts that replace the package's own, by key. */
  get messages() {
    return this.#ownTexts;
  }

  set messages(texts) {
    this.#ownTexts = texts;
    this.#show();
  }

  /** Asks about what the input holds. Typing or asking again makes an answer still to come void. */
  async validate() {
    const typed = this.input?.value ?? "";
    const turn = this.#withdraw();
    this.#asked = typed;
    this.#askedCart = JSON.stringify(this.cart);
    const malformed = this.#malformed(typed);
    this.#isAsking = !malformed;
    if (malformed) {
      return this.#settle("refused", { valid: false, reason: "malformed", detail: malformed });
    }
    const local = this.#publicCodes?.validate(typed, Date.now(), this.cart);
    if (local) this.#settle(local.valid ? "provisional" : "refused", local);
    else if (!this.#answer?.valid) this.#enter("checking", null);
    this.setAttribute("aria-busy", "true");
    const reply = await this.client.validate(typed, this.cart);
    if (turn !== this.#turn) return;
    this.#isAsking = false;
    this.removeAttribute("aria-busy");
    if (reply.outcome === "answered") {
      this.#settle(reply.answer.valid ? "valid" : "refused", reply.answer);
    } else if (reply.outcome === "failed") {
      this.#fail("error", reply.status === 429 ? "too_many_requests" : "error");
    } else if (reply.outcome === "offline") {
      this.#fail("offline", "offline");
    } else if (this.#state === "checking") {
      // Withdrawn by somebody else who has the client.
      this.#asked = null;
      this.#enter("idle", null);
    }
  }

  /** Takes the code back and empties the input. */
  clear() {
    const input = this.input;
    if (!input) return;
    input.value = "";
    // Frameworks that keep the input's value must hear of it, and so do we.
    input.dispatchEvent(new Event("input", { bubbles: true }));
    this.#enter("idle", null, "removed");
  }

  /** @param {Client | null} client `null`: one for `endpoint`, when it is needed */
  #replaceClient(client) {
    this.#withdraw();
    this.#client = client;
    this.#publicCodes = this.#publicCodesOf = null;
    this.#resume();
  }

  /** Asks what was cut off, or was about to be asked. */
  #resume() {
    if (!this.#isAsking) this.#recheckSoon();
    else if (this.isConnected) this.validate();
  }

  /** Gives up what is under way or about to be asked. Returns the turn that begins. */
  #withdraw() {
    clearTimeout(this.#recheckTimer);
    this.#client?.abort();
    this.removeAttribute("aria-busy");
    return (this.#turn += 1);
  }

  /** Takes the page's input into service; called again whenever the page changes what is inside. */
  #adopt() {
    const input = this.input;
    if (!input || this.#message.parentNode === this) return;
    this.#message.id ||= `promo-code-${Math.random().toString(36).slice(2)}`;
    this.append(this.#message);
    const described = input.getAttribute("aria-describedby");
    input.setAttribute("aria-describedby", [described, this.#message.id].filter(Boolean).join(" "));
    if (input.value) this.validate();
  }

  async #learnLanguage() {
    const lang = (this.#lang = languageTag(this.closest("[lang]")?.getAttribute("lang")));
    // English is better than nothing, and with nothing the form still submits the code.
    const texts = await loadTexts(lang).catch(() => loadTexts("en")).catch(() => null);
    if (lang !== this.#lang || !texts) return;
    this.#texts = texts;
    this.#show();
  }

  /** Called whenever the focus comes in; what could not be had then is tried again. */
  async #loadPublicCodes() {
    const client = this.client;
    if (client === this.#publicCodesOf) return;
    this.#publicCodesOf = client;
    const answers = await loadPublicCodes(client);
    if (client !== this.#client) return;
    this.#publicCodes = answers;
    if (!answers) this.#publicCodesOf = null;
  }

  /** @param {InputEvent} event */
  #onInput(event) {
    // An unfinished composition is nobody's code yet.
    if (event.isComposing) return;
    this.#onEdit();
    if (event.inputType === "insertFromPaste" || event.inputType === "insertFromDrop") {
      this.validate();
    }
  }

  /** What was said is no longer about what stands in the input. */
  #onEdit() {
    const typed = this.input?.value ?? "";
    if (typed === this.#asked) return;
    this.#withdraw();
    this.#isAsking = false;
    this.#asked = null;
    const malformed = this.#malformed(typed);
    if (malformed && malformed !== "empty") {
      this.#settle("refused", { valid: false, reason: "malformed", detail: malformed });
    } else {
      this.#enter("idle", null);
    }
  }

  #onChange() {
    // The focus has not moved yet. If it goes to our own button, the press will ask.
    setTimeout(() => {
      const isAnswered = this.input?.value === this.#asked;
      if (isAnswered || !this.input?.value || this.shadowRoot?.activeElement) return;
      this.validate();
    });
  }

  /** @param {KeyboardEvent} event */
  #onKeyDown(event) {
    // Safari ends a composition before it reports the key that did, which it marks by this number.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || isComposing || event.target !== this.input) return;
    // The code was meant, not the order.
    event.preventDefault();
    this.validate();
  }

  /** @param {MouseEvent} event */
  #onPress(event) {
    // The second half of a double click would take back what the first has applied.
    if (this.#state === "checking" || event.detail > 1) return;
    if (!this.#answer?.valid) {
      this.validate();
      return;
    }
    this.clear();
    this.input?.focus();
  }

  #onOnline = () => {
    if (this.#state === "offline" || this.#state === "provisional") this.validate();
  };

  /** Asks again, if what is said or being asked is about another cart. */
  #recheckSoon() {
    clearTimeout(this.#recheckTimer);
    this.#recheckTimer = setTimeout(() => {
      if (!this.isConnected || this.#asked === null) return;
      if (this.#askedCart === JSON.stringify(this.cart)) return;
      if (this.#isAsking || dependsOnCart(this.#answer)) this.validate();
    }, RECHECK_DELAY_MS);
  }

  /** @param {string} typed */
  #malformed(typed) {
    if (this.#engine) return this.#engine.checkCode(typed).malformed;
    return typed.trim() ? undefined : "empty";
  }

  /**
   * There is an answer.
   *
   * @param {State} state
   * @param {Answer} answer
   */
  #settle(state, answer) {
    const isSaid = this.#state === state && JSON.stringify(this.#answer) === JSON.stringify(answer);
    this.#enter(state, answer);
    if (isSaid) return;
    this.dispatchEvent(new PromoCodeEvent("promo-code-validated", answer, state === "provisional"));
  }

  /**
   * There is none, and the shopper can do something about it. A yes that stood is kept: a page on a
   * train must not change its mind with every tunnel.
   *
   * @param {State} state
   * @param {keyof Texts} notice
   */
  #fail(state, notice) {
    const kept = this.#answer?.valid ? this.#answer : null;
    if (!kept) this.#enter(state, null, notice);
    else this.#enter("provisional", kept, state === "offline" ? "provisional_offline" : notice);
  }

  /**
   * @param {State} state
   * @param {Answer | null} answer
   * @param {keyof Texts | null} [notice]
   */
  #enter(state, answer, notice = null) {
    const isCleared = this.#answer !== null && answer === null;
    this.#state = state;
    this.#answer = answer;
    this.#notice = notice;
    this.#show();
    if (isCleared) this.dispatchEvent(new PromoCodeEvent("promo-code-cleared"));
  }

  /** Writes what has changed. */
  #show() {
    const state = this.#state;
    if (this.getAttribute("state") !== state) this.setAttribute("state", state);
    this.#internals.states.clear();
    this.#internals.states.add(state);
    const isRefused = state === "refused" && this.#answer !== null;
    if (isRefused) this.input?.setAttribute("aria-invalid", "true");
    else this.input?.removeAttribute("aria-invalid");
    this.#face.showIcon(state);
    if (!this.#texts) return;
    const texts = { ...this.#texts, ...this.#ownTexts };
    const action = state === "checking" ? "checking" : this.#answer?.valid ? "remove" : "apply";
    this.#face.button.setAttribute("aria-disabled", String(state === "checking"));
    this.#face.showAction(texts, action);
    const isConfirming = state === "provisional" && !this.#notice;
    write(this.#face.note, isConfirming ? texts.provisional : "");
    write(this.#message, compose(this.#answer, this.#notice, texts, this.#lang));
  }
}
