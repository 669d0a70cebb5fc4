import { useRef } from "react";
import { useHotkeys } from "./useHotkeys";
import type { WindowListHandle } from "./WindowList";

/** Marks the element of a row that takes the focus; spread it on the row's link. */
export const rowFocus = (index: number) => ({ "data-row": index });

/**
 * j and k walk through a list, o opens the row elsewhere; Enter is the focused
 * link's own. The row in focus is the one selected, so there is no second cursor.
 */
export function useListKeys(
  list: React.RefObject<WindowListHandle | null>,
  count: number,
  openElsewhere: (index: number) => void,
): void {
  const last = useRef(-1);
  const focused = () => {
    const row = document.activeElement?.closest("[data-row]");
    return row ? Number(row.getAttribute("data-row")) : last.current;
  };
  const go = (to: number) => {
    const index = Math.max(0, Math.min(count - 1, to));
    if (count === 0) return;
    last.current = index;
    list.current?.scrollToIndex(index);
    // The row may only be rendered after the scroll.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus({ preventScroll: true }),
      ),
    );
  };
  useHotkeys({
    j: () => go(focused() + 1),
    k: () => go(focused() - 1),
    o: () => focused() >= 0 && openElsewhere(focused()),
  });
}
