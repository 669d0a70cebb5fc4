import { expect, test } from "vitest";
import type { BattleDetail, BattleKill } from "../../api/model";
import {
  advanced,
  atEnd,
  battleAt,
  completed,
  courseOf,
  formatMoment,
  momentAt,
  momentOf,
  momentSource,
  parseMoment,
  stepped,
} from "./replay";

const DAY = "2021-11-28T";
const ms = (time: string) => Date.parse(`${DAY}${time}Z`);

interface Loss {
  pilot?: number;
  side?: string;
  ship?: string;
  isk?: number | null;
}

const alliance = (id: number) => ({ type: "alliance", id, name: `Alliance ${id}` });
const HULLS: Record<string, number> = { titan: 1, frigate: 2, capsule: 3, structure: 4, corvette: 5 };

function kill(id: number, time: string, { pilot, side = "A", ship = "frigate", isk = 1e6 }: Loss = {}) {
  return {
    id,
    occurred_at: `${DAY}${time}Z`,
    side,
    class: ship,
    isk,
    victim: {
      character: pilot ? { type: "character", id: pilot, name: null } : null,
      corporation: null,
      alliance: alliance(side === "A" ? 1 : 2),
      faction: null,
      ship_type: { id: HULLS[ship], name: ship },
    },
  } as unknown as BattleKill;
}

const KILLS = [
  kill(12, "10:00:10", { pilot: 7, ship: "capsule", isk: 1e4 }),
  kill(10, "10:00:00", { pilot: 7, isk: 5e6 }),
  kill(11, "10:00:10", { pilot: 8, side: "B", ship: "titan", isk: 8e10 }),
  kill(13, "10:01:00", { side: "B", ship: "structure", isk: null }),
  kill(14, "10:02:00", { pilot: 8, side: "B", ship: "corvette", isk: 0 }),
];
const COURSE = courseOf(KILLS);

test("killmails run by time, those of one second by id", () => {
  expect(COURSE.kills.map(({ id }) => id)).toEqual([10, 11, 12, 13, 14]);
});

test.each([
  ["09:59:59", 0],
  ["10:00:00", 1],
  ["10:00:10", 3],
  ["10:00:59", 3],
  ["11:00:00", 5],
])("at %s, %d have happened", (time, count) => {
  expect(momentAt(COURSE, ms(time)).count).toBe(count);
});

test("a step takes one killmail, also of two in one second, and stays within the course", () => {
  const first = stepped(COURSE, null, 1);
  expect(first).toEqual({ at: ms("10:00:00"), count: 1 });
  const second = stepped(COURSE, first, 1);
  expect(second).toEqual({ at: ms("10:00:10"), count: 2 });
  expect(stepped(COURSE, second, 1)).toEqual({ at: ms("10:00:10"), count: 3 });
  expect(stepped(COURSE, second, -9)).toEqual(first);
  expect(stepped(COURSE, second, 99)?.count).toBe(5);
  expect(stepped(COURSE, null, -1)).toBeNull();
  expect(stepped(courseOf([]), null, 1)).toBeNull();
});

test("time passes, never takes a killmail back, and ends with the last", () => {
  expect(advanced(COURSE, momentOf(COURSE, 1), 9_999).count).toBe(1);
  expect(advanced(COURSE, momentOf(COURSE, 1), 10_000).count).toBe(3);
  // Between the two of one second: the other one follows as soon as time passes.
  expect(advanced(COURSE, { at: ms("10:00:10"), count: 2 }, 1).count).toBe(3);
  const end = advanced(COURSE, momentOf(COURSE, 1), 86_400_000);
  expect(end).toEqual({ at: ms("10:02:00"), count: 5 });
  expect(atEnd(COURSE, end)).toBe(true);
});

test("every moment survives the address", () => {
  for (const count of [1, 2, 3, 4, 5]) {
    const moment = momentOf(COURSE, count);
    expect(parseMoment(COURSE, formatMoment(COURSE, moment))).toEqual(moment);
  }
  expect(formatMoment(COURSE, momentOf(COURSE, 4))).toBe("2021-11-28T10:01:00Z");
  // The first of two in one second goes by its killmail.
  expect(formatMoment(COURSE, momentOf(COURSE, 2))).toBe("11");
  expect(formatMoment(COURSE, momentAt(COURSE, ms("10:00:30") + 123))).toBe("2021-11-28T10:00:30Z");
});

