/**
 * What a page is told by its field, and what its field asks.
 * @module
 */

/** @typedef {import("./shop.mjs").Visit} Visit */

/** Writes down the events of the field. @param {Visit} visit */
export async function record(visit) {
  await visit.page.evaluate(() => {
    /** @type {unknown[]} */
    const events = [];
    Object.assign(globalThis, { events });
    for (const what of ["validating", "validated", "refused", "error", "cleared"]) {
      document.addEventListener(`promo-code-${what}`, (/** @type {any} */ event) => {
        const { code, provisional, answer, failure } = event;
        const reason = answer?.reason ?? failure?.outcome;
        events.push([what, code, ...(provisional ? ["provisional"] : []), reason].filter(Boolean));
      });
    }
  });
  return () => visit.page.evaluate(() => /** @type {any} */ (globalThis).events.splice(0));
}

/** Bodies of the questions. @param {Visit} visit @returns {any[]} */
export function questions(visit) {
  /** @type {any[]} */
  const asked = [];
  visit.page.on("request", (request) => {
    if (/\/v1\/validate$/.test(request.url())) asked.push(request.postDataJSON());
  });
  return asked;
}
