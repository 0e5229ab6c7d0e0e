/**
 * `<promo-code>`: makes a label and an input that work by themselves into a field that answers.
 * @module
 */

import { AppliedCodes } from "./applied.js";
import { CART_ATTRIBUTES, ReflectingElement, checkedPrefixes, takeUp } from "./attributes.js";
import { BROKEN, createClient, dependsOnCart } from "./client.js";
import { PromoCodeEvent } from "./event.js";
import { LocalAnswers } from "./local.js";
import { INPUT, setValue } from "./markup.js";
import { Outcome, excuse } from "./outcome.js";
import { Question } from "./question.js";
import { Signals } from "./signals.js";
import { listenToTyping } from "./typing.js";

/** @typedef {import("./applied.js").AppliedCode} AppliedCode */
/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./client.js").RefusedAnswer} RefusedAnswer */
/** @typedef {import("./client.js").Reply} Reply */
/** @typedef {import("./client.js").ValidAnswer} ValidAnswer */
/** @typedef {import("./event.js").Failure} Failure */
/** @typedef {import("./messages.js").Said} Said */

/**
 * Attributes: see {@link ReflectingElement}, and `lang`. Inside: a `<label>` and an `<input>`. The
 * attribute and custom state `state` says where the field is.
 */
export class PromoCodeElement extends ReflectingElement {
  static formAssociated = true;
  static observedAttributes = ["endpoint", "lang", "max-codes", ...CART_ATTRIBUTES];

  /** @param {string} [tag] @param {CustomElementRegistry} [registry] */
  static define(tag = "promo-code", registry = globalThis.customElements) {
    registry?.define(tag, this);
  }

