import { expect, test } from "vitest";
import { sentence } from "./sentence";

test.each([
  ["battle 12 is not known", "Battle 12 is not known."],
  ["The report is of nothing yet.", "The report is of nothing yet."],
  ['from="soon" is no time', 'from="soon" is no time.'],
  ['"Jorundd" is no solar system', '"Jorundd" is no solar system.'],
  ["Which system?", "Which system?"],
])("%s", (text, want) => {
  expect(sentence(text)).toBe(want);
});
