/** React's view of the live stream. */

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { BattleChange, Follower, Listener, LiveStream, Push, StreamState } from "./stream";

export const StreamContext = createContext<LiveStream | null>(null);

function useStream(): LiveStream {
  const stream = useContext(StreamContext);
  if (!stream) throw new Error("no StreamContext above this component");
  return stream;
}

/** Calls `listener` with every batch of live events while the component is mounted, and `active`. */
export function useLiveEvents(listener: Listener, active = true): void {
  const stream = useStream();
  const heard = useEffectEvent(listener);
  useEffect(() => (active ? stream.subscribe((events) => heard(events)) : undefined), [stream, active]);
}

/** What the listener of a battle's stream can do about what it heard. */
export type Rebase = () => void;

/**
 * Calls `listener` with what changes in a battle; null follows none. While it is
 * followed, no other live events come; see stream.ts. `mark` names the state that
 * is shown, and `rebase` begins again with it.
 */
export function useBattleChanges(
  battle: number | null,
  mark: () => string,
  listener: (changes: BattleChange[], rebase: Rebase) => void,
): void {
  const stream = useStream();
  const heard = useEffectEvent(listener);
  const marked = useEffectEvent(mark);
  useEffect(() => {
    if (battle === null) return;
    const follower: Follower = {
      battle,
      mark: () => marked(),
      heard: (changes) => heard(changes, () => stream.rebase(follower)),
    };
    return stream.follow(follower);
  }, [stream, battle]);
}

export function useStreamState(): StreamState {
  const stream = useStream();
  return useSyncExternalStore(
    (job) => stream.watch(job),
    () => stream.state,
  );
}

export function usePush(): Push {
  const stream = useStream();
  return useSyncExternalStore(
    (job) => stream.watch(job),
    () => stream.push,
  );
}

/**
 * Renews what is shown each time the stream opens: what was stored between the
 * answer on screen and the first event was told to nobody. The battle that is
 * followed begins with just that. Mounted once, by the shell.
 */
export function useRenewalOnOpen(): void {
  const state = useStreamState();
  const client = useQueryClient();
  useEffect(() => {
    if (state !== "open") return;
    for (const query of client.getQueryCache().findAll({ predicate: ({ meta }) => !meta?.streamed })) {
      const renew = () => client.invalidateQueries({ queryKey: query.queryKey, exact: true });
      // A first answer that is still on its way was asked for before the stream opened, too.
      if (query.state.dataUpdatedAt > 0) renew();
      else query.promise?.then(renew, () => {});
    }
  }, [state, client]);
}

/** Feeds tab visibility and the browser's own online signal into the stream. Mounted once, by the shell. */
export function useStreamLifecycle(): void {
  const stream = useStream();
  useEffect(() => {
    const seen = () => stream.visible(document.visibilityState === "visible");
    const online = () => stream.retryNow();
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("online", online);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("online", online);
    };
  }, [stream]);
}
