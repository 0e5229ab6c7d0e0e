/**
 * Vendure counts every currency in one unit, hundredths unless its money strategy says otherwise;
 * promo-edge counts each in its own minor unit.
 */

/** By how many digits a currency's minor unit differs from Vendure's. */
function shiftOf(currency: string, precision: number): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return (format.resolvedOptions().maximumFractionDigits ?? precision) - precision;
}

/** An amount of Vendure's in the currency's minor unit. */
export function toMinor(amount: number, currency: string, precision: number): number {
  return Math.round(amount * 10 ** shiftOf(currency, precision));
}

/** An amount in the currency's minor unit as Vendure has it. */
export function fromMinor(minor: number, currency: string, precision: number): number {
  return Math.round(minor / 10 ** shiftOf(currency, precision));
}
