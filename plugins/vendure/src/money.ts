/**
 * Vendure counts every currency in one unit, hundredths unless its money strategy says otherwise;
 * promo-edge counts each in its own minor unit.
 */

/**
 * The digits after the point, where ISO 4217 says another number than two. `Intl` is no authority:
 * it takes the digits that are customary, and has none for the forint.
 */
const CURRENCIES_BY_DIGITS = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

/** How many digits a currency's minor unit has. */
export function currencyDigits(currency: string): number {
  const others = Object.entries(CURRENCIES_BY_DIGITS);
  return Number(others.find(([, some]) => some.includes(currency))?.[0] ?? 2);
}

/** By how many digits a currency's minor unit differs from Vendure's. */
function shiftOf(currency: string, precision: number): number {
  return currencyDigits(currency) - precision;
}

/** An amount of Vendure's in the currency's minor unit. */
export function toMinor(amount: number, currency: string, precision: number): number {
  return Math.round(amount * 10 ** shiftOf(currency, precision));
}

/** An amount in the currency's minor unit as Vendure has it. */
export function fromMinor(minor: number, currency: string, precision: number): number {
  return Math.round(minor / 10 ** shiftOf(currency, precision));
}
