/** Whole numbers as they are written: 1,049. */
export const count = new Intl.NumberFormat("en-US");

/** "1 kill", "1,049 kills"; `more` where the word takes another end than -s. */
export function plural(n: number, one: string, more = `${one}s`): string {
  return `${count.format(n)} ${n === 1 ? one : more}`;
}
