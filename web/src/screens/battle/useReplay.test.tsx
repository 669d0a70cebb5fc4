import { act, fireEvent, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { BattleKill } from "../../api/model";
import { useFresh } from "./useLiveBattle";
import { useReplay, useReplayKeys, useReplayState } from "./useReplay";
import { useWindow } from "./useWindow";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  document.body.innerHTML = "";
});

const kills = (...seconds: number[]) =>
  seconds.map(
    (s) =>
      ({ id: 100 + s, occurred_at: new Date(Date.UTC(2021, 10, 28, 10, 0, s)).toISOString() }) as BattleKill,
  );
const KILLS = kills(0, 3, 6);

interface Props {
  kills?: BattleKill[];
  at?: string;
}

function replay(first: Props = {}) {
  const setAt = vi.fn();
  const leave = vi.fn(() => false);
  const hook = renderHook(
    (props: Props) => {
      const { replayer } = useReplay(props.kills ?? KILLS, props.at, setAt);
      useReplayKeys(replayer, leave);
      return { replayer, ...useReplayState(replayer) };
    },
    { initialProps: first },
  );
  return { ...hook, setAt, leave };
}

const press = (key: string, on: Element = document.body) => fireEvent.keyDown(on, { key });

test("a link opens where it says, and writes nothing by itself", () => {
  const { result, setAt } = replay({ at: "2021-11-28T10:00:04Z" });
  expect(result.current.moment).toMatchObject({ count: 2 });
  expect(result.current.playing).toBe(false);
  vi.runAllTimers();
  expect(setAt).not.toHaveBeenCalled();
});

test("arrows step, and the address follows once they rest", () => {
  const { result, setAt, rerender } = replay();
  expect(press("ArrowLeft")).toBe(true); // nothing to go back from
  press("ArrowRight");
  press("ArrowRight");
  expect(result.current.moment?.count).toBe(2);
  expect(setAt).not.toHaveBeenCalled();
  act(() => void vi.advanceTimersByTime(300));
  expect(setAt).toHaveBeenCalledExactlyOnceWith("2021-11-28T10:00:03Z");
  // The address comes back as it was written, which moves nothing.
  rerender({ at: "2021-11-28T10:00:03Z" });
  expect(result.current.moment?.count).toBe(2);
  // Another address does.
  rerender({ at: "2021-11-28T10:00:06Z" });
  expect(result.current.moment?.count).toBe(3);
  rerender({ at: undefined });
  expect(result.current.moment).toBeNull();
});

test("the space bar plays and pauses, but belongs to a button in focus", () => {
  const { result } = replay();
  expect(press(" ")).toBe(false);
  expect(result.current.playing).toBe(true);
  press(" ");
  expect(result.current.playing).toBe(false);
  const button = document.body.appendChild(document.createElement("button"));
  expect(press(" ", button)).toBe(true);
  expect(result.current.playing).toBe(false);
});

test("arrows on a slider are the slider's", () => {
  const { result } = replay();
  const slider = document.body.appendChild(document.createElement("div"));
  slider.setAttribute("role", "slider");
  expect(press("ArrowRight", slider)).toBe(true);
  expect(result.current.moment).toBeNull();
});

test("arrows in what scrolls sideways scroll it", () => {
  const { result } = replay();
  const table = document.body.appendChild(document.createElement("div"));
  table.setAttribute("role", "region");
  table.tabIndex = 0;
  expect(press("ArrowRight", table)).toBe(true);
  expect(result.current.moment).toBeNull();
  // A link in it scrolls nothing.
  expect(press("ArrowRight", table.appendChild(document.createElement("a")))).toBe(false);
});

test("Escape asks to leave", () => {
  const { leave } = replay();
  expect(press("Escape")).toBe(true);
  expect(leave).toHaveBeenCalledOnce();
});

test("late killmails move neither moment nor address", () => {
  const { result, rerender, setAt } = replay({ at: "2021-11-28T10:00:03Z" });
  rerender({ kills: kills(0, 1, 3, 6, 9), at: "2021-11-28T10:00:03Z" });
  expect(result.current.moment).toEqual({ at: Date.UTC(2021, 10, 28, 10, 0, 3), count: 3 });
  vi.runAllTimers();
  expect(setAt).not.toHaveBeenCalled();
});

const SPAN = { from: Date.UTC(2021, 10, 28, 10), to: Date.UTC(2021, 10, 28, 12) };

test("a brush is seen at once and asked for when it rests; the address takes over", () => {
  const change = vi.fn();
  const { result, rerender } = renderHook(
    (search: { from?: string; to?: string }) => useWindow(search, SPAN, change),
    {
      initialProps: {},
    },
  );
  expect(result.current.window).toBeNull();
  const drawn = { from: Date.UTC(2021, 10, 28, 10, 30), to: SPAN.to };
  act(() => result.current.brush(drawn, false));
  expect(result.current.window).toEqual(drawn);
  vi.advanceTimersByTime(1_000);
  expect(change).not.toHaveBeenCalled();
  act(() => result.current.brush({ ...drawn, from: drawn.from + 60_000 }, true));
  act(() => result.current.brush(drawn, true));
  act(() => void vi.advanceTimersByTime(250));
  expect(change).toHaveBeenCalledExactlyOnceWith({ from: "2021-11-28T10:30:00Z", to: undefined });
  rerender({ from: "2021-11-28T10:45:00Z" });
  expect(result.current.window?.from).toBe(Date.UTC(2021, 10, 28, 10, 45));
  act(() => result.current.brush(null, true));
  expect(result.current.window).toBeNull();
  act(() => void vi.advanceTimersByTime(250));
  expect(change).toHaveBeenLastCalledWith({ from: undefined, to: undefined });
});

test("fresh is what came while the page was open, not what was asked for in another way", () => {
  const { result, rerender } = renderHook(({ list, words }) => useFresh(list, words), {
    initialProps: { list: kills(0, 3), words: "" },
  });
  expect(result.current.size).toBe(0);
  rerender({ list: kills(0, 3, 5), words: "" });
  expect([...result.current]).toEqual([105]);
  rerender({ list: kills(0, 1, 3, 5, 9), words: "" });
  expect([...result.current]).toEqual([101, 105, 109]);
  rerender({ list: kills(0, 1, 3, 5, 9, 20), words: "battle=7" });
  expect([...result.current]).toEqual([101, 105, 109]);
});
