import { describe, expect, test } from "vitest";
import type { Entity, Member, Pilot, Side } from "../../api/model";
import { certainty, certaintySentence, evidence, memberTree } from "./memberTree";

const entity = (type: Entity["type"], id: number): Entity => ({ type, id, name: `${type} ${id}` });

const member = (of: Entity, more: Partial<Member> = {}): Member => ({
  entity: of,
  pilots: 1,
  ships_lost: 0,
  isk_lost: 0,
  kills: 0,
  damage_done: 0,
  confidence: 1,
  together: null,
  against: null,
  friendly_fire: 0,
  ...more,
});

const pilot = (corporation: number, alliance: number | null, more: Partial<Pilot> = {}) =>
  ({
    side: "A",
    corporation: entity("corporation", corporation),
    alliance: alliance === null ? null : entity("alliance", alliance),
    losses: 0,
    isk_lost: 0,
    ...more,
  }) as Pilot;

test("alliances hold the corporations of their pilots on that side, most pilots first", () => {
  const side = {
    id: "A",
    members: [member(entity("alliance", 1)), member(entity("corporation", 30))],
  } as unknown as Side;
  const [alliance, corporation] = memberTree(side, [
    pilot(10, 1, { losses: 2, isk_lost: 5 }),
    pilot(20, 1),
    pilot(20, 1, { losses: 1, isk_lost: 3 }),
    pilot(30, null),
    pilot(20, 1, { side: "B" }),
  ]);
  expect(
    alliance?.corporations.map((row) => [row.entity.id, row.pilots, row.ships_lost, row.isk_lost]),
  ).toEqual([
    [20, 2, 1, 3],
    [10, 1, 2, 5],
  ]);
  expect(corporation?.corporations, "a corporation on its own holds nobody").toEqual([]);
});

describe("certainty", () => {
  test.each([
    [1, "sure"],
    [0.9, "sure"],
    [0.75, "likely"],
    [0.5, "unsure"],
    [0.29, "a guess"],
    [0, "a guess"],
  ])("a margin of %d is %s", (confidence, want) => expect(certainty(confidence)).toBe(want));
});

test("evidence says what speaks for the side and what against it", () => {
  const told = member(entity("alliance", 1), {
    together: { entity_id: 2, name: "Goonswarm Federation", kills: 418 },
    against: { entity_id: 3, name: null, kills: 1 },
    friendly_fire: 1,
  });
  expect(evidence(told)).toEqual([
    "Shot beside Goonswarm Federation on 418 kills.",
    "Fought the party 3 on 1 kill.",
    "Against that: it is on kills of its own side once.",
  ]);
  expect(evidence(member(entity("alliance", 1)))).toEqual([
    "No kill shows it beside or against anybody here.",
  ]);
  expect(certaintySentence(member(entity("alliance", 1), { confidence: 0 }), "A")).toContain("a guess");
});
