/**
 * Why promo-edge has not done what it was asked.
 * @module
 */

/** @typedef {import("./shapes.js").Problem} Problem */

/** What to do where the answer does not say it. @type {Record<number, string>} */
const REMEDIES = {
  401: "check the token: it must be one of this program, with the scope `credit`",
  404: "check the setting `url`, and that the order has been recorded",
};
const UNREACHABLE = "check the setting `url`, and ask again: nothing is recorded twice";

/** That promo-edge has not done what it was asked. */
export class PromoEdgeError extends Error {
  name = "PromoEdgeError";

  /**
   * @param {string} message
   * @param {object} [facts]
   * @param {number | null} [facts.status] of the answer; null when none came
   * @param {Problem | null} [facts.problem] the problem document, when there was one
   * @param {number | null} [facts.retryAfterMs] when the answer says to ask again
   * @param {unknown} [facts.cause]
   */
  constructor(message, { status = null, problem = null, retryAfterMs = null, cause } = {}) {
    super(message, { cause });
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same question may be answered another time. */
  get isPassing() {
    const { status } = this;
    return status === null || status === 429 || status >= 500;
  }

  /** What to do about it, for whoever runs the shop. */
  get remedy() {
    if (this.problem?.remedy) return this.problem.remedy;
    if (this.status === null) return UNREACHABLE;
    return REMEDIES[this.status] ?? (this.isPassing ? "ask again later" : "mend the request");
  }
}

/** That the order is recorded already, and was another then. It stays as it was. */
export class OrderDiffersError extends PromoEdgeError {
  name = "OrderDiffersError";

  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail, { status: problem.status, problem });
    /** What differs, such as `subtotal_minor`. */
    this.field = problem.path ?? "";
  }
}

const DIFFERS = "/problems/order-exists";

/**
 * The error that an answer is.
 *
 * @param {Response} response
 * @param {unknown} body parsed when it is JSON, else null
 */
export function errorOf({ status, headers }, body) {
  const problem = isProblem(body) ? body : null;
  if (problem?.type === DIFFERS) return new OrderDiffersError(problem);
  const moved = status >= 300 && status < 400 && headers.get("location");
  const said = problem?.detail ?? (moved ? `answered by a redirect to ${moved}` : null);
  const retryAfterMs = retryAfter(headers.get("retry-after"));
  return new PromoEdgeError(said ?? `answered ${status}`, { status, problem, retryAfterMs });
}

/** @param {unknown} body @returns {body is Problem} */
function isProblem(body) {
  return typeof (/** @type {Partial<Problem> | null} */ (body)?.detail) === "string";
}

/** In milliseconds; null when it is missing or a date. @param {string | null} header */
function retryAfter(header) {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : null;
}
