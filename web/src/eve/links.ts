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