test.each([
  [undefined, null],
  ["", null],
  ["nonsense", null],
  ["999", null],
  ["2021-11-27T00:00:00Z", { at: ms("10:00:00"), count: 1 }],
  ["2021-11-29T00:00:00Z", { at: ms("10:02:00"), count: 5 }],
  ["13", { at: ms("10:01:00"), count: 4 }],
])("?at=%s", (text, want) => {
  expect(parseMoment(COURSE, text)).toEqual(want);
});

const member = (id: number) => ({
  entity: alliance(id),
  pilots: 1,
  ships_lost: 9,
  isk_lost: 9,
  kills: 9,
  damage_done: 9,
});
const side = (id: string, entity: number) => ({
  id,
  pilots: 9,
  ships_lost: 9,
  capsules_lost: 9,
  structures_lost: 9,
  isk_lost: 9,
  isk_destroyed: 9,
  efficiency: 0.5,
  kills: 9,
  damage_done: 9,
  members: [member(entity)],
});
const pilot = (id: number, where: string, seen: string, ships: string[]) => ({
  character: { type: "character", id, name: null },
  side: where,
  hulls: ships.map((ship) => ({
    ship_type: { id: HULLS[ship], name: ship },
    class: ship,
    lost: 9,
    isk_lost: 9,
  })),
  losses: 9,
  podded: true,
  isk_lost: 9,
  kills: 9,
  damage_done: 9,
  first_seen: `${DAY}${seen}Z`,
});
const hull = (where: string, ship: string, fielded: number) => ({
  side: where,
  class: ship,
  ship_type: { id: HULLS[ship], name: ship },
  fielded,
  lost: 9,
  isk_lost: 9,
});

const BATTLE = {
  killmails: KILLS,
  sides: [side("A", 1), side("B", 2)],
  pilots: [
    pilot(7, "A", "10:00:00", ["frigate"]),
    pilot(8, "B", "10:00:05", ["titan", "corvette"]),
    pilot(9, "B", "10:01:30", ["frigate"]),
  ],
  composition: [
    hull("A", "frigate", 3),
    hull("A", "capsule", 1),
    hull("B", "titan", 2),
    hull("B", "structure", 1),
  ],
} as unknown as BattleDetail;

test("losses, values and who was seen add up to the moment", () => {
  const at = battleAt(BATTLE, COURSE, momentOf(COURSE, 3));
  expect(at).toMatchObject({
    kills: 3,
    ships_lost: 2,
    capsules_lost: 1,
    structures_lost: 0,
    isk_destroyed: 8e10 + 5e6 + 1e4,
    unknown_values: 0,
    pilot_count: 2,
  });
  expect(at.killmails.map(({ id }) => id)).toEqual([10, 11, 12]);
  expect(at.sides.map((s) => [s.pilots, s.ships_lost, s.capsules_lost, s.isk_lost])).toEqual([
    [1, 1, 1, 5e6 + 1e4],
    [1, 1, 0, 8e10],
  ]);
  expect(at.sides[0]?.members[0]).toMatchObject({ ships_lost: 1, isk_lost: 5e6 + 1e4, kills: null });
  expect(at.pilots.map((p) => [p.character?.id, p.losses, p.podded, p.hulls.map((h) => h.lost)])).toEqual([
    [7, 1, true, [1]],
    [8, 1, false, [1]],
  ]);
  expect(at.composition.map((h) => [h.class, h.fielded, h.lost, h.isk_lost])).toEqual([
    ["frigate", 1, 1, 5e6],
    ["capsule", 1, 1, 1e4],
    ["titan", 1, 1, 8e10],
  ]);
});

test("what only attackers could tell is unknown, not 0", () => {
  const [first] = battleAt(BATTLE, COURSE, momentOf(COURSE, 1)).sides;
  expect(first).toMatchObject({ isk_destroyed: null, efficiency: null, kills: null, damage_done: null });
});

