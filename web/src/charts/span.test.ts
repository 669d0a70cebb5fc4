import { describe, expect, test } from "vitest";
import { brushed, moved, openEnds, snap, snapStep, windowOf, withEnd } from "./span";

const at = (time: string) => Date.parse(`2021-11-28T${time}Z`);
const SPAN = { from: at("10:20:00"), to: at("14:05:00") };
const MINUTE = 60_000;

test.each([
  [1_300, 30_000],
  [300, 300_000],
  [27_000, 1_000],
])("over %d pixels it snaps to %d ms", (pixels, want) => {
  expect(snapStep(SPAN, pixels)).toBe(want);
});

test("snaps to round times, and to the ends when close", () => {
  expect(snap(at("11:00:20"), SPAN, MINUTE)).toBe(at("11:00:00"));
  expect(snap(at("10:20:20"), SPAN, MINUTE)).toBe(SPAN.from);
  expect(snap(at("14:04:40"), SPAN, MINUTE)).toBe(SPAN.to);
  expect(snap(at("09:00:00"), SPAN, MINUTE)).toBe(SPAN.from);
});

describe("brushing", () => {
  test("works in either direction and is never empty", () => {
    const want = { from: at("11:00:00"), to: at("11:30:00") };
    expect(brushed(at("11:00:00"), at("11:30:00"), SPAN, MINUTE)).toEqual(want);
    expect(brushed(at("11:30:00"), at("11:00:00"), SPAN, MINUTE)).toEqual(want);
    const point = brushed(at("14:05:00"), at("14:05:00"), SPAN, MINUTE);
    expect(point).toEqual({ from: SPAN.to - 1_000, to: SPAN.to });
  });

  test("an end stops at the other end and at the span", () => {
    const window = { from: at("11:00:00"), to: at("11:30:00") };
    expect(withEnd(window, "from", at("12:00:00"), SPAN).from).toBe(window.to - 1_000);
    expect(withEnd(window, "to", at("10:00:00"), SPAN).to).toBe(window.from + 1_000);
    expect(withEnd(window, "from", 0, SPAN).from).toBe(SPAN.from);
    expect(withEnd(window, "to", at("20:00:00"), SPAN).to).toBe(SPAN.to);
  });

  test("a moved window keeps its length", () => {
    const window = { from: at("11:00:00"), to: at("11:30:00") };
    expect(moved(window, 10 * MINUTE, SPAN)).toEqual({ from: at("11:10:00"), to: at("11:40:00") });
    expect(moved(window, -300 * MINUTE, SPAN)).toEqual({ from: SPAN.from, to: SPAN.from + 30 * MINUTE });
  });
});

test("an end of the battle stays open, for it may grow", () => {
  expect(openEnds({ from: SPAN.from, to: at("11:30:00") }, SPAN)).toEqual({ to: at("11:30:00") });
  expect(openEnds(SPAN, SPAN)).toEqual({});
});

test.each([
  [undefined, undefined, null],
  ["2021-11-28T11:00:00Z", undefined, { from: at("11:00:00"), to: SPAN.to }],
  [undefined, "2021-11-28T11:00:00Z", { from: SPAN.from, to: at("11:00:00") }],
  ["2021-11-28T20:00:00Z", "2021-11-28T21:00:00Z", { from: SPAN.to - 1_000, to: SPAN.to }],
])("the window of ?from=%s&to=%s", (from, to, want) => {
  expect(windowOf(from, to, SPAN)).toEqual(want);
});
