import { useSyncExternalStore } from "react";

/** Whether the window is at least this wide; the widths are the breakpoints of theme.css. */
export function useWide(breakpoint: "md" | "lg"): boolean {
  const query = QUERIES[breakpoint];
  return useSyncExternalStore(
    (job) => {
      query.addEventListener("change", job);
      return () => query.removeEventListener("change", job);
    },
    () => query.matches,
  );
}

const QUERIES = { md: window.matchMedia("(min-width: 52rem)"), lg: window.matchMedia("(min-width: 70rem)") };
