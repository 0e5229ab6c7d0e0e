/**
 * A KV namespace for a bare workerd: the folder that `promo build` writes, by key.
 * @module
 */

export default {
  /** @param {Request} request @param {{FOLDER: {fetch(url: string): Promise<Response>}}} env */
  async fetch(request, env) {
    const key = decodeURIComponent(new URL(request.url).pathname.slice(1));
    return env.FOLDER.fetch(`http://folder/${key.startsWith("r/") ? "root" : key}`);
  },
};
