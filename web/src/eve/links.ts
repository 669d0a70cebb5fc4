/** Links to zKillboard that the API does not give. */

import type { ImageKind } from "./images";

/** The page of a pilot or organisation. */
export function zkillEntity(type: Exclude<ImageKind, "type">, id: number): string {
  return `https://zkillboard.com/${type}/${id}/`;
}
