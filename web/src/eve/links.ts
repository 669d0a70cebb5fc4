/** Links to zKillboard that the API does not give. */

import type { ImageKind } from "./images";

/** The page of a pilot or organisation. */
export function zkillEntity(type: Exclude<ImageKind, "type" | "render">, id: number): string {
  return `https://zkillboard.com/${type}/${id}/`;
}

/** The page of a killmail, for one whose details the API does not have. */
export function zkillKill(id: number | string): string {
  return `https://zkillboard.com/kill/${id}/`;
}

/** The kills in a system within an hour of a time: "202111281000". */
export function zkillRelated(system: number, time: string): string {
  return `https://zkillboard.com/related/${system}/${time}/`;
}

const HOUR_MS = 3_600_000;

/** The related page that has a moment (milliseconds) in its middle; those pages go by the hour. */
export function zkillRelatedAt(system: number, at: number): string {
  const hour = new Date(Math.round(at / HOUR_MS) * HOUR_MS).toISOString();
  return zkillRelated(system, hour.slice(0, 16).replace(/\D/g, ""));
}

/** The map page of a system, which goes by its name. */
export function dotlanSystem(name: string): string {
  return `https://evemaps.dotlan.net/system/${encodeURIComponent(name.replaceAll(" ", "_"))}`;
}
