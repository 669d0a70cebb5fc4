/**
 * Who was put on which side by hand. It lives in the address as side=A:alliance-99003581,
 * with "none" for no side. Of a pilot, its corporation and its alliance the first that
 * is named counts, as in the API.
 */

import type { Entity, Pilot, Side } from "../../../api/model";
import { UNASSIGNED } from "../../../eve-ui/sides";

/** "alliance-99003581" */
export type EntityKey = string;

/** Sides of entities that were put there by hand, in the order they were named. */
export type Overrides = ReadonlyMap<EntityKey, string>;

type Named = Pick<Entity, "type" | "id">;

export function keyOf({ type, id }: Named): EntityKey {
  return `${type}-${id}`;
}

/** The kind and id a key names. */
export function named(key: EntityKey): { type: "alliance" | "corporation" | "character"; id: number } {
  const [type, id] = key.split("-");
  return { type: type as "alliance" | "corporation" | "character", id: Number(id) };
}

const FORM = /^([A-Z]|none|unassigned):((?:alliance|corporation|character)-[1-9]\d{0,15})$/;

/** Reads an address. What it does not understand is left out; the server complains about it. */
export function parseSides(side: readonly string[]): Overrides {
  const overrides = new Map<EntityKey, string>();
  for (const text of side) {
    const [, letter, key] = FORM.exec(text) ?? [];
    if (letter && key) overrides.set(key, letter === "none" ? UNASSIGNED : letter);
  }
  return overrides;
}

/** Writes them as the address has them; undefined for none, which leaves the address without. */
export function writeSides(overrides: Overrides): string[] | undefined {
  if (overrides.size === 0) return undefined;
  return [...overrides].map(([key, side]) => `${side === UNASSIGNED ? "none" : side}:${key}`);
}

/** Whether people can put it on a side: NPCs cannot be, as their members have nothing in common. */
export function movable({ type, id }: Named): boolean {
  if (type === "corporation") return id >= 2_000_000;
  return type === "alliance" || type === "character";
}

/** Where everybody belongs: the sides without anything done by hand, and who is in what. */
export interface Ground {
  inferred: ReadonlyMap<EntityKey, string>;
  /** The corporation and alliance of a pilot, or the alliance of a corporation: nearest first. */
  above: ReadonlyMap<EntityKey, readonly EntityKey[]>;
}

export function groundOf(sides: readonly Side[], pilots: readonly Pilot[]): Ground {
  const inferred = new Map<EntityKey, string>();
  for (const side of sides) for (const { entity } of side.members) inferred.set(keyOf(entity), side.id);
  const above = new Map<EntityKey, readonly EntityKey[]>();
  for (const { character, corporation, alliance } of pilots) {
    const alliances = alliance ? [keyOf(alliance)] : [];
    if (corporation) above.set(keyOf(corporation), alliances);
    if (character) above.set(keyOf(character), corporation ? [keyOf(corporation), ...alliances] : alliances);
  }
  return { inferred, above };
}

/** The side an entity is on when nothing is said of itself. */
function without(key: EntityKey, overrides: Overrides, { inferred, above }: Ground): string {
  const chain = above.get(key) ?? [];
  for (const up of chain) {
    const side = overrides.get(up);
    if (side !== undefined) return side;
  }
  for (const each of [key, ...chain]) {
    const side = inferred.get(each);
    if (side !== undefined) return side;
  }
  return UNASSIGNED;
}

/** The side an entity is on. */
export function sideOf(key: EntityKey, overrides: Overrides, ground: Ground): string {
  return overrides.get(key) ?? without(key, overrides, ground);
}

/** Puts an entity on a side. What stands where it would stand anyway needs no mention. */
export function move(overrides: Overrides, key: EntityKey, side: string, ground: Ground): Overrides {
  const next = new Map(overrides);
  next.delete(key);
  if (without(key, next, ground) !== side) next.set(key, side);
  for (const [each, on] of next) {
    if (each === key) continue;
    const rest = new Map(next);
    rest.delete(each);
    if (without(each, rest, ground) === on) next.delete(each);
  }
  return next;
}
