import { useEffect, useLayoutEffect, useRef } from "react";

interface Anchored<T> {
  list: React.RefObject<HTMLElement | null>;
  items: readonly T[];
  keyOf: (item: T) => string | number;
  rowHeight: (item: T) => number;
  /** The rows that are rendered, with their places in the list, pixels. */
  rows: readonly { key: unknown; offset: number }[];
  /** Pixels at the top of the window covered by sticky heads. */
  covered: number;
  /** How far the page is scrolled, as the list knows it. */
  scroll: number | null;
}

interface Seen<T> {
  items: readonly T[];
  top: number;
  scroll: number | null;
  rows: readonly { key: unknown; offset: number }[];
}

/**
 * Keeps what is in view where it is on the screen, whatever came above it or above
 * the list. Single rows may still change places: most of them are held. null holds
 * nothing.
 */
export function useAnchor<T>(anchored: Anchored<T> | null): void {
  const seen = useRef<Seen<T>>(null);
  useLayoutEffect(() => {
    if (!anchored) return;
    const { list, items, rows, covered, scroll } = anchored;
    const before = seen.current;
    // Drawn because the page was scrolled: to measure would lay out every frame twice.
    if (before && before.items === items && before.scroll !== scroll) {
      seen.current = { ...before, rows, scroll };
      return;
    }
    const box = list.current?.getBoundingClientRect();
    if (!box) return;
    const top = box.top + window.scrollY;
    seen.current = { items, top, rows, scroll };
    if (!before || (before.items === items && Math.abs(before.top - top) < 1)) return;
    const edge = window.scrollY + covered;
    if (before.top >= edge) return; // at the head of the list new rows may show
    if (!holds(list.current)) return;
    const by = shift(before, { ...anchored, top }, edge, window.scrollY + window.innerHeight);
    if (by !== 0) window.scrollBy({ top: by, behavior: "instant" });
  });

  // The browser would do the same for what is above the list, and then twice.
  const on = anchored !== null;
  useEffect(() => {
    if (!on) return;
    const { style } = document.documentElement;
    style.overflowAnchor = "none";
    return () => {
      style.overflowAnchor = "";
    };
  }, [on]);
}

/** How far most of the rows between two places of the page have moved. */
function shift<T>(
  before: Seen<T>,
  { items, keyOf, rowHeight, top }: Anchored<T> & { top: number },
  edge: number,
  bottom: number,
): number {
  const was = new Map<unknown, number>();
  for (const { key, offset } of before.rows) {
    const place = before.top + offset;
    if (place >= edge && place < bottom) was.set(key, place);
  }
  const moved: number[] = [];
  let place = top;
  for (const item of items) {
    const old = was.get(keyOf(item));
    if (old !== undefined) moved.push(place - old);
    if (moved.length === was.size) break;
    place += rowHeight(item);
  }
  moved.sort((a, b) => a - b);
  return moved[moved.length >> 1] ?? 0;
}

/** Lists side by side share one scroll position: the one that is pointed at holds it, else the first. */
function holds(list: HTMLElement | null): boolean {
  const all = [...document.querySelectorAll<HTMLElement>("[data-anchored]")];
  return list === (all.find((each) => each.matches(":hover")) ?? all[0]);
}
