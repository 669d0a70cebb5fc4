/**
 * The live stream of one tab: killmails and battle changes as they are stored.
 *
 * One connection serves every listener: browsers allow six to a server that does
 * not speak HTTP/2, for all tabs together. So while a page shows one battle, the
 * connection is that battle's, which brings its changes and the heartbeats, and
 * nothing of what happens elsewhere; who listens to that hears nothing meanwhile.
 *
 * It reads server-sent events through fetch, because an EventSource cannot be told
 * after which event to resume once it has been closed, and this stream closes
 * itself while the tab is hidden.
 */

import type { BattleDelta, BattleEvent, Heartbeat, Killmail } from "./model";
import { sseParser } from "./sse";

export type LiveEvent = { type: "killmail"; data: Killmail } | { type: "battle"; data: BattleEvent };

/** What the stream of one battle says; "refused" when the server has none of it. */
export type BattleChange = { type: "delta"; data: BattleDelta } | { type: "reset" } | { type: "refused" };

/** A page that shows one battle. */
export interface Follower {
  battle: number;
  /** Mark of the state it shows; asked at every connection, which begins with what has changed since. */
  mark: () => string;
  /** Called with all changes of one animation frame, oldest first. */
  heard: (changes: BattleChange[]) => void;
}

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
/** Least time between two beginnings of a battle's stream that its reader asks for. */
export const REBASE_MS = 2_000;
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
  #followers = new Set<Follower>();
  /** Whose battle the connection is of, null for the site's. */
  #of: Follower | null = null;
  #changes: BattleChange[] = [];
  #aiming = false;
  #rebasing: Follower | null = null;

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

  /** Gives the connection to a battle until the result is called. The last one to ask has it. */
  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    this.#aim();
    return () => {
      this.#followers.delete(follower);
      this.#aim();
    };
  }

  /** Begins the stream of a follower's battle again, with the state it has by then. */
  rebase(follower: Follower): void {
    if (this.#rebasing === follower || this.#of !== follower) return;
    this.#rebasing = follower;
    this.#env.after(REBASE_MS, () => {
      if (this.#rebasing !== follower) return;
      this.#rebasing = null;
      if (this.#of === follower && this.#state === "open") this.#connect();
    });
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

  /** Connects to what is wanted now, once for all changes of one turn: a page that leaves, and one that comes. */
  #aim(): void {
    if (this.#aiming) return;
    this.#aiming = true;
    queueMicrotask(() => {
      this.#aiming = false;
      const wanted = [...this.#followers].at(-1) ?? null;
      if (wanted === this.#of) return;
      this.#of = wanted;
      this.#changes = [];
      // The other stream has not told what happened since; its pages ask for that when it opens.
      this.#lastId = "";
      this.#failures = 0;
      if (this.#state !== "paused") this.#connect();
    });
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
    if (this.#connection !== connection) return; // closed on purpose, or already given up
    this.#connection = null;
    connection.abort();
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 20_000;
    this.#failures++;
    this.#set("retrying");
    this.#cancelRetry = this.#env.after(wait, () => this.#connect());
  }

  async #read(connection: AbortController): Promise<void> {
    const of = this.#of;
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (!of && this.#lastId !== "") headers["Last-Event-ID"] = this.#lastId;
    const url = of ? `/api/v1/battles/${of.battle}/stream?base=${of.mark()}` : this.#url;
    const response = await this.#env.fetch(url, { headers, signal: connection.signal, cache: "no-store" });
    if (of && (response.status === 404 || response.status === 410) && this.#connection === connection) {
      this.#followers.delete(of);
      this.#aim();
      of.heard([{ type: "refused" }]);
      return;
    }
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
        } else if (of && (message.event === "delta" || message.event === "reset")) {
          this.#change(of, { type: message.event, data: JSON.parse(message.data) });
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

  #change(of: Follower, change: BattleChange): void {
    this.#changes.push(change);
    if (this.#changes.length > 1) return;
    const batch = this.#changes;
    this.#env.frame(() => {
      if (this.#changes !== batch) return; // the connection has gone to another battle
      this.#changes = [];
      of.heard(batch);
    });
  }
}
