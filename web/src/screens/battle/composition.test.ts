import { expect, test } from "vitest";
import type { HullCount } from "../../api/model";
import { hullGroups } from "./hullGroups";
import { ratio, roleRows } from "./roleRows";

const hull = (side: string, key: string, id: number, fielded: number, lost: number): HullCount => ({
  side,
  class: key,
  class_label: key.toUpperCase(),
  ship_type: { id, name: `Hull ${id}` },
  fielded,
  lost,
  isk_lost: lost * 10,
});

const composition = [
  hull("A", "logistics", 1, 4, 3),
  hull("A", "force-auxiliary", 2, 1, 0),
  hull("B", "logistics", 1, 2, 0),
  hull("B", "logistics", 3, 9, 1),
  hull("A", "capsule", 4, 7, 7),
  hull("A", "shuttle", 5, 1, 1),
];

test("classes in players' order hold their hulls, sides beside each other", () => {
  const groups = hullGroups(composition);
  expect(groups.map((group) => [group.label, group.hulls.map(({ type }) => type?.id)])).toEqual([
    ["FORCE-AUXILIARY", [2]],
    ["LOGISTICS", [3, 1]],
    ["SHUTTLE", [5]],
    ["CAPSULE", [4]],
  ]);
  expect(groups[1]?.sides.get("B")).toEqual({ fielded: 11, lost: 1, isk_lost: 10 });
  expect(groups[1]?.hulls[1]?.sides.get("A")).toEqual({ fielded: 4, lost: 3, isk_lost: 30 });
});

test("roles count a hull in each of its roles; capsules and shuttles are no fleet", () => {
  const rows = roleRows(composition);
  expect(rows.map((row) => [row.key, row.sides.get("A"), row.sides.get("B")])).toEqual([
    ["ships", { fielded: 5, lost: 3 }, { fielded: 11, lost: 1 }],
    ["capitals", { fielded: 1, lost: 0 }, undefined],
    ["logistics", { fielded: 5, lost: 3 }, { fielded: 11, lost: 1 }],
  ]);
});

test("a ratio needs both figures", () => {
  expect(ratio({ fielded: 10, lost: 0 }, { fielded: 94, lost: 0 })).toBe("1 in 9");
  expect(ratio({ fielded: 0, lost: 0 }, { fielded: 94, lost: 0 })).toBe("");
  expect(ratio(undefined, { fielded: 94, lost: 0 })).toBe("");
});
