import { render, screen } from "@testing-library/react";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Timeline } from "./Timeline";
import type { TimelineMark } from "./timelineDrawing";

const width = Object.getOwnPropertyDescriptor(Element.prototype, "clientWidth");
beforeAll(() => {
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { value: 1_000, configurable: true });
});
afterAll(() => {
  if (width) Object.defineProperty(HTMLElement.prototype, "clientWidth", width);
});

test("what lies over the chart, and how far its legend counts, do not draw it again", () => {
  const marks: TimelineMark[] = [{ at: 10_000, side: "A", kind: "value", label: "Muninn −1.20b" }];
  const drawn = vi.spyOn(marks, "map");
  const chart = {
    buckets: [{ at: 0, sides: { A: { ships: 1, isk: 1.2e9 } } }],
    bucketSeconds: 60,
    sides: ["A"],
    losses: [{ at: 10_000, side: "A", isk: 1.2e9, counted: true }],
    marks,
    summary: "1 kill",
    height: 136,
  };
  const { rerender } = render(
    <Timeline {...chart} until={null}>
      {() => <i>first</i>}
    </Timeline>,
  );
  const before = drawn.mock.calls.length;
  expect(before).toBeGreaterThan(0);
  rerender(
    <Timeline {...chart} until={5_000}>
      {() => <i>second</i>}
    </Timeline>,
  );
  expect(screen.getByText("second")).toBeTruthy();
  expect(drawn).toHaveBeenCalledTimes(before);
});
