/** Whole numbers as they are written: 1,049. */
export const count = new Intl.NumberFormat("en-US");

/** "1 kill", "1,049 kills"; `more` where the word takes another end than -s. */
export function plural(n: number, one: string, more = `${one}s`): string {
  return `${count.format(n)} ${n === 1 ? one : more}`;
}

const short = new Intl.NumberFormat("en-US", {
  notation: "compact",
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
});

/** Damage in thousands and millions, written like ISK but it is none: "554", "15.0k"; "–" when not known. */
export function compact(n: number | null): string {
  if (n === null) return "–";
  return n < 1000 ? count.format(n) : short.format(n).toLowerCase();
}
