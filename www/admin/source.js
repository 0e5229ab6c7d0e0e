/**
 * Lists that come in pages: what has arrived so far, and more when it is looked at.
 * @module
 */

import { PAGE_LIMIT } from "./api.js";
import { useEffect, useReducer, useRef } from "./vendor/preact.js";

/**
 * @template T
 * @typedef {object} Source
 * @property {T[]} items that have arrived
 * @property {number | null} total how many there are, where that is known
 * @property {boolean} isComplete
 * @property {boolean} isLoading
 * @property {any} problem of the last page
 * @property {(count: number) => void} reach fetches pages until there are so many items
 */

/** What a list holds at most: beyond it a filter finds things sooner than scrolling does. */
const MOST_ITEMS = 200_000;

/** One list under way. @template T */
class Pages {
  /** @type {T[]} */
  items = [];
  /** @type {number | null} */
  total = null;
  /** @type {string | null} */
  cursor = null;
  isComplete = false;
  isLoading = false;
  /** @type {any} */
  problem = null;
  wanted = 1;

  /**
   * @param {(cursor: string | null) => Promise<{ items: T[], next_cursor: string | null,
   *   total?: number | null }>} fetchPage
   * @param {(pages: Pages<T>) => void} onChange
   */
  constructor(fetchPage, onChange) {
    this.fetchPage = fetchPage;
    this.onChange = onChange;
  }

  /** @param {number} count */
  async reach(count) {
    this.wanted = Math.max(this.wanted, count);
    if (this.isLoading || this.isComplete) return;
    this.isLoading = true;
    this.problem = null;
    while (!this.isComplete && this.items.length < this.wanted && !this.problem) {
      await this.#fetchNext();
      this.onChange(this);
    }
    this.isLoading = false;
    this.onChange(this);
  }

  async #fetchNext() {
    try {
      const page = await this.fetchPage(this.cursor);
      for (const item of page.items) this.items.push(item);
      this.cursor = page.next_cursor;
      this.total = page.total ?? this.total;
      this.isComplete = page.next_cursor === null || this.items.length >= MOST_ITEMS;
    } catch (problem) {
      this.problem = problem;
    }
  }
}

/**
 * The pages of a list of the interface; they are fetched anew when path, query or turn change.
 *
 * @template T
 * @param {import("./api.js").Api} api
 * @param {string} path
 * @param {Record<string, string>} query
 * @param {number} [turn]
 * @param {number | null} [limit] of a page; null: the interface has one length for it
 * @returns {Source<T>}
 */
export function usePages(api, path, query, turn = 0, limit = PAGE_LIMIT) {
  const [, redraw] = useReducer((/** @type {number} */ count) => count + 1, 0);
  const key = JSON.stringify([path, query, turn]);
  const current = useRef(/** @type {{ key: string, pages: Pages<T> } | null} */ (null));
  if (current.current?.key !== key) {
    const fetchPage = (/** @type {string | null} */ cursor) =>
      api.get(path, { ...query, limit, cursor });
    const pages = new Pages(fetchPage, (changed) => {
      if (current.current?.pages === changed) redraw(0);
    });
    current.current = { key, pages };
  }
  const { pages } = current.current;
  useEffect(() => {
    pages.reach(1);
  }, [pages]);
  const { items, total, isComplete, isLoading, problem } = pages;
  return { items, total, isComplete, isLoading, problem, reach: (count) => pages.reach(count) };
}

/**
 * A list that is there as a whole.
 *
 * @template T
 * @param {T[]} items
 * @returns {Source<T>}
 */
export function wholeList(items) {
  const total = items.length;
  return { items, total, isComplete: true, isLoading: false, problem: null, reach: () => {} };
}
