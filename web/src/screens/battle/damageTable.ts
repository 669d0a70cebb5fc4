/** Who shot what, put together for the damage tab. */

import type { DamageDealt, DamageView } from "../../api/model";
import { compact } from "../../eve/count";
import { hullOrder } from "../../eve/hulls";
import { sideWord, UNASSIGNED } from "../../eve-ui/sides";
import { formatShare } from "./share";

/** Stands in place of a side for damage by CONCORD, sentries and rats. */
export const NPC = "npc";

/** "Side A", and what stands in place of one. */
export function shooterWord(id: string): string {
  return id === NPC ? "NPCs" : sideWord(id);
}

/** Damage to ships of each side, and to structures. */
export interface Dealt {
  /** By the side of the victims. */
  to: Map<string, number>;
  /** To ships, all of them. */
  ships: number;
  structures: number;
}

function sum(rows: readonly DamageDealt[]): Dealt {
  const dealt: Dealt = { to: new Map(), ships: 0, structures: 0 };
  for (const row of rows) {
    if (row.damage > 0) dealt.to.set(row.to, (dealt.to.get(row.to) ?? 0) + row.damage);
    dealt.ships += row.damage;
    dealt.structures += row.structure_damage;
  }
  return dealt;
}

export interface ShooterRow {
  by: string;
  dealt: Dealt;
}

/** Every side that shot, in the order of the report, NPCs last. */
export function shooters({ dealt }: DamageView, sides: readonly string[]): ShooterRow[] {
  return [...sides, NPC]
    .map((by) => ({ by, dealt: sum(dealt.filter((row) => row.by === by)) }))
    .filter(({ dealt: { ships, structures } }) => ships + structures > 0);
}

/** Sides that were shot at, in the order of the report. */
export function targets({ dealt }: DamageView, sides: readonly string[]): string[] {
  return sides.filter((id) => dealt.some((row) => row.to === id && row.damage > 0));
}

export interface ClassDealt {
  key: string;
  label: string;
  dealt: Dealt;
}

/** What the hull classes of a side did, in players' order; hulls no killmail names come last. */
export function classesOf({ dealt }: DamageView, by: string): ClassDealt[] {
  const classes = new Map<string, DamageDealt[]>();
  for (const row of dealt) {
    if (row.by !== by) continue;
    const rows = classes.get(row.class);
    if (rows) rows.push(row);
    else classes.set(row.class, [row]);
  }
  return [...classes]
    .map(([key, rows]) => ({ key, label: rows[0]?.class_label ?? key, dealt: sum(rows) }))
    .filter(({ dealt: { ships, structures } }) => ships + structures > 0)
    .sort((a, b) => hullOrder(a.key) - hullOrder(b.key));
}

/** Columns a table has room for: the sides shot at most; own fire is never among them. */
export function columnsOf(side: string, dealt: Dealt, room: number): string[] {
  return [...dealt.to]
    .filter(([id]) => id !== side)
    .sort(([, a], [, b]) => b - a)
    .slice(0, room)
    .map(([id]) => id)
    .sort((a, b) => (a === UNASSIGNED ? 1 : b === UNASSIGNED ? -1 : a < b ? -1 : 1));
}

/** What was done and by whom, in a sentence or three. */
export function damageSentence(rows: readonly ShooterRow[]): string {
  const shots = rows.filter((row) => row.dealt.ships > 0);
  const total = shots.reduce((all, row) => all + row.dealt.ships, 0);
  if (total === 0) return "No killmail here tells of damage to ships.";
  const sentences = [
    `Of ${compact(total)} damage to ships, ${shots
      .map((row) => `${shooterWord(row.by)} did ${formatShare(row.dealt.ships, total)}`)
      .join(", ")}.`,
  ];
  const own = shots
    .map((row) => [row.by, row.dealt.to.get(row.by) ?? 0] as const)
    .filter(([by, damage]) => by !== NPC && by !== UNASSIGNED && damage > 0);
  if (own.length > 0) {
    sentences.push(
      `Own fire: ${own.map(([by, damage]) => `${shooterWord(by)} ${compact(damage)}`).join(", ")}.`,
    );
  }
  const structures = rows.filter((row) => row.dealt.structures > 0);
  if (structures.length > 0) {
    sentences.push(
      `Structures took ${structures
        .map((row) => `${compact(row.dealt.structures)} from ${shooterWord(row.by)}`)
        .join(", ")}.`,
    );
  }
  return sentences.join(" ");
}
