/**
 * How every page begins.
 * @module
 */

import { html, useEffect, useRef } from "../vendor/preact.js";

/**
 * The heading of a page. It takes the focus when the page is shown, so that it is read first and
 * the next key goes on from there.
 *
 * @param {{ title: any, name?: string, lead?: any, actions?: any,
 *   back?: [string, string] }} props `name` is for the tab, where the title is no text
 */
export function PageHead({ title, name = title, lead, actions, back }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, []);
  useEffect(() => {
    document.title = `${name} · promo-edge`;
  }, [name]);
  return html`
    <div class="page-head">
      ${back && html`<p class="back"><a href=${back[0]}>← ${back[1]}</a></p>`}
      <div class="page-title">
        <h1 ref=${heading} tabindex="-1">${title}</h1>
        ${actions && html`<div class="actions">${actions}</div>`}
      </div>
      ${lead && html`<p class="lead">${lead}</p>`}
    </div>`;
}
