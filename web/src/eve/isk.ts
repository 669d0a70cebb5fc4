/**
 * ISK as players write it. Kept equal to internal/eve by golden.json.
 * An unknown amount is null and never 0: it shows as "unknown".
 */

/** Units from the smallest, each with its size in ISK. */
const UNITS: readonly (readonly [string, number])[] = [
  ["", 1],
  ["k", 1e3],
  ["m", 1e6],
  ["b", 1e9],
  ["t", 1e12],
];

/**
 * Three significant digits and a lower-case unit: 1.23b, 12.3b, 123b; whole ISK
 * below 1,000. Rounds half away from zero and carries into the next unit.
 */
export function formatIsk(isk: number | null | undefined): string {
  if (isk == null || !Number.isFinite(isk)) return "unknown";
  const cents = Math.round(Math.abs(isk) * 100);
  for (const [suffix, size] of UNITS) {
    for (const decimals of suffix === "" ? [0] : [2, 1, 0]) {
      const digits = Math.round(cents / ((size * 100) / 10 ** decimals));
      const last = suffix === "t" && decimals === 0;
      if (digits >= 1000 && !last) continue;
      if (digits === 0) return "0";
      return `${isk < 0 ? "-" : ""}${(digits / 10 ** decimals).toFixed(decimals)}${suffix}`;
    }
  }
  return "unknown"; // not reached: the last unit takes every amount
}

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** The whole amount with separators, for tooltips and copying: "1,234,567,890 ISK". */
export function fullIsk(isk: number | null | undefined): string {
  if (isk == null || !Number.isFinite(isk)) return "value unknown";
  return `${WHOLE.format(isk)} ISK`;
}

/** Reads "500m", "1.5b", "2 000 000" as players type it; null when it is no amount. */
export function parseIsk(text: string): number | null {
  const match = /^\s*(\d[\d\s,_]*(?:\.\d+)?)\s*([kmbt]?)\s*(?:isk)?\s*$/i.exec(text);
  if (!match?.[1]) return null;
  const unit = match[2]?.toLowerCase();
  const size = UNITS.find(([suffix]) => suffix === unit)?.[1] ?? 1;
  const value = Number(match[1].replace(/[\s,_]/g, "")) * size;
  return Number.isFinite(value) ? value : null;
}
