/**
 * Who is signed in: a token, kept by this tab and by nothing else. It is in no address, so that no
 * history, log or shared link has it, and the tab's end is its end.
 * @module
 */

const TOKEN = "promo-edge-token";

/** @returns {string | null} */
export function storedToken() {
  return sessionStorage.getItem(TOKEN);
}

/** @param {string} token */
export function storeToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
}
