import { useSyncExternalStore } from "react";

export type Theme = "dark" | "light" | "system";

/** Shared with public/theme.js, which applies the stored theme before the first paint. */
const KEY = "battlescope.theme";
const THEMES: readonly Theme[] = ["dark", "light", "system"];

function current(): Theme {
  const set = document.documentElement.dataset.theme;
  return set === "light" || set === "system" ? set : "dark";
}

const watchers = new Set<() => void>();

export function setTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be blocked; the choice then lasts as long as the page.
  }
  for (const job of watchers) job();
}

/** The chosen theme, dark unless another was chosen, and the one the switch goes to next. */
export function useTheme(): { theme: Theme; next: Theme } {
  const theme = useSyncExternalStore((job) => {
    watchers.add(job);
    return () => watchers.delete(job);
  }, current);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "dark";
  return { theme, next };
}
