import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";

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
  /** Pixels at the top of the window covered by sticky heads. */
  headroom?: number;
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
  headroom = 96,
  ref,
}: Props<T>) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);

  // The list's own place on the page moves when what is above it changes height.
  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current?.getBoundingClientRect();
      if (box) setTop(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
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
    overscan: 12,
    scrollMargin: top,
    scrollPaddingStart: headroom,
    scrollPaddingEnd: 64,
  });

  // Heights are cached by key; items of another height in the same places must be asked again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: items and rowHeight are what measure() reads
  useLayoutEffect(() => virtual.measure(), [items, rowHeight, virtual]);

  useImperativeHandle(ref, () => ({ scrollToIndex: (index) => virtual.scrollToIndex(index) }), [virtual]);

  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? -1;
  const atEnd = items.length > 0 && last >= items.length - 8;
  useEffect(() => {
    if (atEnd) onEnd?.();
  }, [atEnd, onEnd]);

  return (
    <ul ref={list} aria-label={label} className="relative" style={{ height: virtual.getTotalSize() }}>
      {rows.map((row) => {
        const item = items[row.index];
        if (item === undefined) return null;
        return (
          <li
            key={row.key}
            aria-setsize={items.length}
            aria-posinset={row.index + 1}
            className="absolute inset-x-0 top-0"
            style={{ height: row.size, transform: `translateY(${row.start - top}px)` }}
          >
            {children(item, row.index)}
          </li>
        );
      })}
    </ul>
  );
}
