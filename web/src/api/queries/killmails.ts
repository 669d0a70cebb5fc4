import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../client";
import type { Killmail } from "../model";
import type { BattleQuery } from "./battles";

/** Rows the live feed keeps; older ones fall out. */
export const FEED_RING = 500;

/** What killmails are narrowed by; the words are those of the battle list. */
export type KillmailQuery = Pick<BattleQuery, "space_type" | "min_isk">;

/** The newest killmails, as the start of the live feed. */
export function recentKillmailsQuery(query: KillmailQuery) {
  return queryOptions({
    queryKey: ["killmails", "recent", query],
    queryFn: async ({ signal }): Promise<Killmail[]> => {
      const page = await unwrap(
        client.GET("/api/v1/killmails/recent", { params: { query: { ...query, limit: 100 } }, signal }),
      );
      return page.items;
    },
    // The stream keeps the list fresh; asking again would only fight with it.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
