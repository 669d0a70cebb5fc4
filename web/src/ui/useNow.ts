import { useSyncExternalStore } from "react";

/**
 * The present time, renewed every `ms`. All users of one period share a timer,
 * so a list of a hundred "4m ago" wakes once.
 */
export function useNow(ms: 1_000 | 30_000): Date {
  const clock = CLOCKS[ms];
  return useSyncExternalStore(clock.watch, clock.now);
}

function ticking(ms: number) {
  const watchers = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let at = new Date();
  return {
    now: () => {
      // Without a timer nobody renewed it; a first render must not see an old time.
      if (timer === undefined && Date.now() - at.getTime() >= ms) at = new Date();
      return at;
    },
    watch: (job: () => void) => {
      watchers.add(job);
      timer ??= setInterval(() => {
        at = new Date();
        for (const each of watchers) each();
      }, ms);
      return () => {
        watchers.delete(job);
        if (watchers.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      };
    },
  };
}

const CLOCKS = { 1000: ticking(1_000), 30000: ticking(30_000) };
