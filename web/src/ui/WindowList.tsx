import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useAnchor } from "./useAnchor";
import { followScroll } from "./windowScroll";

export interface WindowListHandle {
  scrollToIndex: (index: number) => void;
}

interface Props<T> {
  items: readonly T[];
  keyOf: (item: T) => string | number;
  /** Height of one row in pixels. Rows must keep to it. */
  rowHeight: (item: T) => number;
  children: (item: T, index: number) => React.ReactNode;
  /** Called when the last rows come into view. */
  onEnd?: () => void;
  label: string;
  /** Pixels at the top of the window covered by sticky heads; by default the page's scroll padding. */
  headroom?: number;
  /** Rows that come above those in view do not move them. */
  anchored?: boolean;
  ref?: React.Ref<WindowListHandle>;
}

/**
 * A list that scrolls with the page and renders only the rows in view. Row
 * heights are known, so that nothing is measured and nothing shifts.
 */
export function WindowList<T>({
  items,
  keyOf,
  rowHeight,
  children,
  onEnd,
  label,
  headroom,
  anchored = false,
  ref,
}: Props<T>) {
  const list = useRef<HTMLUListElement>(null);
  const [{ top, padding }, setPlace] = useState({ top: 0, padding: 0 });
  const covered = headroom ?? padding;

  // The list's own place on the page moves when what is above it changes height.
  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current?.getBoundingClientRect();
      if (!box) return;
      const place = {
        top: Math.round(box.top + window.scrollY),
        padding: Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0,
      };
      setPlace((before) => (before.top === place.top && before.padding === place.padding ? before : place));
    };
    measure();
    // Before the frame is painted, so that what is held in view never jumps for one.
    const observer = new ResizeObserver(() => flushSync(measure));
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);

  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: (index) => {
      const item = items[index];
      return item === undefined ? 0 : rowHeight(item);
    },
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: 8,
    scrollMargin: top,
    observeElementOffset: (_, tell) => followScroll(tell),
    useFlushSync: false, // followScroll draws what it has told
    scrollPaddingStart: covered,
    scrollPaddingEnd: 64,
  });

  // Heights are cached by key; items of another height in the same places must be asked again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: items and rowHeight are what measure() reads
  useLayoutEffect(() => virtual.measure(), [items, rowHeight, virtual]);

  useImperativeHandle(ref, () => ({ scrollToIndex: (index) => virtual.scrollToIndex(index) }), [virtual]);

  const rows = virtual.getVirtualItems();

  useAnchor(
    anchored
      ? {
          list,
          items,
          keyOf,
          rowHeight,
          rows: rows.map(({ key, start }) => ({ key, offset: start - top })),
          covered,
          scroll: virtual.scrollOffset,
        }
      : null,
  );

  const last = rows.at(-1)?.index ?? -1;
  const atEnd = items.length > 0 && last >= items.length - 8;
  useEffect(() => {
    if (atEnd) onEnd?.();
  }, [atEnd, onEnd]);

  return (
    <ul
      ref={list}
      aria-label={label}
      data-anchored={anchored ? "" : undefined}
      className="relative"
      style={{ height: virtual.getTotalSize() }}
    >
      {rows.map((row) => {
        const item = items[row.index];
        if (item === undefined) return null;
        return (
          <li
            key={row.key}
            aria-setsize={items.length}
            aria-posinset={row.index + 1}
            className="absolute inset-x-0 top-0 contain-strict"
            // Moved, not placed: rows that give way to a new one are no shift of the layout.
            style={{ height: row.size, transform: `translateY(${row.start - top}px)` }}
          >
            {children(item, row.index)}
          </li>
        );
      })}
    </ul>
  );
}
