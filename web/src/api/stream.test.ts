import { waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import {
  type BattleChange,
  type Follower,
  HIDDEN_GRACE_MS,
  type LiveEvent,
  LiveStream,
  REBASE_MS,
  SILENCE_MS,
  type Surroundings,
} from "./stream";

/** Surroundings under the test's hand: timers and frames run when told, connections are scripted. */
function bench() {
  const timers: { ms: number; job: () => void }[] = [];
  const frames: (() => void)[] = [];
  const calls: {
    url: string;
    headers: Record<string, string>;
    signal: AbortSignal;
    send: (text: string) => void;
    end: () => void;
  }[] = [];
  let refuse = false;
  let missing = false;
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
    fetch: (async (url: string, init: RequestInit) => {
      if (refuse) throw new TypeError("refused");
      if (missing && url !== "/stream") return new Response(null, { status: 404 });
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
        url,
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
    missing: (on: boolean) => {
      missing = on;
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
  await waitFor(() => expect(stream.state).toBe("open"));
  calls[0]?.send(`${kill(1)}event: heartbeat\ndata: {"at":"x"}\n\n${kill(2)}`);
  await waitFor(() => {
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
  await waitFor(() => expect(stream.state).toBe("open"));
  for (const push of ["live", "polling", "polling", "live"]) {
    calls[0]?.send(`event: heartbeat\ndata: {"at":"x","push":"${push}"}\n\n`);
  }
  await waitFor(() => expect(told).toHaveLength(4));
  expect(told).toEqual(["connecting live", "open live", "open polling", "open live"]);
});

test("a broken connection resumes after the last event", async () => {
  const { stream, calls, frame, pass } = bench();
  const heard: LiveEvent[] = [];
  stream.subscribe((events) => heard.push(...events));
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.headers["Last-Event-ID"]).toBeUndefined();
  calls[0]?.send(kill(41));
  await waitFor(() => {
    frame();
    expect(heard).toHaveLength(1);
  });
  calls[0]?.end();
  await waitFor(() => expect(stream.state).toBe("retrying"));
  pass(1_000);
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1]?.headers["Last-Event-ID"]).toBe("41");
});

test("attempts wait longer and longer, and a success starts over", async () => {
  const { stream, calls, refuse, pass, waits } = bench();
  refuse(true);
  stream.subscribe(() => {});
  await waitFor(() => expect(waits(1_000)).toBe(true));
  pass(1_000);
  await waitFor(() => expect(waits(2_000)).toBe(true));
  refuse(false);
  pass(2_000);
  await waitFor(() => expect(stream.state).toBe("open"));
  calls[0]?.end();
  await waitFor(() => expect(waits(1_000)).toBe(true));
});

test("hidden for long it lets go, and seen again it resumes", async () => {
  const { stream, calls, pass, waits } = bench();
  stream.subscribe(() => {});
  await waitFor(() => expect(stream.state).toBe("open"));
  stream.visible(false);
  stream.visible(true);
  expect(waits(HIDDEN_GRACE_MS)).toBe(false);
  stream.visible(false);
  pass(HIDDEN_GRACE_MS);
  expect(stream.state).toBe("paused");
  expect(calls[0]?.signal.aborted).toBe(true);
  stream.visible(true);
  await waitFor(() => expect(calls).toHaveLength(2));
});

test("a silent connection is given up", async () => {
  const { stream, calls, pass, waits } = bench();
  stream.subscribe(() => {});
  await waitFor(() => expect(waits(SILENCE_MS)).toBe(true));
  pass(SILENCE_MS);
  expect(stream.state).toBe("retrying");
  expect(calls[0]?.signal.aborted).toBe(true);
});

test("a connection given up is one failure, and one attempt follows", async () => {
  const { stream, calls, pass, waits } = bench();
  stream.subscribe(() => {});
  await waitFor(() => expect(waits(SILENCE_MS)).toBe(true));
  pass(SILENCE_MS);
  calls[0]?.end(); // what the abort does to the one who reads
  await new Promise((settled) => setTimeout(settled));
  expect([waits(1_000), waits(2_000)]).toEqual([true, false]);
});

test("stopped, it stays so", async () => {
  const { stream, calls } = bench();
  stream.subscribe(() => {});
  await waitFor(() => expect(stream.state).toBe("open"));
  stream.stop();
  expect(stream.state).toBe("idle");
  expect(calls[0]?.signal.aborted).toBe(true);
});

const delta = (base: string, mark: string) =>
  `id: 7\nevent: delta\ndata: {"base":"${base}","mark":"${mark}"}\n\n`;

test("a battle takes the connection over and gives it back, one at a time", async () => {
  const { stream, calls, frame } = bench();
  const events: LiveEvent[] = [];
  const changes: BattleChange[] = [];
  stream.subscribe((batch) => events.push(...batch));
  await waitFor(() => expect(calls).toHaveLength(1));
  calls[0]?.send(kill(41));
  await waitFor(() => {
    frame();
    expect(events).toHaveLength(1);
  });

  let mark = "a";
  const follower = {
    battle: 9,
    mark: () => mark,
    heard: (batch: BattleChange[]) => changes.push(...batch),
  };
  const leave = stream.follow(follower);
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[0]?.signal.aborted).toBe(true);
  expect(calls[1]?.url).toBe("/api/v1/battles/9/stream?base=a");
  expect(calls[1]?.headers["Last-Event-ID"]).toBeUndefined();
  await waitFor(() => expect(stream.state).toBe("open"));
  calls[1]?.send(delta("a", "b") + delta("b", "c"));
  await waitFor(() => {
    frame();
    expect(changes).toHaveLength(2);
  });
  expect(changes).toEqual([
    { type: "delta", data: { base: "a", mark: "b" } },
    { type: "delta", data: { base: "b", mark: "c" } },
  ]);

  // From one battle to the next there is nothing in between.
  leave();
  const next = stream.follow({ ...follower, battle: 10 });
  mark = "z";
  await waitFor(() => expect(calls).toHaveLength(3));
  expect(calls[2]?.url).toBe("/api/v1/battles/10/stream?base=z");

  next();
  await waitFor(() => expect(calls).toHaveLength(4));
  expect(calls[3]?.url).toBe("/stream");
  expect(calls[3]?.headers["Last-Event-ID"], "of another stream").toBeUndefined();
});

test("a battle's stream comes back with the state that is shown by then", async () => {
  const { stream, calls, pass } = bench();
  let mark = "a";
  const follower: Follower = { battle: 9, mark: () => mark, heard: () => {} };
  stream.follow(follower);
  await waitFor(() => expect(stream.state).toBe("open"));
  mark = "b";
  calls[0]?.end();
  await waitFor(() => expect(stream.state).toBe("retrying"));
  pass(1_000);
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1]?.url).toBe("/api/v1/battles/9/stream?base=b");

  await waitFor(() => expect(stream.state).toBe("open"));
  mark = "c";
  stream.rebase(follower);
  stream.rebase(follower);
  pass(REBASE_MS);
  await waitFor(() => expect(calls).toHaveLength(3));
  expect(calls[2]?.url).toBe("/api/v1/battles/9/stream?base=c");
});

test("a battle that begins again does not wait for one that was left", async () => {
  const { stream, calls, pass } = bench();
  const follower = (battle: number): Follower => ({ battle, mark: () => "a", heard: () => {} });
  const [first, second] = [follower(9), follower(10)];
  const leave = stream.follow(first);
  await waitFor(() => expect(stream.state).toBe("open"));
  stream.rebase(first);
  leave();
  stream.follow(second);
  await waitFor(() => expect(calls.at(-1)?.url).toContain("/10/"));
  await waitFor(() => expect(stream.state).toBe("open"));
  stream.rebase(second);
  pass(REBASE_MS); // the first battle's
  pass(REBASE_MS);
  await waitFor(() => expect(calls).toHaveLength(3));
});

test("a battle that is not there leaves the connection to the site", async () => {
  const { stream, calls, missing } = bench();
  missing(true);
  const changes: BattleChange[] = [];
  stream.follow({ battle: 9, mark: () => "a", heard: (batch) => changes.push(...batch) });
  await waitFor(() => expect(changes).toEqual([{ type: "refused" }]));
  missing(false);
  await waitFor(() => expect(calls.at(-1)?.url).toBe("/stream"));
  await waitFor(() => expect(stream.state).toBe("open"));
});
