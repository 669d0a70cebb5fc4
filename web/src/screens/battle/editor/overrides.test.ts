import { expect, test } from "vitest";
import type { Entity, Member, Pilot, Side } from "../../../api/model";
import { columnsOf } from "./columns";
import { correctionOf, splitOf } from "./correction";
import { groundOf, movable, move, parseSides, sideOf, writeSides } from "./overrides";

const entity = (type: Entity["type"], id: number) => ({ type, id, name: null }) as unknown as Entity;
const member = (type: Entity["type"], id: number, pilots: number) =>
  ({ entity: entity(type, id), pilots }) as Member;
const side = (id: string, ...members: Member[]) => ({ id, members }) as Side;
const pilot = (character: number, corporation: number, alliance?: number) =>
  ({
    character: entity("character", character),
    corporation: entity("corporation", corporation),
    alliance: alliance ? entity("alliance", alliance) : null,
  }) as unknown as Pilot;

const SIDES = [
  side("A", member("alliance", 1, 50), member("alliance", 2, 80), member("faction", 500_001, 90)),
  side("B", member("alliance", 3, 40), member("corporation", 98_000_031, 4)),
  side("unassigned", member("character", 9_000_001, 1)),
];
const PILOTS = [
  pilot(9_000_010, 98_000_010, 1),
  pilot(9_000_030, 98_000_031, 3),
  pilot(9_000_001, 1_000_001),
];
const GROUND = groundOf(SIDES, PILOTS);

test("the address is read and written", () => {
  const address = ["B:alliance-1", "none:character-9000001", "H:corporation-98000031"];
  const overrides = parseSides(address);
  expect([...overrides.values()]).toEqual(["B", "unassigned", "H"]);
  expect(writeSides(overrides)).toEqual(address);
  expect(writeSides(parseSides(["unassigned:alliance-1"]))).toEqual(["none:alliance-1"]);
  expect(writeSides(new Map())).toBeUndefined();
});

test("what the address does not say rightly is left out", () => {
  const odd = [
    "b:alliance-1",
    "B:faction-500001",
    "B:alliance-0",
    "B:alliance-",
    "alliance-1",
    "AB:alliance-1",
  ];
  expect(parseSides(odd).size).toBe(0);
});

test("a move is named, and moving back takes the name away", () => {
  const moved = move(new Map(), "alliance-1", "B", GROUND);
  expect(writeSides(moved)).toEqual(["B:alliance-1"]);
  expect(writeSides(move(moved, "alliance-1", "C", GROUND))).toEqual(["C:alliance-1"]);
  expect(move(moved, "alliance-1", "A", GROUND).size).toBe(0);
});

test("a pilot follows its corporation, and that its alliance, unless named", () => {
  let moved = move(new Map(), "alliance-1", "B", GROUND);
  expect(sideOf("character-9000010", moved, GROUND)).toBe("B");
  moved = move(moved, "corporation-98000010", "A", GROUND);
  expect(writeSides(moved)).toEqual(["B:alliance-1", "A:corporation-98000010"]);
  expect(sideOf("character-9000010", moved, GROUND)).toBe("A");
  // Once the alliance is back, its corporation needs no mention.
  expect(move(moved, "alliance-1", "A", GROUND).size).toBe(0);
});

test("a corporation that stood apart from its alliance goes along once that is named", () => {
  const moved = move(new Map(), "alliance-3", "A", GROUND);
  expect(sideOf("corporation-98000031", new Map(), GROUND)).toBe("B");
  expect(sideOf("corporation-98000031", moved, GROUND)).toBe("A");
});

test("NPCs are on nobody's side by hand", () => {
  expect([entity("faction", 500_001), entity("corporation", 1_000_001)].map(movable)).toEqual([false, false]);
  expect([entity("corporation", 98_000_001), entity("character", 9)].map(movable)).toEqual([true, true]);
});

test("columns follow the address, not the answer that is on its way", () => {
  const columns = columnsOf(SIDES, parseSides(["C:alliance-2", "none:alliance-3"]), GROUND);
  expect(columns.map(({ id }) => id)).toEqual(["A", "B", "C", "D", "E", "F", "G", "H", "unassigned"]);
  const ids = Object.fromEntries(columns.map(({ id, members }) => [id, members.map((m) => m.entity.id)]));
  expect([ids.A, ids.B, ids.C]).toEqual([[500_001, 1], [], [2]]);
  // The corporation of the alliance goes along.
  expect(ids.unassigned).toEqual([3, 98_000_031, 9_000_001]);
});

test("a correction puts each with the largest that stayed there", () => {
  const { sides } = correctionOf(SIDES, parseSides(["B:alliance-2", "none:alliance-1"]), [], "");
  expect(sides).toEqual([
    { entity: { type: "alliance", id: 2 }, verb: "move", with: { type: "alliance", id: 3 } },
    { entity: { type: "alliance", id: 1 }, verb: "exclude", with: null },
  ]);
});

test("a new side is apart from all others, and the next join its first", () => {
  const body = correctionOf(
    SIDES,
    parseSides(["C:alliance-1", "C:corporation-98000031"]),
    ["96962356"],
    " Two fleets. ",
  );
  const first = { type: "alliance", id: 1 };
  expect(body.sides).toEqual([
    { entity: first, verb: "apart", with: { type: "alliance", id: 2 } },
    { entity: first, verb: "apart", with: { type: "alliance", id: 3 } },
    { entity: { type: "corporation", id: 98_000_031 }, verb: "move", with: first },
  ]);
  expect(body.killmails).toEqual([{ killmail_id: 96_962_356, verb: "exclude", with: null }]);
  expect(body.note).toBe("Two fleets.");
});

test("a part leaves by whichever has fewer killmails, and a battle is merged by its id", () => {
  expect(splitOf([1, 2, 3, 4, 5], [2, 3])).toEqual([2, 3]);
  expect(splitOf([1, 2, 3, 4, 5], [2, 3, 4, 5])).toEqual([1]);
  const body = correctionOf(SIDES, new Map(), ["9"], "", { apart: [2, 3], mergeWith: 12 });
  expect(body.killmails).toEqual([
    { killmail_id: 9, verb: "exclude", with: null },
    { killmail_id: 2, verb: "apart", with: null },
    { killmail_id: 3, verb: "apart", with: null },
  ]);
  expect(body.merge_with).toBe(12);
});
