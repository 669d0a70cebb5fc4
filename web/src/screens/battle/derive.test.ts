import { expect, test } from "vitest";
import type { BattleKill, HullCount, Pilot, Side } from "../../api/model";
import { compareHulls, held, killRows, pilotHull, pilotMatches, pilotRows, splitSides } from "./derive";

const pilot = (id: number, hulls: [string, string, number][], more: Partial<Pilot> = {}): Pilot => ({
  character: { type: "character", id, name: `Pilot ${id}` },
  corporation: null,
  alliance: null,
  faction: null,
  side: "A",
  hulls: hulls.map(([name, key, lost], i) => ({
    ship_type: { id: i + 1, name },
    class: key,
    lost,
    isk_lost: 0,
  })),
  kills: 0,
  final_blows: 0,
  losses: hulls.reduce((sum, [, , lost]) => sum + lost, 0),
  podded: false,
  damage_done: 0,
  structure_damage: 0,
  damage_taken: 0,
  isk_lost: 0,
  first_seen: "",
  last_seen: "",
  ...more,
});

test("pilots stand under classes in players' order, losses first", () => {
  const rows = pilotRows([
    pilot(1, [["Rifter", "frigate", 0]]),
    pilot(2, [["Muninn", "heavy-assault-cruiser", 0]]),
    pilot(3, [["Muninn", "heavy-assault-cruiser", 1]]),
    pilot(4, [["Avatar", "titan", 0]]),
  ]);
  expect(
    rows.map((row) =>
      row.type === "class" ? `${row.label} ${row.pilots}/${row.lost}` : row.pilot.character?.id,
    ),
  ).toEqual(["Titan 1/0", 4, "Heavy assault cruiser 2/1", 3, 2, "Frigate 1/0", 1]);
});

test("a pilot who reshipped is listed under the first class, and a pod is no ship", () => {
  const reshipped = pilot(1, [
    ["Rifter", "frigate", 1],
    ["Capsule", "capsule", 1],
    ["Muninn", "heavy-assault-cruiser", 1],
  ]);
  expect(pilotHull(reshipped)).toMatchObject({ hull: { class: "heavy-assault-cruiser" }, more: 1 });
});

test("search finds names and every hull flown", () => {
  const found = pilot(7, [["Rifter", "frigate", 0]], {
    alliance: { type: "alliance", id: 99000001, name: null },
  });
  expect(["pilot 7", "rift", "frigate", "99000001"].map((needle) => pilotMatches(found, needle))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(pilotMatches(found, "muninn")).toBe(false);
});

test("classes sum their hulls by side", () => {
  const hull = (side: string, key: string, fielded: number, lost: number): HullCount => ({
    side,
    class: key,
    class_label: key.toUpperCase(),
    ship_type: null,
    fielded,
    lost,
    isk_lost: 0,
  });
  const rows = compareHulls([
    hull("A", "frigate", 3, 1),
    hull("B", "titan", 1, 0),
    hull("A", "frigate", 2, 2),
    hull("B", "frigate", 4, 0),
  ]);
  expect(rows.map((row) => row.label)).toEqual(["TITAN", "FRIGATE"]);
  expect(rows[1]?.sides.get("A")).toEqual({ fielded: 5, lost: 3 });
  expect(rows[1]?.sides.get("B")).toEqual({ fielded: 4, lost: 0 });
  expect(rows[0]?.sides.get("A")).toBeUndefined();
});

test("kills in order, a divider before every minute", () => {
  const kill = (id: number, at: string) => ({ id, occurred_at: `2021-11-28T${at}Z` }) as BattleKill;
  const rows = killRows([kill(3, "10:22:02"), kill(2, "10:21:56"), kill(1, "10:21:56")]);
  expect(rows.map((row) => (row.type === "minute" ? `${row.key} ${row.kills}` : row.kill.id))).toEqual([
    "2021-11-28T10:21 2",
    1,
    2,
    "2021-11-28T10:22 1",
    3,
  ]);
  const reversed = killRows([kill(3, "10:22:02"), kill(2, "10:21:56"), kill(1, "10:21:56")], true);
  expect(reversed.map((row) => (row.type === "minute" ? `${row.key} ${row.kills}` : row.kill.id))).toEqual([
    "2021-11-28T10:22 1",
    3,
    "2021-11-28T10:21 2",
    2,
    1,
  ]);
});

test("a third side needs weight for a column of its own", () => {
  const side = (id: string, pilots: number) => ({ id, pilots }) as Side;
  const ids = (sides: Side[]) => sides.map((s) => s.id).join("");
  const large = splitSides([side("A", 846), side("B", 714), side("C", 300), side("unassigned", 900)]);
  expect([ids(large.major), ids(large.minor)]).toEqual(["ABC", "unassigned"]);
  const small = splitSides([side("A", 846), side("B", 2), side("C", 1)]);
  expect([ids(small.major), ids(small.minor)]).toEqual(["AB", "C"]);
  expect(ids(splitSides([side("unassigned", 3)]).major)).toBe("unassigned");
});

test("in a replay every class has its place, with what there is of it", () => {
  const row = (key: string, ...sides: string[]) => ({
    key,
    sides: new Map(sides.map((side) => [side, { fielded: 2, lost: 1 }])),
  });
  const rows = held([row("titan", "A")], [row("titan", "A", "B"), row("frigate", "B")]);
  expect(rows.map(({ key, sides }) => [key, [...sides.keys()]])).toEqual([
    ["titan", ["A"]],
    ["frigate", []],
  ]);
});
