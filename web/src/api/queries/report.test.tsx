import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { complete } from "../delta";
import { type ReportSource, reportQuery, useReport } from "./report";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Shows a report that was fetched a minute ago, and tells whether it is asked for again. */
async function shownAgain(source: ReportSource): Promise<boolean> {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000 } } });
  const asked = vi.fn(async () => Response.json({}));
  vi.stubGlobal("fetch", asked);
  client.setQueryData(reportQuery(source).queryKey, complete({ mark: "a" }), {
    updatedAt: Date.now() - 60_000,
  });
  const { result } = renderHook(() => useReport(source), {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  await waitFor(() => expect(result.current.isFetching).toBe(false));
  return asked.mock.calls.length > 0;
}

test("a battle that its stream keeps is not asked for besides, a part of it is", async () => {
  expect(await shownAgain({ kind: "battle", id: 7, query: {} })).toBe(false);
  expect(await shownAgain({ kind: "battle", id: 7, query: { from: "2021-11-28T10:00:00Z" } })).toBe(true);
  expect(await shownAgain({ kind: "report", query: { battle: ["7"] } })).toBe(true);
});
