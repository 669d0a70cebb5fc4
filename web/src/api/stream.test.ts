import { expect, test, vi } from "vitest";
import { HIDDEN_GRACE_MS, type LiveEvent, LiveStream, SILENCE_MS, type Surroundings } from "./stream";

/** Surroundings under the test's hand: timers and frames run when told, connections are scripted. */
function bench() {
  const timers: { ms: number; job: () => void }[] = [];
  const frames: (() => void)[] = [];
  const calls: {
    headers: Record<string, string>;
    signal: AbortSignal;
    send: (text: string) => void;
    end: () => void;
  }[] = [];
  let refuse = false;
  const env: Surroundings = {
    after: (ms, job) => {
      const timer = { ms, job };
      timers.push(timer);
      return () => {
        const at = timers.indexOf(timer);
        if (at >= 0) timers.splice(at, 1);
      };
    },
    frame: (job) => {
      frames.push(job);
    },
    fetch: (async (_url: string, init: RequestInit) => {
      if (refuse) throw new TypeError("refused");
      const bytes = new TextEncoder();
      let send: (text: string) => void = () => {};
      let end: () => void = () => {};
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          send = (text) => controller.enqueue(bytes.encode(text));
          end = () => controller.close();
        },
      });
      calls.push({
        headers: init.headers as Record<string, string>,
        signal: init.signal as AbortSignal,
        send,
        end,
      });
      return new Response(body);
    }) as typeof fetch,
  };
  return {
    stream: new LiveStream("/stream", env),
    calls,
    refuse: (on: boolean) => {
      refuse = on;
    },
    /** Runs the timer of this length, which must be set. */
    pass: (ms: number) => {
      const at = timers.findIndex((timer) => timer.ms === ms);
      expect(at, `a timer of ${ms} ms`).toBeGreaterThanOrEqual(0);
      timers.splice(at, 1)[0]?.job();
    },
    waits: (ms: number) => timers.some((timer) => timer.ms === ms),
    frame: () => {
      for (const job of frames.splice(0)) job();
    },
  };
}

const kill = (id: number) => `id: ${id}\nevent: killmail\ndata: {"id":${id}}\n\n`;

test("events of one frame come together, heartbeats do not come at all", async () => {
  const { stream, calls, frame } = bench();
  const heard: LiveEvent[][] = [];
  stream.subscribe((events) => heard.push(events));
  await vi.waitFor(() => expect(stream.state).toBe("open"));
  calls[0]?.send(`${kill(1)}event: heartbeat\ndata: {"at":"x"}\n\n${kill(2)}`);
  await vi.waitFor(() => {
    frame();
    expect(heard.flat()).toHaveLength(2);
  });
  expect(heard).toEqual([
    [
      { type: "killmail", data: { id: 1 } },
      { type: "killmail", data: { id: 2 } },
    ],
  ]);
});

test("heartbeats tell how events reach the server, and only a change is told on", async () => {
  const { stream, calls } = bench();
  const told: string[] = [];
  stream.watch(() => told.push(`${stream.state} ${stream.push}`));
  stream.subscribe(() => {});
  await vi.waitFor(() => expect(stream.state).toBe("open"));
  for (const push of ["live", "polling", "polling", "live"]) {
    calls[0]?.send(`event: heartbeat\ndata: {"at":"x","push":"${push}"}\n\n`);
  }
  await vi.waitFor(() => expect(told).toHaveLength(4));
  expect(told).toEqual(["connecting live", "open live", "open polling", "open live"]);
});

test("a broken connection resumes after the last event", async () => {
  const { stream, calls, frame, pass } = bench();
  const heard: LiveEvent[] = [];
  stream.subscribe((events) => heard.push(...events));
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.headers["Last-Event-ID"]).toBeUndefined();
  calls[0]?.send(kill(41));
  await vi.waitFor(() => {
    frame();
    expect(heard).toHaveLength(1);
  });
  calls[0]?.end();
  await vi.waitFor(() => expect(stream.state).toBe("retrying"));
  pass(1_000);
  await vi.waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1]?.headers["Last-Event-ID"]).toBe("41");
});

test("attempts wait longer and longer, and a success starts over", async () => {
  const { stream, calls, refuse, pass, waits } = bench();
  refuse(true);
  stream.subscribe(() => {});
  await vi.waitFor(() => expect(waits(1_000)).toBe(true));
  pass(1_000);
  await vi.waitFor(() => expect(waits(2_000)).toBe(true));
  refuse(false);
  pass(2_000);
  await vi.waitFor(() => expect(stream.state).toBe("open"));
  calls[0]?.end();
  await vi.waitFor(() => expect(waits(1_000)).toBe(true));
});

test("hidden for long it lets go, and seen again it resumes", async () => {
  const { stream, calls, pass, waits } = bench();
  stream.subscribe(() => {});
  await vi.waitFor(() => expect(stream.state).toBe("open"));
  stream.visible(false);
  stream.visible(true);
  expect(waits(HIDDEN_GRACE_MS)).toBe(false);
  stream.visible(false);
  pass(HIDDEN_GRACE_MS);
  expect(stream.state).toBe("paused");
  expect(calls[0]?.signal.aborted).toBe(true);
  stream.visible(true);
  await vi.waitFor(() => expect(calls).toHaveLength(2));
});

test("a silent connection is given up", async () => {
  const { stream, calls, pass, waits } = bench();
  stream.subscribe(() => {});
  await vi.waitFor(() => expect(waits(SILENCE_MS)).toBe(true));
  pass(SILENCE_MS);
  expect(stream.state).toBe("retrying");
  expect(calls[0]?.signal.aborted).toBe(true);
});

test("stopped, it stays so", async () => {
  const { stream, calls } = bench();
  stream.subscribe(() => {});
  await vi.waitFor(() => expect(stream.state).toBe("open"));
  stream.stop();
  expect(stream.state).toBe("idle");
  expect(calls[0]?.signal.aborted).toBe(true);
});
