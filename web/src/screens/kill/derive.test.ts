import { expect, test } from "vitest";
import type { Attacker } from "../../api/model";
import { byDamage, hullsOf, killTitle, nobodyWord, orgsOf, percent, valueWords } from "./derive";

const attacker = (more: Partial<Attacker>): Attacker => ({
  character: null,
  corporation: null,
  alliance: null,
  faction: null,
  ship_type: null,
  weapon_type: null,
  class: "",
  damage_done: 0,
  damage_share: 0,
  final_blow: false,
  security_status: 0,
  ...more,
});

const entity = (type: "character" | "corporation" | "alliance", id: number, name: string | null = null) => ({
  type,
  id,
  name,
});

test("attackers stand by damage, equals as the killmail has them", () => {
  const list = [
    attacker({ damage_done: 5 }),
    attacker({ damage_done: 9 }),
    attacker({ damage_done: 5, class: "cruiser" }),
  ];
  expect(byDamage(list)).toEqual([list[1], list[0], list[2]]);
  expect(list[0]?.damage_done).toBe(5);
});

test("a structure of players that shoots is no NPC", () => {
  const fort = { corporation: entity("corporation", 98_434_316), class: "structure" };
  expect(nobodyWord(attacker(fort))).toBe("Structure");
  expect(nobodyWord(attacker({ ...fort, class: "" }))).toBe("No pilot");
  expect(nobodyWord(attacker({ alliance: entity("alliance", 99_005_338) }))).toBe("No pilot");
  expect(nobodyWord(attacker({ corporation: entity("corporation", 1_000_125) }))).toBe("NPC");
  expect(nobodyWord(attacker({}))).toBe("NPC");
  expect(nobodyWord(attacker({ ...fort, character: entity("character", 9_000) }))).toBe("");
});

test("hulls are counted and stand by class, then number", () => {
  const of = (id: number, name: string, hull: string) => attacker({ ship_type: { id, name }, class: hull });
  const list = [
    of(1, "Rifter", "frigate"),
    of(2, "Muninn", "heavy-assault-cruiser"),
    of(3, "Eagle", "heavy-assault-cruiser"),
  ];
  list.push(of(3, "Eagle", "heavy-assault-cruiser"), attacker({}));
  expect(hullsOf(list).map((sum) => [sum.ship.name, sum.count])).toEqual([
    ["Eagle", 2],
    ["Muninn", 1],
    ["Rifter", 1],
  ]);
});

test("organisations are summed by damage; NPCs are no pilots", () => {
  const red = { alliance: entity("alliance", 1), corporation: entity("corporation", 11) };
  const list = [
    attacker({ ...red, character: entity("character", 101), damage_share: 0.2, side: "A" }),
    attacker({ ...red, character: entity("character", 102), damage_share: 0.1, side: "A" }),
    attacker({ corporation: entity("corporation", 12), damage_share: 0.7 }),
  ];
  expect(orgsOf(list)).toEqual([
    { org: entity("corporation", 12), pilots: 0, nobody: "NPC", share: 0.7, side: undefined },
    { org: red.alliance, pilots: 2, nobody: "", share: expect.closeTo(0.3), side: "A" },
  ]);
});

test.each([
  [{ character: entity("character", 1, "Ann"), ship_type: { id: 2, name: "Muninn" } }, "Muninn of Ann"],
  [{ character: entity("character", 1), corporation: entity("corporation", 3, "Corp") }, "Loss of Corp"],
  [{ ship_type: { id: 2, name: null } }, "Type 2"],
])("title of %o", (more, want) => {
  expect(killTitle({ victim: attacker(more) })).toBe(want);
});

test.each([
  [0, "0%"],
  [0.00001, "<0.1%"],
  [0.1234, "12.3%"],
  [0.9999, "100%"],
  [1, "100%"],
])("percent of %d", (share, want) => {
  expect(percent(share)).toBe(want);
});

test.each([
  ["zkb", null, "zKillboard's value"],
  ["market", "2021-11-28T00:00:00Z", "estimate, market prices of 2021-11-28"],
  ["base", null, "estimate, base prices"],
  ["", null, "nobody has valued it"],
] as const)("value from %s", (isk_source, isk_priced_at, want) => {
  expect(valueWords({ isk_source, isk_priced_at })).toBe(want);
});
