import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { StreamContext } from "../../api/live";
import type { FeedStatus as Feed } from "../../api/model";
import { summaryQuery } from "../../api/queries/summary";
import { LiveStream } from "../../api/stream";
import { FeedStatus } from "./FeedStatus";

/** The status of a feed, beside a stream whose heartbeats the test sends. */
async function bench(state: Feed["state"]) {
  let send: (text: string) => void = () => {};
  const stream = new LiveStream("/stream", {
    after: () => () => {},
    frame: (job) => job(),
    fetch: (async () => {
      const bytes = new TextEncoder();
      return new Response(
        new ReadableStream<Uint8Array>({
          start(controller) {
            send = (text) => controller.enqueue(bytes.encode(text));
          },
        }),
      );
    }) as typeof fetch,
  });
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(summaryQuery.queryKey, { feed: { state } } as never);
  render(
    <QueryClientProvider client={client}>
      <StreamContext value={stream}>
        <FeedStatus />
      </StreamContext>
    </QueryClientProvider>,
  );
  stream.subscribe(() => {});
  await waitFor(() => expect(stream.state).toBe("open"));
  return async (push: string) => {
    send(`event: heartbeat\ndata: {"at":"x","push":"${push}"}\n\n`);
    await waitFor(() => expect(stream.push).toBe(push));
  };
}

const status = () => screen.getByRole("status");

test("a push that has degraded is told beside a live feed, and not for longer", async () => {
  const beat = await bench("live");
  expect(status().textContent).toBe("Live");
  await beat("polling");
  expect(status().textContent).toMatch(/^Live, delayed/);
  expect(status().title).toMatch(/Nothing is lost/);
  await beat("live");
  expect(status().textContent).toBe("Live");
  expect(status().title).toBe("");
});

test("it is no news while the feed itself is behind", async () => {
  const beat = await bench("offline");
  await beat("polling");
  expect(status().textContent).toBe("Feed offline");
});
