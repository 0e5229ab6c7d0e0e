/**
 * Requests over connections that stay open, a few at a time.
 * @module
 */

import { Agent, request } from "node:http";

const CONNECTIONS = 16;

/**
 * @typedef {object} Asked
 * @property {number} port on 127.0.0.1
 * @property {string} path
 * @property {string} body
 * @property {Record<string, string>} headers
 */

export class Load {
  constructor() {
    this.agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  }

  /**
   * Sends so many requests, beginning anywhere in the list and going round it.
   *
   * @param {Asked[]} asked
   * @param {number} count
   * @param {number} first
   */
  async send(asked, count, first) {
    let sent = 0;
    const lane = async () => {
      while (sent < count) {
        const next = asked[(first + sent) % asked.length];
        sent += 1;
        await this.ask(next);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  }

  /**
   * @param {Asked} asked
   * @returns {Promise<string>} the body of the answer
   * @throws when the status is neither 200 nor 201
   */
  ask({ port, path, body, headers }) {
    const { agent } = this;
    const size = { "content-length": Buffer.byteLength(body) };
    const all = { "content-type": "application/json", ...size, ...headers };
    const options = { agent, host: "127.0.0.1", port, path, method: "POST", headers: all };
    return new Promise((resolve, reject) => {
      const sending = request(options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part) => (text += part));
        response.on("error", reject).on("end", () => {
          if (response.statusCode === 200 || response.statusCode === 201) resolve(text);
          else reject(new Error(`${path}: ${response.statusCode} ${text.slice(0, 500)}`));
        });
      });
      sending.on("error", reject).end(body);
    });
  }

  close() {
    this.agent.destroy();
  }
}
