import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { linear } from "./scale";
import type { TimeWindow } from "./span";
import { TimelineBrush } from "./TimelineBrush";
import type { Frame } from "./timelineDrawing";

const at = (time: string) => Date.parse(`2021-11-28T${time}Z`);
const [FROM, TO] = [at("10:00:00"), at("12:00:00")];

/** One pixel is ten seconds. */
const FRAME: Frame = {
  from: FROM,
  to: TO,
  x: linear(FROM, TO, 30, 750),
  time: linear(30, 750, FROM, TO),
  left: 30,
  right: 750,
  height: 100,
};

function shown(window: TimeWindow | null) {
  const [onBrush, onSeek] = [vi.fn(), vi.fn()];
  const { container } = render(
    <TimelineBrush
      frame={FRAME}
      window={window}
      step={300_000}
      onBrush={onBrush}
      onSeek={onSeek}
      onHover={() => {}}
    />,
  );
  const layer = container.firstElementChild as HTMLElement;
  layer.getBoundingClientRect = () => new DOMRect(30, 0, 720, 100);
  layer.setPointerCapture = () => {};
  const [start, end] = screen.getAllByRole("slider");
  return { layer, start: start as HTMLElement, end: end as HTMLElement, onBrush, onSeek };
}

const WINDOW = { from: at("10:30:00"), to: at("11:00:00") };

test("both ends are sliders that say their time, also without a window", () => {
  const { start, end } = shown(null);
  expect([start.getAttribute("aria-label"), start.getAttribute("aria-valuetext")]).toEqual([
    "Start of the time shown",
    "10:00:00 EVE",
  ]);
  expect(end.getAttribute("aria-valuetext")).toBe("12:00:00 EVE");
  expect(end.getAttribute("aria-valuenow")).toBe(end.getAttribute("aria-valuemax"));
});

test.each([
  ["ArrowRight", false, { from: at("10:35:00"), to: WINDOW.to }],
  ["ArrowLeft", false, { from: at("10:25:00"), to: WINDOW.to }],
  ["ArrowRight", true, { from: at("10:30:30"), to: WINDOW.to }],
  ["PageDown", false, { from: at("10:05:00"), to: WINDOW.to }],
  ["Home", false, { from: FROM, to: WINDOW.to }],
  ["Escape", false, null],
])("%s (shift %s) on the start", (key, shiftKey, want) => {
  const { start, onBrush } = shown(WINDOW);
  expect(fireEvent.keyDown(start, { key, shiftKey })).toBe(false);
  expect(onBrush).toHaveBeenCalledExactlyOnceWith(want, true);
});

test("the keyboard draws the first window from an end of the battle", () => {
  const { end, onBrush } = shown(null);
  fireEvent.keyDown(end, { key: "ArrowLeft" });
  expect(onBrush).toHaveBeenCalledExactlyOnceWith({ from: FROM, to: at("11:55:00") }, true);
});

test("other keys stay with the page, and so does Escape without a window", () => {
  const { start, onBrush } = shown(null);
  expect(fireEvent.keyDown(start, { key: "Escape" })).toBe(true);
  expect(fireEvent.keyDown(start, { key: " " })).toBe(true);
  expect(onBrush).not.toHaveBeenCalled();
});

const pointer = (clientX: number) => ({ clientX, button: 0, pointerId: 1, pointerType: "mouse" });

test("dragging draws a window, settled when let go", () => {
  const { layer, onBrush, onSeek } = shown(null);
  fireEvent.pointerDown(layer, pointer(210));
  fireEvent.pointerMove(layer, pointer(212));
  expect(onBrush).not.toHaveBeenCalled();
  fireEvent.pointerMove(layer, pointer(390));
  fireEvent.pointerUp(layer, pointer(390));
  const want = { from: at("10:30:00"), to: at("11:00:00") };
  expect(onBrush.mock.calls).toEqual([
    [want, false],
    [want, true],
  ]);
  expect(onSeek).not.toHaveBeenCalled();
});

test("an end and the window itself can be dragged", () => {
  const { layer, end, onBrush } = shown(WINDOW);
  fireEvent.pointerDown(end, pointer(390));
  fireEvent.pointerMove(layer, pointer(450));
  expect(onBrush).toHaveBeenLastCalledWith({ from: WINDOW.from, to: at("11:10:00") }, false);
  fireEvent.pointerCancel(layer, pointer(450));
  expect(onBrush).toHaveBeenLastCalledWith(WINDOW, true);

  fireEvent.pointerDown(layer, pointer(300));
  fireEvent.pointerMove(layer, pointer(360));
  expect(onBrush).toHaveBeenLastCalledWith({ from: at("10:40:00"), to: at("11:10:00") }, false);
});

test("a click goes to its time", () => {
  const { layer, onBrush, onSeek } = shown(null);
  fireEvent.pointerDown(layer, pointer(210));
  fireEvent.pointerUp(layer, pointer(211));
  expect(onSeek).toHaveBeenCalledExactlyOnceWith(at("10:30:10"), true);
  expect(onBrush).not.toHaveBeenCalled();
});
