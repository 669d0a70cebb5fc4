/** Filters of the live feed, in the address like those of the battle list. */

import type { Killmail } from "../../api/model";
import type { KillmailQuery } from "../../api/queries/killmails";
import { SPACES } from "../../eve/security";
import type { RawSearch } from "../battles/filters";

export type FeedFilters = KillmailQuery;

/** Steps of the value filter, in ISK. */
export const MIN_ISK_STEPS = [1e8, 1e9, 1e10] as const;

export function parseFeedFilters(raw: RawSearch): FeedFilters {
  const filters: FeedFilters = {};
  const given = new Set(([] as string[]).concat(raw.space_type ?? []));
  const spaces = SPACES.map(([key]) => key).filter((key) => given.has(key));
  if (spaces.length > 0) filters.space_type = spaces;
  const min = Number(([] as string[]).concat(raw.min_isk ?? [])[0]);
  if (Number.isFinite(min) && min > 0) filters.min_isk = min;
  return filters;
}

/** Whether a killmail of the stream, which is not filtered, belongs in the list. */
export function matches(killmail: Killmail, { space_type, min_isk }: FeedFilters): boolean {
  if (space_type && !space_type.includes(killmail.system.security_band)) return false;
  // An unknown value may be any value; a filter on value leaves it out.
  return min_isk === undefined || (killmail.isk ?? 0) >= min_isk;
}