  #internals = this.attachInternals();
  #outcome = new Outcome(this, this.#internals, (code) => this.#takeBack(code));
  #local = new LocalAnswers();
  #signals = new Signals();
  #applied = new AppliedCodes({
    tell: (event) => this.dispatchEvent(event),
    onChange: () => this.#showApplied(),
    onAnswers: (codes) => this.#outcome.tellNews(codes, this.#question.text !== null),
  });
  /** @type {Client | null} */
  #client = null;
  #question = new Question();
  #isComposing = false;
  /** @type {HTMLInputElement | null} the input that was there last */
  #adopted = null;

  constructor() {
    super();
    const { button, suggestion, field } = this.#outcome.face;
    listenToTyping(this, {
      onEdit: () => this.#onEdit(),
      onCompose: (isComposing) => this.#onCompose(isComposing),
      onAsk: () => this.#onAsk(),
      onLeave: () => this.#onLeave(),
      onOwn: (text) => this.#signals.trust(text),
    });
    this.addEventListener("focusin", () => {
      this.#outcome.attach();
      this.#local.loadPublicCodes(this.client);
    });
    field.addEventListener("slotchange", () => this.#adopt());
    // Losing the focus would ask, and the press would meet a button that says something else.
    for (const pressed of [button, suggestion]) {
      pressed.addEventListener("pointerdown", (event) => event.preventDefault());
    }
    button.addEventListener("click", (event) => this.#onPress(event));
    suggestion.addEventListener("click", () => this.#takeSuggestion());
  }

  connectedCallback() {
    takeUp(this, ["client", "items", "messages"]);
    globalThis.addEventListener("online", this.#onOnline);
    globalThis.addEventListener("pageshow", this.#onReturn);
    this.#resume();
    this.#adopt();
    this.#outcome.learnLanguage();
    this.#local.loadEngine();
  }

  disconnectedCallback() {
    globalThis.removeEventListener("online", this.#onOnline);
    globalThis.removeEventListener("pageshow", this.#onReturn);
    this.#withdraw();
    this.#applied.stop();
    if (this.state === "checking") this.#outcome.enter("idle");
  }

  /** @param {string} name @param {string | null} old @param {string | null} now */
  attributeChangedCallback(name, old, now) {
    if (old === now) return;
    if (name === "endpoint") this.#replaceClient(null);
    else if (name === "lang") this.#outcome.learnLanguage();
    else this.#recheckSoon();
  }

  /** The browser brings back the codes that the form had. @param {FormData | null} state */
  formStateRestoreCallback(state) {
    this.#applied.restore(state?.getAll(this.input?.name ?? "") ?? []);
    this.#recheckSoon();
  }

  formResetCallback() {
    this.#applied.clear();
    this.#question.forget();
    this.#signals.trust(this.input?.value ?? "");
    this.#onEdit();
  }

  /** @param {boolean} isDisabled */
  formDisabledCallback(isDisabled) {
    this.#outcome.disable(isDisabled);
  }

  /** The page's input, once it is there. */
  get input() {
    return /** @type {HTMLInputElement | null} */ (this.querySelector(INPUT));
  }

  /** The form that the codes go with. */
  get form() {
    return this.#internals.form;
  }

  /** Where the field is. */
  get state() {
    return this.#outcome.state;
  }

  /** The answer that stands, the Worker's or, while `state` is `provisional`, this browser's. */
  get answer() {
    return this.#outcome.said.answer;
  }

  /**
   * The codes that the order has: those of the list where `maxCodes` allows several, else the one
   * in the input if it is valid.
   *
   * @returns {AppliedCode[]}
   */
  get applied() {
    if (this.takesSeveral) return this.#applied.valid;
    const { answer, state } = this;
    if (!answer?.valid) return [];
    return [{ code: answer.code, answer, provisional: state === "provisional" }];
  }

  /** Asks the Worker; may be replaced, which tests do. */
  get client() {
    return (this.#client ??= createClient({ endpoint: this.endpoint ?? undefined }));
  }

  set client(client) {
    this.#replaceClient(client);
  }

  /** Texts that replace the package's own, by key. */
  get messages() {
    return this.#outcome.messages;
  }

  set messages(texts) {
    this.#outcome.messages = texts;
  }

  /** Asks about what the input holds. Typing or asking again makes an answer still to come void. */
  async validate() {
    const typed = this.input?.value ?? "";
    if (this.#isComposing) return;
    if (typed !== this.#question.text) this.#onEdit();
    this.#withdraw();
    const isNewest = this.#question.ask(typed, this.cart);
    const refusal =
      this.#local.refusal(typed, checkedPrefixes(this)) ??
      (this.takesSeveral ? this.#applied.refusal(typed, this.maxCodes) : undefined);
    this.#question.isOpen = !refusal;
    if (refusal) return this.#refuse(refusal);
    const local = this.#local.answer(typed, this.cart);
    const suggestion = local ? undefined : this.#local.suggestion(typed);
    if (local?.valid) this.#accept(local, true);
    else if (local) this.#refuse(local);
    else if (!this.#outcome.standing) this.#enter("checking", { suggestion, typed });
    this.toggleAttribute("data-busy", true);
    this.dispatchEvent(new PromoCodeEvent("promo-code-validating", typed));
    const signals = this.#signals.report(typed, performance.now());
    const reply = await this.client.validate(typed, this.cart, signals).catch(() => BROKEN);
    if (isNewest()) this.#onReply(reply, suggestion);
  }

  /** Takes the codes back and empties the input. */
  clear() {
    const hadAny = this.applied.length > 0;
    this.#applied.clear();
    this.#write("");
    this.#enter("idle", hadAny ? { notice: "removed" } : {});
  }

  /** @param {Client | null} client `null`: one for `endpoint`, when it is needed */
  #replaceClient(client) {
    this.#withdraw();
    this.#applied.stop();
    this.#client = client;
    this.#local.forgetPublicCodes();
    if (this.#outcome.standing) this.#question.isOpen = true;
    this.#resume();
  }

  /** Asks what was cut off, or was about to be asked. */
  #resume() {
    if (!this.#question.isOpen) this.#recheckSoon();
    else if (this.isConnected) this.validate();
  }

  /** Gives up what is under way or about to be asked. */
  #withdraw() {
    this.#question.withdraw();
    this.#client?.abort();
    this.removeAttribute("data-busy");
  }

  /** Takes the page's input into service, whenever it is another. */
  #adopt() {
    const input = this.input;
    if (!input || input === this.#adopted) return;
    this.#adopted = input;
    this.#signals.trust(input.value);
    if (input.value) this.validate();
    else if (this.#question.text !== null) this.#onEdit();
  }

  /** What was said is no longer about what stands in the input. */
  #onEdit() {
    const typed = this.input?.value ?? "";
    if (typed === this.#question.text) return;
    this.#withdraw();
    this.#question.forget();
    const refusal = typed.trim() ? this.#local.refusal(typed) : undefined;
    if (refusal) this.#refuse(refusal);
    else this.#enter("idle");
  }

  /** A text that was not asked about is, when the shopper goes on. */
  #onLeave() {
    const text = this.input?.value;
    if (text && text !== this.#question.text) this.validate();
  }

  /** And when the shopper comes back to the page, and the browser has put it there. */
  #onReturn = () => {
    this.#signals.trust(this.input?.value ?? "");
    this.#onLeave();
  };

  /** Asks, unless just this is being asked already. */
  #onAsk() {
    const isSame = this.#question.isOpen && this.#question.text === this.input?.value;
    if (!isSame || this.#question.isOutdated(this.cart)) this.validate();
  }

  /** What was said and asked is not about a text that an input method is at work on. */
  #onCompose(/** @type {boolean} */ isComposing) {
    this.#isComposing = isComposing;
    if (!isComposing) return;
    this.#withdraw();
    this.#question.forget();
    this.#enter("idle");
  }

  /** @param {MouseEvent} event */
  #onPress(event) {
    // The second half of a double click would take back what the first has applied.
    if (this.state === "checking" || event.detail > 1) return;
    if (!this.#outcome.standing) return void this.validate();
    this.clear();
    this.input?.focus();
  }

  #onOnline = () => {
    const waits = this.state === "provisional" && this.#outcome.standing;
    if (this.state === "offline" || waits) this.validate();
    this.#applied.recheck(this.client, this.cart);
  };

  #takeSuggestion() {
    this.#write(this.#outcome.said.suggestion ?? "");
    this.input?.focus();
    this.validate();
  }

  /** Takes one of several codes back. @param {string} code */
  #takeBack(code) {
    const index = this.#applied.all.findIndex((one) => one.code === code);
    this.#applied.remove(code);
    if (this.#question.text === null) this.#enter("idle", { notice: "removed", about: code });
    if (!this.#outcome.face.chips.focusNear(index)) this.input?.focus();
  }

  /** Asks again, if what is said or being asked is about another cart. */
  #recheckSoon() {
    this.#applied.recheckSoon(() => this);
    this.#question.soon(() => {
      if (!this.isConnected || !this.#question.isOutdated(this.cart)) return;
      if (this.#question.isOpen || dependsOnCart(this.answer)) this.validate();
    });
  }

  /** @param {Reply} reply @param {string} [suggestion] */
  #onReply(reply, suggestion) {
    this.#question.isOpen = false;
    this.removeAttribute("data-busy");
    if (reply.outcome === "superseded") {
      // Withdrawn by somebody else who has the client.
      this.#question.forget();
      if (this.state === "checking") this.#enter("idle");
    } else if (reply.outcome !== "answered") this.#fail(reply);
    else if (reply.answer.valid) this.#accept(reply.answer, false);
    else this.#refuse(reply.answer, suggestion);
  }

  /**
   * A yes. Of several codes one stays in the input until the Worker has said it.
   *
   * @param {ValidAnswer} answer
   * @param {boolean} provisional
   * @param {Partial<Said>} [beside]
   */
  #accept(answer, provisional, beside = {}) {
    const state = provisional ? "provisional" : "valid";
    const isListed = this.takesSeveral && (!provisional || beside.notice);
    const isSaid = this.#outcome.isSaying(state, answer);
    if (isListed) {
      this.#outcome.enter("idle");
      this.#write("");
      this.#applied.add(answer, provisional, this.cart);
    }
    this.#enter(state, { answer, about: isListed ? answer.code : undefined, ...beside });
    if (isSaid && !isListed) return;
    const details = { answer, provisional };
    this.dispatchEvent(new PromoCodeEvent("promo-code-validated", answer.code, details));
  }

  /** A no. @param {RefusedAnswer} answer @param {string} [suggestion] */
  #refuse(answer, suggestion) {
    const typed = this.input?.value ?? "";
    const isSaid = this.#outcome.isSaying("refused", answer);
    if (isSaid && suggestion === this.#outcome.said.suggestion) return;
    this.#enter("refused", { answer, suggestion, typed });
    if (!isSaid) this.dispatchEvent(new PromoCodeEvent("promo-code-refused", typed, { answer }));
  }

  /**
   * No answer, and the shopper can do something about it. A yes that stood is kept: a page on a
   * train must not change its mind with every tunnel.
   *
   * @param {Failure} failure
   */
  #fail(failure) {
    const kept = this.#outcome.standing;
    const typed = this.input?.value ?? "";
    const state = failure.outcome === "offline" ? "offline" : "error";
    if (kept) this.#accept(kept, true, excuse(failure, true));
    else this.#enter(state, excuse(failure, false));
    const details = { answer: kept, provisional: kept !== null, failure };
    this.dispatchEvent(new PromoCodeEvent("promo-code-error", typed, details));
    // A browser that knows that it is offline says when it no longer is.
    if (state === "offline" && navigator.onLine) this.#question.later(this.#onOnline);
  }

  /**
   * @param {import("./outcome.js").State} state
   * @param {Partial<Said>} [said]
   */
  #enter(state, said) {
    const stood = this.#outcome.standing;
    this.#outcome.enter(state, said);
    if (!stood || said?.answer) return;
    this.dispatchEvent(new PromoCodeEvent("promo-code-cleared", stood.code));
  }

  /** Shows the list of codes, and has the form submit them as it would several inputs. */
  #showApplied() {
    this.#outcome.list(this.#applied.all);
    const name = this.input?.name;
    if (name) this.#internals.setFormValue(...this.#applied.asFormValue(name));
  }

  /** Puts a text into the input. Frameworks that keep its value must hear of it, and so do we. */
  #write(/** @type {string} */ text) {
    if (!this.input) return;
    setValue(this.input, text);
    this.#signals.trust(text);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
