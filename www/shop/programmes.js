/**
 * The sample programme and its twin that gives every reason. Which of the two answers follows from
 * the host name alone, as it does for any shop.
 * @module
 */

const TWIN = "detailed.";

/**
 * Links the two hosts to each other.
 *
 * @param {() => Record<string, string>} carry what the address takes along
 */
export function linkProgrammes(carry) {
  const isTwin = location.hostname.startsWith(TWIN);
  const plain = isTwin ? location.hostname.slice(TWIN.length) : location.hostname;
  link("#collapsed", plain, !isTwin, carry);
  link("#detailed", TWIN + plain, isTwin, carry);
  // An address of numbers has no names below it.
  const isAddress = /^[\d.]+$|:/.test(plain);
  document.querySelector("#programmes")?.toggleAttribute("hidden", isAddress);
}

/**
 * @param {string} selector
 * @param {string} hostname
 * @param {boolean} isCurrent
 * @param {() => Record<string, string>} carry
 */
function link(selector, hostname, isCurrent, carry) {
  const anchor = /** @type {HTMLAnchorElement} */ (document.querySelector(selector));
  const url = new URL(location.href);
  url.hostname = hostname;
  anchor.href = url.href;
  if (isCurrent) anchor.setAttribute("aria-current", "page");
  anchor.addEventListener("click", () => {
    url.search = String(new URLSearchParams(carry()));
    anchor.href = url.href;
  });
}
