import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Side } from "../../api/model";
import { SideSwitcher } from "./SideSwitcher";

const sides = ["A", "B", "C"].map((id, i) => ({ id, pilots: 10 + i, members: [] }) as unknown as Side);

test("the arrows go from side to side and around, Home and End to the ends", () => {
  const chosen = vi.fn();
  const outside = vi.fn();
  document.addEventListener("keydown", outside);
  render(
    <SideSwitcher
      sides={sides}
      shown={(side) => side.id === "A"}
      onChoose={(side) => chosen(side.id)}
      short="letters"
    />,
  );
  const [a, , c] = screen.getAllByRole("button");
  for (const [from, key] of [
    [a, "ArrowRight"],
    [a, "ArrowLeft"],
    [c, "ArrowRight"],
    [a, "End"],
    [c, "Home"],
    [a, "x"],
  ] as const) {
    fireEvent.keyDown(from as HTMLElement, { key });
  }
  document.removeEventListener("keydown", outside);
  expect(chosen.mock.calls.flat()).toEqual(["B", "C", "A", "C", "A"]);
  expect(document.activeElement).toBe(a);
  expect(outside, "the page's own arrows stay out").toHaveBeenCalledTimes(1);
});

test("a press chooses, and the side in view is pressed", () => {
  const chosen = vi.fn();
  render(
    <SideSwitcher sides={sides} shown={(side) => side.id === "B"} onChoose={(side) => chosen(side.id)} />,
  );
  const b = screen.getByRole("button", { pressed: true });
  expect(b.textContent).toContain("11");
  fireEvent.click(screen.getAllByRole("button")[2] as HTMLElement);
  expect(chosen).toHaveBeenCalledWith("C");
});
