/**
 * What every page of the shop has around it, and the few things that all of them show.
 * @module
 */

import { readFileSync } from "node:fs";

import { formatMoney } from "../../www/promo-edge/messages.js";
import { Markup, html } from "./html.mjs";

export const CURRENCY = "USD";
export const PRICE_MINOR = 6400;
export const LANTERN = new Markup(
  readFileSync(new URL("lantern.svg", import.meta.url), "utf8"),
);
const MARK = new Markup(
  '<path class="mark" d="M16 2 9 12h4L7 20h6v10h6V20h6l-6-8h4Z"/>' +
    '<circle class="flame" cx="16" cy="17.5" r="2.6"/>',
);

/** @param {number} minor */
export function money(minor) {
  return formatMoney(minor, CURRENCY, "en");
}

/**
 * @param {string} title
 * @param {Markup} main
 * @returns {string} the whole document
 */
export function page(title, main) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Larch &amp; Lantern</title>
<link rel="icon" href="/shop/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/shop/tokens.css">
<link rel="stylesheet" href="/shop/shop.css">
<link rel="stylesheet" href="/shop/summary.css">
<link rel="stylesheet" href="/origin.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
  <a class="brand" href="/">
    <svg viewBox="0 0 32 32" aria-hidden="true">${MARK}</svg>
    <span translate="no">Larch <i>&amp;</i> Lantern</span>
  </a>
  <p class="tag">Demo shop on its own server</p>
</header>
<main id="main" tabindex="-1">${main}</main>
<footer class="foot">
  <p>Larch &amp; Lantern does not exist, nor do its partners. This page comes from a server of the
    shop’s own; promo-edge stands in front of it.</p>
</footer>
</body>
</html>
`.text;
}