test("corvettes are no ships lost but the pilot's loss; an unknown value stays unknown", () => {
  const at = battleAt(BATTLE, COURSE, momentOf(COURSE, 5));
  expect(at).toMatchObject({ ships_lost: 2, structures_lost: 1, unknown_values: 1 });
  expect(at.pilots.find((p) => p.character?.id === 8)).toMatchObject({ losses: 2 });
  const only = courseOf([kill(13, "10:01:00", { isk: null })]);
  expect(battleAt(BATTLE, only, momentOf(only, 1)).isk_destroyed).toBeNull();
});

test("hulls are those that must have been flown by then", () => {
  const flown = (count: number, last: string) => {
    const pilots = [{ ...BATTLE.pilots[1], last_seen: `${DAY}${last}Z` }] as BattleDetail["pilots"];
    const [pilot] = battleAt({ ...BATTLE, pilots }, COURSE, momentOf(COURSE, count)).pilots;
    return pilot?.hulls.map((hull) => hull.class);
  };
  expect(flown(3, "10:03:00"), "the titan is lost, the corvette may come later").toEqual(["titan"]);
  expect(flown(5, "10:03:00"), "the corvette is lost").toEqual(["titan", "corvette"]);
  expect(flown(4, "10:00:20"), "nothing more is seen of it").toEqual(["titan", "corvette"]);
});

test("members are those who were there", () => {
  const sides = [side("A", 1), { ...side("B", 2), members: [member(2), member(3)] }];
  const pilots = BATTLE.pilots.map((each, i) => ({ ...each, alliance: alliance(i + 1) }));
  const battle = { ...BATTLE, sides, pilots } as unknown as BattleDetail;
  const at = (count: number) =>
    battleAt(battle, COURSE, momentOf(COURSE, count)).sides[1]?.members.map((m) => [m.entity.id, m.pilots]);
  expect(at(3)).toEqual([[2, 1]]);
  expect(at(5)).toEqual([
    [2, 1],
    [3, 1],
  ]);
});

const BATTLE_SOURCE = { kind: "battle", id: 7, query: { from: "2021-11-28T09:00:00Z" } } as const;

test("the API is asked for the very moment", () => {
  expect(momentSource(BATTLE_SOURCE, COURSE, momentOf(COURSE, 3))).toEqual({
    kind: "battle",
    id: 7,
    query: { from: "2021-11-28T09:00:00Z", to: "2021-11-28T10:00:10Z" },
  });
  // The first of two in one second: the other one is left out.
  expect(momentSource(BATTLE_SOURCE, COURSE, momentOf(COURSE, 2))?.query).toEqual({
    from: "2021-11-28T09:00:00Z",
    to: "2021-11-28T10:00:10Z",
    exclude: ["12"],
  });
  const report = { kind: "report", query: { window: ["1:202111281000-202111281100"] } } as const;
  expect(
    momentSource({ ...report, query: { ...report.query } } as never, COURSE, momentOf(COURSE, 2)),
  ).toBeNull();
  expect(
    momentSource({ ...report, query: { ...report.query } } as never, COURSE, momentOf(COURSE, 3)),
  ).not.toBeNull();
});

test("what the API tells of the moment takes the place of what is unknown", () => {
  const at = battleAt(BATTLE, COURSE, momentOf(COURSE, 3));
  const told = {
    ...BATTLE,
    sides: [{ ...side("A", 1), kills: 4 }],
    pilot_count: 5,
  } as unknown as BattleDetail;
  const all = completed(at, told);
  const [large, small] = [member(1), member(4)];
  const mixed = completed(
    { ...at, sides: [{ ...at.sides[0], members: [large, small] }] } as unknown as BattleDetail,
    { ...told, sides: [{ ...told.sides[0], members: [member(9), small, large] }] } as unknown as BattleDetail,
  );
  expect(
    mixed.sides[0]?.members.map(({ entity }) => entity.id),
    "the order stays",
  ).toEqual([1, 4, 9]);
  expect(all.sides.map((each) => each.kills)).toEqual([4, null]);
  expect([all.pilot_count, all.kills]).toEqual([5, 3]);
});
