/** Holds src/eve to internal/eve: both read the same golden file, written by the Go side. */

import { describe, expect, test } from "vitest";
import golden from "../../../internal/eve/testdata/golden.json";
import { HULL_CLASSES, hullLabel, hullOrder } from "./hulls";
import { formatIsk } from "./isk";
import { displayedSecurity, formatSecurity, SPACES } from "./security";
import { eveTime } from "./time";

describe("security", () => {
  test.each(golden.security)("$true shows $text", ({ true: security, display, text }) => {
    expect(displayedSecurity(security)).toBe(display);
    expect(formatSecurity(security)).toBe(text);
  });
});

describe("ISK", () => {
  test.each(golden.isk)("$isk is $short", ({ isk, short }) => expect(formatIsk(isk)).toBe(short));
});

describe("time", () => {
  test.each(golden.times)("$time", ({ time, eve }) => {
    expect(eveTime(new Date(time))).toBe(eve);
  });
});

test("spaces", () => expect(SPACES.map(([key]) => key)).toEqual(golden.spaces));

test("hull classes, in order", () => {
  expect(HULL_CLASSES).toEqual(golden.hull_classes.map((c) => c.class));
  for (const [order, want] of golden.hull_classes.entries()) {
    expect(hullOrder(want.class)).toBe(order);
    expect(hullLabel(want.class)).toBe(want.label);
  }
});
