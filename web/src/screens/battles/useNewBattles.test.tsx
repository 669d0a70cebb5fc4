import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { StreamContext } from "../../api/live";
import type { Battle, BattleEvent } from "../../api/model";
import { type BattlePages, battleKeys } from "../../api/queries/battles";
import { LiveStream } from "../../api/stream";
import { isNews, useNewBattles } from "./useNewBattles";

const battle = (id: number, kills = 5, more: Partial<Battle> = {}) =>
  ({ id, kills, status: "live", revision: 2, ended_at: new Date().toISOString(), ...more }) as Battle;
const event = (id: number, now: Battle | null): BattleEvent => ({ id, moved_to: null, battle: now });

/** The hook under a stream that says what the test sends. */
function listening(shown: Battle[]) {
  const bytes = new TextEncoder();
  let send: (events: BattleEvent[]) => void = () => {};
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      send = (events) =>
        controller.enqueue(
          bytes.encode(events.map((data) => `event: battle\ndata: ${JSON.stringify(data)}\n\n`).join("")),
        );
    },
  });
  const stream = new LiveStream("/stream", {
    fetch: (async () => new Response(body)) as typeof fetch,
    after: () => () => {},
    // After all that came in one piece.
    frame: (job) => queueMicrotask(() => act(job)),
  });
  const client = new QueryClient();
  const key = [...battleKeys.lists, {}];
  client.setQueryData<BattlePages>(key, {
    pages: [{ items: shown, next_cursor: null }],
    pageParams: [null],
  });
  const { result } = renderHook(() => useNewBattles(shown, (b) => b.kills >= 5), {
    wrapper: ({ children }) => (
      <QueryClientProvider client={client}>
        <StreamContext value={stream}>{children}</StreamContext>
      </QueryClientProvider>
    ),
  });
  const listed = () => client.getQueryData<BattlePages>(key)?.pages.flatMap((page) => page.items);
  return { result, listed, send: (...events: BattleEvent[]) => send(events) };
}

test("new battles are counted once, unwanted ones never", async () => {
  const { result, send, listed } = listening([battle(1)]);
  send(event(2, battle(2)), event(2, battle(2, 6)), event(3, battle(3, 4)));
  await waitFor(() => expect(result.current.fresh).toBe(1));
  expect(listed()?.map((b) => b.id)).toEqual([1]);
  act(() => result.current.seen());
  expect(result.current.fresh).toBe(0);
});

test("corrected and updated battles of old are no new ones", async () => {
  const { result, send } = listening([battle(1)]);
  const old: Partial<Battle> = { status: "settled", ended_at: "2021-11-28T14:03:50Z" };
  send(
    event(2, battle(2, 50, { ...old, revision: 3 })), // a late killmail, or a correction
    event(3, battle(3, 50, { ...old, revision: 1 })), // one half of a battle that was split
    event(4, battle(4)),
  );
  await waitFor(() => expect(result.current.fresh).toBe(1));
  // The new one settles, and goes on counting.
  send(event(4, battle(4, 9, { status: "settled", revision: 7 })), event(5, battle(5)));
  await waitFor(() => expect(result.current.fresh).toBe(2));
});

test("one that comes as another goes takes its place", async () => {
  const { result, send, listed } = listening([battle(1)]);
  send(event(2, battle(2)));
  await waitFor(() => expect(result.current.fresh).toBe(1));
  send(event(2, null), event(3, battle(3)), event(1, battle(1, 9)));
  await waitFor(() => expect(listed()?.[0]?.kills).toBe(9));
  send(event(2, null), event(1, battle(1, 10)));
  await waitFor(() => expect(listed()?.[0]?.kills).toBe(10));
  expect(result.current.fresh).toBe(1);
});

test.each([
  ["goes on", { status: "live", revision: 9 }, "2026-11-22T10:00:00Z", true],
  ["was over before it was posted", { status: "settled", revision: 1 }, "2026-11-22T07:00:00Z", true],
  ["grows late", { status: "settled", revision: 2 }, "2026-11-22T07:00:00Z", false],
  ["is history", { status: "settled", revision: 1 }, "2026-11-20T07:00:00Z", false],
] as const)("a battle that %s", (_, more, ended_at, want) => {
  expect(isNews(battle(1, 5, { ...more, ended_at }), Date.parse("2026-11-22T10:05:00Z"))).toBe(want);
});

test("battles of the list are renewed in place, and those that went leave it", async () => {
  const { result, send, listed } = listening([battle(1), battle(2), battle(3)]);
  send(event(1, battle(1, 9)), event(2, null), event(3, battle(1, 9)));
  await waitFor(() => expect(listed()?.map((b) => [b.id, b.kills])).toEqual([[1, 9]]));
  expect(result.current.fresh).toBe(0);
});
