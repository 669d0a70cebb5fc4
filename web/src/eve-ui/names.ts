import type { Entity, SystemRef, TypeRef } from "../api/model";

const WORD = {
  character: "Pilot",
  corporation: "Corporation",
  alliance: "Alliance",
  faction: "Faction",
} as const;

/** The name, or the kind and id while the name is not resolved: "Alliance 1354830081". */
export function entityName(entity: Entity): string {
  return entity.name ?? `${WORD[entity.type]} ${entity.id}`;
}

/** The type's name; types the static data does not know go by their id. */
export function typeName(type: TypeRef | null | undefined): string {
  if (!type) return "Unknown ship";
  return type.name ?? `Type ${type.id}`;
}

/** The system's name; systems the static data does not know go by their id. */
export function systemName(system: SystemRef | undefined): string {
  if (!system) return "Unknown system";
  return system.name ?? `System ${system.id}`;
}

/** The region's name, "" where there is none. */
export function regionName(system: SystemRef | undefined): string {
  return system?.region?.name ?? "";
}
