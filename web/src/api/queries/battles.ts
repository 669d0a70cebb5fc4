import { type InfiniteData, infiniteQueryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../client";
import type { Battle } from "../model";
import type { paths } from "../schema";

/** Query parameters of GET /battles, as the API names them. */
export type BattleQuery = NonNullable<paths["/api/v1/battles"]["get"]["parameters"]["query"]>;

export interface BattlePage {
  items: Battle[];
  next_cursor: string | null;
}

/** The list as it lies in the cache. */
export type BattlePages = InfiniteData<BattlePage, string | null>;

const PAGE = 50;

export const battleKeys = {
  lists: ["battles"] as const,
  detail: (id: number) => ["battle", id] as const,
};

/** Battles matching `query`, a page at a time. */
export function battlesQuery(query: BattleQuery) {
  return infiniteQueryOptions({
    queryKey: [...battleKeys.lists, query],
    queryFn: ({ pageParam, signal }): Promise<BattlePage> =>
      unwrap(
        client.GET("/api/v1/battles", {
          params: { query: { ...query, limit: PAGE, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}
