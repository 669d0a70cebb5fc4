import { expect, test } from "vitest";
import type { DamageDealt, DamageView } from "../../api/model";
import { classesOf, columnsOf, damageSentence, NPC, shooters, targets } from "./damageTable";

const dealt = (by: string, key: string, to: string, damage: number, structures = 0): DamageDealt => ({
  by,
  class: key,
  class_label: key.toUpperCase(),
  to,
  damage,
  structure_damage: structures,
  shots: 1,
});

const view: DamageView = {
  damage: 1000,
  structure_damage: 5000,
  dealers: [],
  taken: [],
  dealt: [
    dealt("A", "frigate", "B", 100),
    dealt("A", "titan", "B", 50, 5000),
    dealt("B", "frigate", "A", 700),
    dealt("B", "frigate", "B", 30),
    dealt("B", "", "C", 70),
    dealt(NPC, "", "A", 50),
    dealt("C", "frigate", "A", 0),
  ],
};
const sides = ["A", "B", "C"];

test("sides add up their classes; who did nothing is left out, NPCs come last", () => {
  const rows = shooters(view, sides);
  expect(rows.map(({ by, dealt: d }) => [by, d.ships, d.structures, Object.fromEntries(d.to)])).toEqual([
    ["A", 150, 5000, { B: 150 }],
    ["B", 800, 0, { A: 700, B: 30, C: 70 }],
    [NPC, 50, 0, { A: 50 }],
  ]);
  expect(targets(view, sides)).toEqual(["A", "B", "C"]);
});

test("classes stand in players' order, unnamed hulls behind them", () => {
  expect(classesOf(view, "A").map(({ key, dealt: d }) => [key, d.ships])).toEqual([
    ["titan", 50],
    ["frigate", 100],
  ]);
  expect(classesOf(view, "B").map(({ key }) => key)).toEqual(["frigate", ""]);
  expect(classesOf(view, "C")).toEqual([]);
});

test("columns are the sides shot at most, own fire never among them", () => {
  const b = shooters(view, sides).find(({ by }) => by === "B");
  expect(b && columnsOf("B", b.dealt, 3)).toEqual(["A", "C"]);
  expect(b && columnsOf("B", b.dealt, 1)).toEqual(["A"]);
});

test("the sentence tells shares, own fire and structures", () => {
  expect(damageSentence(shooters(view, sides))).toBe(
    "Of 1.00k damage to ships, Side A did 15%, Side B did 80%, NPCs did 5.0%. Own fire: Side B 30. Structures took 5.00k from Side A.",
  );
  expect(damageSentence([])).toBe("No killmail here tells of damage to ships.");
});
