import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { BattleDetail } from "../../api/model";
import { TimelinePanel } from "./TimelinePanel";

const loss = (ships_lost: number, isk_lost: number) => ({
  ships_lost,
  isk_lost,
  capsules_lost: 1,
  structures_lost: 0,
});

const BATTLE = {
  kills: 8,
  duration_s: 240,
  sides: [
    { id: "A", ships_lost: 2, isk_lost: 3e8 },
    { id: "B", ships_lost: 4, isk_lost: 1.2e9 },
    { id: "unassigned", ships_lost: 0, isk_lost: 0 },
  ],
  timeline: {
    bucket_s: 60,
    buckets: [
      { at: "2021-11-28T10:21:00Z", sides: { A: loss(2, 3e8), B: loss(1, 2e8) } },
      { at: "2021-11-28T10:22:00Z", sides: {} },
      { at: "2021-11-28T10:23:00Z", sides: { B: loss(3, 1e9) } },
    ],
  },
} as unknown as BattleDetail;

test("the chart says in a sentence what it shows", () => {
  render(<TimelinePanel battle={BATTLE} />);
  const chart = screen.getByRole("img", { name: /^8 kills in 4m\./ });
  expect(chart.getAttribute("aria-label")).toBe(
    "8 kills in 4m. Side A lost 2 ships worth 300m ISK; Side B lost 4 ships worth 1.20b ISK." +
      " The heaviest 1m began at 10:21 EVE with 3 losses.",
  );
});

test("the same is there as a table, without sides that lost nothing", () => {
  render(<TimelinePanel battle={BATTLE} />);
  const table = screen.getByRole("table", { name: "Losses by time and side", hidden: true });
  const text = [...table.querySelectorAll("tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent).join(" | "),
  );
  expect(text).toEqual([
    "From (EVE) | Side A lost | Side B lost",
    "2021-11-28 10:21 | 2 (300m) | 1 (200m)",
    "2021-11-28 10:22 | 0 (0) | 0 (0)",
    "2021-11-28 10:23 | 0 (0) | 3 (1.00b)",
  ]);
});

test("nothing happened, nothing is drawn", () => {
  const { container } = render(
    <TimelinePanel battle={{ ...BATTLE, timeline: { bucket_s: 60, buckets: [] } }} />,
  );
  expect(container.innerHTML).toBe("");
});
