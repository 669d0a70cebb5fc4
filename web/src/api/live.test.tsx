import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { StreamContext, useRenewalOnOpen } from "./live";
import { LiveStream } from "./stream";

/** A stream that opens when told to. */
function opening() {
  let open = () => {};
  const stream = new LiveStream("/stream", {
    after: () => () => {},
    frame: (job) => job(),
    fetch: (() =>
      new Promise((resolve) => {
        open = () => resolve(new Response(new ReadableStream()));
      })) as typeof fetch,
  });
  return { stream, open: () => open() };
}

type Answers = Record<"here" | "late" | "told", () => Promise<number>>;

function Page({ answers }: { answers: Answers }) {
  useRenewalOnOpen();
  const here = useQuery({ queryKey: ["here"], queryFn: answers.here });
  const late = useQuery({ queryKey: ["late"], queryFn: answers.late });
  const told = useQuery({ queryKey: ["told"], queryFn: answers.told, meta: { streamed: true } });
  return <output>{JSON.stringify([here.data, late.data, told.data])}</output>;
}

test("an answer that was on its way as the stream opened is asked for again, as one that had come", async () => {
  const { stream, open } = opening();
  const asked = { here: 0, late: 0, told: 0 };
  let arrive = () => {};
  const way = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const answers: Answers = {
    here: async () => ++asked.here,
    late: async () => {
      const n = ++asked.late;
      await way;
      return n;
    },
    told: async () => ++asked.told,
  };
  render(
    <QueryClientProvider client={new QueryClient()}>
      <StreamContext value={stream}>
        <Page answers={answers} />
      </StreamContext>
    </QueryClientProvider>,
  );
  const shown = () => screen.getByRole("status").textContent;
  await waitFor(() => expect(shown()).toBe("[1,null,1]"));
  stream.subscribe(() => {});
  await act(async () => open());
  await waitFor(() => expect(shown()).toBe("[2,null,1]"));
  arrive();
  await waitFor(() => expect(shown()).toBe("[2,2,1]"));
});
