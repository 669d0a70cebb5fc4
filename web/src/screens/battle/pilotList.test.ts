import { expect, test } from "vitest";
import type { BattleKill, Pilot } from "../../api/model";
import { classAt, classStarts, dearestLosses, hasLost, narrowed, orderedPilots } from "./pilotList";

const pilot = (id: number, more: Partial<Pilot> = {}): Pilot => ({
  character: { type: "character", id, name: `Pilot ${id}` },
  corporation: null,
  alliance: null,
  faction: null,
  side: "A",
  hulls: [{ ship_type: { id: 1, name: "Rifter" }, class: "frigate", lost: 0, isk_lost: 0 }],
  kills: 0,
  final_blows: 0,
  losses: 0,
  podded: false,
  damage_done: 0,
  structure_damage: 0,
  damage_taken: 0,
  isk_lost: 0,
  first_seen: "",
  last_seen: "",
  ...more,
});

const ids = (rows: ReturnType<typeof orderedPilots>) =>
  rows.map((row) => (row.type === "class" ? row.label : row.pilot.character?.id));

test("an order by a figure has no classes, most first, ties by the other figures", () => {
  const pilots = [
    pilot(1, { damage_done: 10, kills: 5 }),
    pilot(2, { damage_done: 10, structure_damage: 90, kills: 1 }),
    pilot(3, { damage_done: 10, kills: 9, isk_lost: 7 }),
  ];
  expect(ids(orderedPilots(pilots, "damage"))).toEqual([2, 3, 1]);
  expect(ids(orderedPilots(pilots, "kills"))).toEqual([3, 1, 2]);
  expect(ids(orderedPilots(pilots, "isk"))).toEqual([3, 1, 2]);
  expect(ids(orderedPilots(pilots, "class"))[0]).toBe("Frigate");
  expect(
    pilots.map((p) => p.character?.id),
    "the list itself is left alone",
  ).toEqual([1, 2, 3]);
});

test("the search and the switch narrow together", () => {
  const pilots = [pilot(1, { losses: 1 }), pilot(2), pilot(3, { podded: true })];
  const found = (needle: string, lost: boolean) => narrowed(pilots, needle, lost).map((p) => p.character?.id);
  expect(found("", false)).toEqual([1, 2, 3]);
  expect(found("", true)).toEqual([1, 3]);
  expect(found("pilot 3", true)).toEqual([3]);
  expect(found("pilot 2", true)).toEqual([]);
});

test("a lost hull counts although no ship is summed, such as a shuttle", () => {
  const shuttle = { ship_type: null, class: "shuttle", lost: 1, isk_lost: 1 };
  expect(hasLost(pilot(1, { hulls: [shuttle] }))).toBe(true);
  expect(hasLost(pilot(1))).toBe(false);
});

test("losses lead to the most expensive killmail", () => {
  const kill = (id: number, character: number | null, isk: number | null) =>
    ({ id, isk, victim: { character: character === null ? null : { id: character } } }) as BattleKill;
  const kills = [kill(1, 7, null), kill(2, 7, 5), kill(3, 8, 1), kill(4, null, 9), kill(5, 7, 5)];
  const losses = dearestLosses(kills);
  expect([...losses].map(([pilot, { id }]) => [pilot, id])).toEqual([
    [7, 2],
    [8, 3],
  ]);
  // A row is drawn again only for another one.
  expect(dearestLosses([...kills, kill(6, 9, 1)]).get(7)).toBe(kills[1]);
});

test("the class in view is the last one that began above", () => {
  const rows = orderedPilots(
    [
      pilot(1),
      pilot(2, { hulls: [{ ship_type: null, class: "titan", lost: 0, isk_lost: 0 }] }),
      pilot(3, { hulls: [{ ship_type: null, class: "titan", lost: 0, isk_lost: 0 }] }),
    ],
    "class",
  );
  const starts = classStarts(rows, (row) => (row.type === "class" ? 28 : 46));
  expect(starts.map(({ row, top }) => [row.label, top])).toEqual([
    ["Titan", 0],
    ["Frigate", 120],
  ]);
  expect([-1, 0, 119, 120, 999].map((offset) => classAt(starts, offset)?.row.label ?? null)).toEqual([
    null,
    "Titan",
    "Titan",
    "Frigate",
    "Frigate",
  ]);
});
