import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Spoken } from "./Spoken";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const said = () => screen.getByRole("status").textContent;
const pass = (ms: number) => act(() => void vi.advanceTimersByTime(ms));

test("the first is said at once, what follows together, and the last never lost", () => {
  const { rerender } = render(<Spoken text="" every={1_000} />);
  rerender(<Spoken text="1" every={1_000} />);
  pass(0);
  expect(said()).toBe("1");
  const heard = new Set([said()]);
  for (let kills = 2; kills <= 50; kills++) {
    rerender(<Spoken text={String(kills)} every={1_000} />);
    pass(50);
    heard.add(said());
  }
  expect([...heard]).toHaveLength(3);
  pass(1_000);
  expect(said()).toBe("50");
});

test("what has nothing to say any more falls silent", () => {
  const { rerender } = render(<Spoken text="3 new" every={1_000} />);
  rerender(<Spoken text="" every={1_000} />);
  pass(0);
  expect(said()).toBe("");
});
