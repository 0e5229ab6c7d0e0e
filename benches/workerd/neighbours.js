/**
 * A queue and a database that cost nothing, for a bare workerd: messages are delivered as they
 * come, and every statement has been run. In production both are other machines.
 * @module
 */

export default {
  /** @param {Request} request @param {{OURS: any}} env */
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname !== "/message") return Response.json({ success: true, results: [], meta: {} });
    const body = await request.text();
    const message = { id: crypto.randomUUID(), timestamp: new Date(), body, attempts: 1 };
    await env.OURS.queue("promo-edge-reports", [message]);
    return Response.json({ metadata: { metrics: {} } });
  },
};
