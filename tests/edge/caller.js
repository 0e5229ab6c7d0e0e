/**
 * A Worker that is bound to ours and calls what it is told. Only tests run it.
 * @module
 */

export default {
  /** @param {Request} request @param {{PROMO: any}} env */
  async fetch(request, env) {
    const { method, args } = await request.json();
    try {
      return Response.json({ answer: await env.PROMO[method](...args) });
    } catch (error) {
      const { message, problem } = /** @type {any} */ (error);
      return Response.json({ message, problem });
    }
  },
};
