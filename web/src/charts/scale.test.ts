import { describe, expect, test } from "vitest";
import { lastOfColumn, linear, niceCeil, stairs, timePlace, timeTicks } from "./scale";

test("a time stands under its tick, but within the axis", () => {
  expect([26, 40, 500, 995, 1000].map((x) => timePlace(x, 26, 1000))).toEqual([44, 44, 500, 982, 982]);
});

test("linear maps both ends and survives an empty domain", () => {
  const x = linear(10, 20, 0, 100);
  expect([x(10), x(15), x(20)]).toEqual([0, 50, 100]);
  expect(linear(5, 5, 7, 9)(5)).toBe(7);
});

describe("niceCeil", () => {
  test.each([
    [0, 1],
    [1, 1],
    [7, 8],
    [43, 50],
    [210, 300],
    [1.2e9, 2e9],
  ])("%d rises to %d", (max, want) => expect(niceCeil(max)).toBe(want));
});

test("time ticks fall on round EVE times and stay few", () => {
  const from = Date.UTC(2021, 10, 28, 10, 21);
  const ticks = timeTicks(from, Date.UTC(2021, 10, 28, 15, 4), 8).map((t) =>
    new Date(t).toISOString().slice(11, 16),
  );
  expect(ticks).toEqual(["11:00", "12:00", "13:00", "14:00", "15:00"]);
  expect(timeTicks(from, from + 40 * 86_400_000, 8).length).toBeLessThanOrEqual(8);
});

test("stairs hold a value until the next point", () => {
  expect(stairs([])).toBe("");
  expect(
    stairs([
      [0, 10],
      [5, 8],
    ]),
  ).toBe("M0 10H5V8");
});

test("of points in one pixel column the last one stays", () => {
  expect(
    lastOfColumn([
      [0.2, 1],
      [0.9, 2],
      [1.1, 3],
      [7, 4],
    ]),
  ).toEqual([
    [0.9, 2],
    [1.1, 3],
    [7, 4],
  ]);
});
