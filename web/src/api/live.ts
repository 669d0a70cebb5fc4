/** React's view of the live stream. */

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { Listener, LiveStream, Push, StreamState } from "./stream";

export const StreamContext = createContext<LiveStream | null>(null);

function useStream(): LiveStream {
  const stream = useContext(StreamContext);
  if (!stream) throw new Error("no StreamContext above this component");
  return stream;
}

/** Calls `listener` with every batch of live events while the component is mounted. */
export function useLiveEvents(listener: Listener): void {
  const stream = useStream();
  const heard = useEffectEvent(listener);
  useEffect(() => stream.subscribe((events) => heard(events)), [stream]);
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
 * answer on screen and the first event was told to nobody. Mounted once, by the shell.
 */
export function useRenewalOnOpen(): void {
  const state = useStreamState();
  const client = useQueryClient();
  useEffect(() => {
    if (state !== "open") return;
    client.invalidateQueries({ predicate: (query) => query.state.dataUpdatedAt > 0 });
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
