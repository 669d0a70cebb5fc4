/**
 * The live stream of one tab: killmails and battle changes as they are stored.
 *
 * One connection serves every listener. It reads server-sent events through
 * fetch, because an EventSource cannot be told after which event to resume once
 * it has been closed, and this stream closes itself while the tab is hidden.
 */

import type { BattleEvent, Heartbeat, Killmail } from "./model";
import { sseParser } from "./sse";

export type LiveEvent = { type: "killmail"; data: Killmail } | { type: "battle"; data: BattleEvent };

export type StreamState = "idle" | "connecting" | "open" | "retrying" | "paused";

/** How events reach the server's process: at once, or by looking for them now and then. */
export type Push = Heartbeat["push"];

/** Called with all events of one animation frame, oldest first. */
export type Listener = (events: LiveEvent[]) => void;

/** What the stream needs of its surroundings; tests bring their own. */
export interface Surroundings {
  fetch: typeof fetch;
  /** Runs `job` later; the result undoes it. */
  after: (ms: number, job: () => void) => () => void;
  /** Runs `job` before the next frame. */
  frame: (job: () => void) => void;
}

export const browser: Surroundings = {
  fetch: (...args) => fetch(...args),
  after: (ms, job) => {
    const timer = setTimeout(job, ms);
    return () => clearTimeout(timer);
  },
  frame: (job) => {
    requestAnimationFrame(job);
  },
};

/** A hidden tab keeps its connection this long, because tabs are often only glanced away from. */
export const HIDDEN_GRACE_MS = 60_000;
/** The server sends a heartbeat every 30 s; a connection silent for longer is dead. */
export const SILENCE_MS = 75_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 20_000] as const;

export class LiveStream {
  #url: string;
  #env: Surroundings;
  #listeners = new Set<Listener>();
  #watchers = new Set<() => void>();
  #state: StreamState = "idle";
  #push: Push = "live";
  #lastId = "";
  #failures = 0;
  #connection: AbortController | null = null;
  #cancelRetry: () => void = () => {};
  #cancelPause: () => void = () => {};
  #queue: LiveEvent[] = [];

  constructor(url: string, env: Surroundings = browser) {
    this.#url = url;
    this.#env = env;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** As the last heartbeat said. */
  get push(): Push {
    return this.#push;
  }

  /** Adds a listener; the first one opens the connection. The result removes it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#state === "idle") this.#connect();
    return () => this.#listeners.delete(listener);
  }

  /** Calls `job` after every change of state or push. The result stops that. */
  watch(job: () => void): () => void {
    this.#watchers.add(job);
    return () => this.#watchers.delete(job);
  }

  /** Tells the stream whether anybody looks. Long unseen it pauses; seen again it resumes where it was. */
  visible(seen: boolean): void {
    this.#cancelPause();
    if (!seen) {
      this.#cancelPause = this.#env.after(HIDDEN_GRACE_MS, () => {
        if (this.#state !== "idle") this.#close("paused");
      });
    } else if (this.#state === "paused") {
      this.#connect();
    }
  }

  /** Tries at once instead of waiting out the pause between attempts. */
  retryNow(): void {
    if (this.#state === "retrying") this.#connect();
  }

  /** Ends the connection for good. */
  stop(): void {
    this.#cancelPause();
    this.#close("idle");
  }

  #set(state: StreamState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const job of this.#watchers) job();
  }

  #beat(heartbeat: Heartbeat): void {
    const push = heartbeat.push ?? "live"; // an older server does not say
    if (push === this.#push) return;
    this.#push = push;
    for (const job of this.#watchers) job();
  }

  #close(state: StreamState): void {
    this.#cancelRetry();
    this.#connection?.abort();
    this.#connection = null;
    this.#set(state);
  }

  #connect(): void {
    this.#close(this.#failures > 0 ? "retrying" : "connecting");
    const connection = new AbortController();
    this.#connection = connection;
    this.#read(connection).then(
      () => this.#retry(connection),
      () => this.#retry(connection),
    );
  }

  #retry(connection: AbortController): void {
    if (this.#connection !== connection) return; // closed on purpose, or already replaced
    connection.abort();
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 20_000;
    this.#failures++;
    this.#set("retrying");
    this.#cancelRetry = this.#env.after(wait, () => this.#connect());
  }

  async #read(connection: AbortController): Promise<void> {
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (this.#lastId !== "") headers["Last-Event-ID"] = this.#lastId;
    const response = await this.#env.fetch(this.#url, {
      headers,
      signal: connection.signal,
      cache: "no-store",
    });
    if (!response.ok || !response.body) throw new Error(`stream answered ${response.status}`);
    this.#failures = 0;
    this.#set("open");

    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parse = sseParser();
    for (;;) {
      const cancelSilence = this.#env.after(SILENCE_MS, () => this.#retry(connection));
      const { done, value } = await reader.read().finally(cancelSilence);
      if (done || this.#connection !== connection) return;
      for (const message of parse(value)) {
        if (message.id !== "") this.#lastId = message.id;
        if (message.event === "killmail" || message.event === "battle") {
          this.#queueUp({ type: message.event, data: JSON.parse(message.data) });
        } else if (message.event === "heartbeat") {
          this.#beat(JSON.parse(message.data));
        }
      }
    }
  }

  #queueUp(event: LiveEvent): void {
    this.#queue.push(event);
    if (this.#queue.length > 1) return; // a frame is already asked for
    this.#env.frame(() => {
      const events = this.#queue;
      this.#queue = [];
      for (const listener of this.#listeners) listener(events);
    });
  }
}
