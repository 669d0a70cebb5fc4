/** The sides as columns that members are moved between. */

import type { Member, Side } from "../../../api/model";
import { UNASSIGNED } from "../../../eve-ui/sides";
import { type Ground, keyOf, type Overrides, sideOf } from "./overrides";

export interface Column {
  id: string;
  /** Figures as last computed; undefined of a side that nobody was on then. */
  side: Side | undefined;
  members: Member[];
}

const LETTERS = "ABCDEFGH";

/** A to H, more when there are more, and who is on no side at the end. */
export function columnsOf(sides: readonly Side[], overrides: Overrides, ground: Ground): Column[] {
  const members = new Map<string, Member[]>();
  for (const letter of LETTERS) members.set(letter, []);
  for (const side of sides) {
    for (const member of side.members) {
      // By the address and not by the answer, which comes a moment later.
      const on = sideOf(keyOf(member.entity), overrides, ground);
      members.set(on, [...(members.get(on) ?? []), member]);
    }
  }
  const unassigned = members.get(UNASSIGNED) ?? [];
  members.delete(UNASSIGNED);
  const columns = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  return [...columns, [UNASSIGNED, unassigned] as const].map(([id, list]) => ({
    id,
    side: sides.find((side) => side.id === id),
    members: list.sort((a, b) => b.pilots - a.pilots || a.entity.id - b.entity.id),
  }));
}
