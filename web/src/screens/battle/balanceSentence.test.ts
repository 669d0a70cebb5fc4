import { expect, test } from "vitest";
import type { Side } from "../../api/model";
import { balanceSentence } from "./balanceSentence";

const side = (id: string, pilots: number, isk_lost: number) =>
  ({
    id,
    pilots,
    isk_lost,
    members: [{ entity: { type: "alliance", id: pilots, name: `Alliance of ${id}` } }],
  }) as unknown as Side;

test("two sides are compared, the heavier loss first", () => {
  expect(balanceSentence([side("A", 845, 343e9), side("B", 714, 188e9)])).toBe(
    "Alliance of A (A) lost 1.8 times the ISK of Alliance of B (B): 343b against 188b.",
  );
  expect(balanceSentence([side("A", 5, 1.05e9), side("B", 5, 1e9)])).toContain("Even in ISK");
  expect(balanceSentence([side("A", 5, 0), side("B", 5, 1e9)])).toBe(
    "Alliance of B (B) lost 1.00b ISK, Alliance of A (A) nothing of known value.",
  );
});

test("of more sides the one that lost most is told", () => {
  expect(balanceSentence([side("A", 69, 4e9), side("B", 58, 3e9), side("C", 46, 47e9)])).toBe(
    "Alliance of C (C) lost 87% of the ISK, 47.0b of 54.0b; Alliance of A (A) 4.00b.",
  );
});

test("nothing is said of one side, or of unknown values", () => {
  expect(balanceSentence([side("A", 5, 1e9)])).toBe("");
  expect(balanceSentence([side("A", 5, 0), side("B", 5, 0)])).toBe("");
});
