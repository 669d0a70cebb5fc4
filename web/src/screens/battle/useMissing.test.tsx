import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import type { BattleDetail, Summary } from "../../api/model";
import { summaryQuery } from "../../api/queries/summary";
import { useMissing } from "./useMissing";

const NOW = Date.now();
const BATTLE = {
  started_at: new Date(NOW - 600_000).toISOString(),
  ended_at: new Date(NOW).toISOString(),
  status: "live",
  killmails: [],
} as unknown as BattleDetail;

test("killmails that wait for their battle are told of once they have waited for a while", async () => {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const read = (unclustered: number, after: number) =>
    act(async () => {
      const summary = { feed: { state: "live" }, missing_days: [], pending_killmails: 0, unclustered };
      client.setQueryData(summaryQuery.queryKey, summary as unknown as Summary, { updatedAt: NOW + after });
      await new Promise((told) => setTimeout(told)); // the cache tells of it a turn later
    });
  await read(3, 0);
  const { result } = renderHook(() => useMissing(BATTLE), {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  expect(result.current, "they have only just come").toEqual([]);
  await read(4, 3_000);
  expect(result.current).toEqual([]);
  await read(0, 15_000);
  await read(2, 30_000);
  expect(result.current, "others than before").toEqual([]);
  await read(2, 45_000);
  expect(result.current).toEqual([expect.stringContaining("2 killmails are not yet put into a battle")]);
  await read(0, 60_000);
  expect(result.current).toEqual([]);
});
