import { expect, test } from "vitest";
import type { BattleKill, Pilot } from "../../api/model";
import { formatShare } from "./share";
import { commanders, mostOf, topLoss } from "./topPilots";

const pilot = (id: number, side: string, kills: number | null, final_blows = 0) =>
  ({ character: { id }, side, kills, final_blows, damage_done: 0 }) as Pilot;

test("the best of a side, ties by final blows and then by the lower id", () => {
  const kills = (p: Pilot) => p.kills;
  const best = (pilots: Pilot[]) => mostOf(pilots, "A", kills)?.character?.id;
  expect(best([pilot(1, "A", 3), pilot(2, "A", 5), pilot(3, "B", 9)])).toBe(2);
  expect(best([pilot(1, "A", 5, 1), pilot(2, "A", 5, 2)])).toBe(2);
  expect(best([pilot(9, "A", 5), pilot(4, "A", 5)])).toBe(4);
  expect(best([pilot(1, "A", 0), pilot(2, "A", null)]), "nobody did anything").toBeUndefined();
});

test("the top loss is of known value", () => {
  const kill = (id: number, side: string, isk: number | null) => ({ id, side, isk }) as BattleKill;
  const kills = [kill(1, "A", null), kill(2, "A", 3), kill(3, "A", 8), kill(4, "B", 99)];
  expect(topLoss(kills, "A")?.id).toBe(3);
  expect(topLoss(kills, "C")).toBeNull();
});

test("shares never round something to nothing", () => {
  expect([0, 1, 34, 996, 9960, 10_000].map((n) => formatShare(n, 10_000))).toEqual([
    "0%",
    "<0.1%",
    "0.3%",
    "10%",
    "100%",
    "100%",
  ]);
  expect(formatShare(1, 0)).toBe("0%");
});

test("commanders are who flew a flag cruiser, losses first, then by kills", () => {
  const flying = (id: number, side: string, kills: number, ...hulls: [string, number][]) =>
    ({ ...pilot(id, side, kills), hulls: hulls.map(([hull, lost]) => ({ class: hull, lost })) }) as Pilot;
  const found = commanders(
    [
      flying(1, "A", 2, ["flag-cruiser", 0]),
      flying(2, "A", 9, ["logistics", 1]),
      flying(3, "A", 8, ["command-ship", 1], ["flag-cruiser", 0]),
      flying(4, "A", 0, ["flag-cruiser", 1]),
      flying(5, "B", 7, ["flag-cruiser", 0]),
    ],
    "A",
  );
  expect(found.map((each) => [each.pilot.character?.id, each.lost])).toEqual([
    [4, true],
    [3, false],
    [1, false],
  ]);
});
