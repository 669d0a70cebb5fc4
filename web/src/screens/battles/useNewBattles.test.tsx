import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { StreamContext } from "../../api/live";
import type { Battle, BattleEvent } from "../../api/model";
import { type BattlePages, battleKeys } from "../../api/queries/battles";
import { LiveStream } from "../../api/stream";
import { useNewBattles } from "./useNewBattles";

const battle = (id: number, kills = 5) => ({ id, kills }) as Battle;
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
    frame: (job) => act(job),
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

test("battles of the list are renewed in place, and those that went leave it", async () => {
  const { result, send, listed } = listening([battle(1), battle(2), battle(3)]);
  send(event(1, battle(1, 9)), event(2, null), event(3, battle(1, 9)));
  await waitFor(() => expect(listed()).toEqual([battle(1, 9)]));
  expect(result.current.fresh).toBe(0);
});
