import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../client";
import type { Summary } from "../model";

/** Figures of the whole store and the state of the feed, kept fresh while the page is open. */
export const summaryQuery = queryOptions({
  queryKey: ["summary"],
  queryFn: ({ signal }): Promise<Summary> => unwrap(client.GET("/api/v1/stats/summary", { signal })),
  refetchInterval: 15_000,
});
