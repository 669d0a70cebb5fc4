import { type RefObject, useEffect, useRef, useState } from "react";

/** A press that moves less than this is no drag, pixels. */
const SLACK = 4;
/** Near the edge of the columns they scroll along. */
const EDGE = 48;
const STEP = 14;

export interface Drag<T> {
  what: T;
  /** Id of the side under the pointer; null beside the columns. */
  over: string | null;
}

/**
 * Drags by mouse, pen or finger from a handle onto an element with data-drop. The
 * ghost follows the pointer; Escape gives up.
 */
export function useDrag<T>(columns: RefObject<HTMLElement | null>, onDrop: (what: T, side: string) => void) {
  const [drag, setDrag] = useState<Drag<T> | null>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const stop = useRef<() => void>(undefined);
  const drop = useRef(onDrop);
  useEffect(() => {
    drop.current = onDrop;
  });
  useEffect(() => () => stop.current?.(), []);

  const start = (event: React.PointerEvent, what: T) => {
    if (event.button !== 0) return;
    event.preventDefault(); // no selection of text on the way
    stop.current?.();
    const { clientX: x0, clientY: y0, pointerId } = event;
    const listening = new AbortController();
    let over: string | null = null;
    let moving = false;
    stop.current = () => {
      listening.abort();
      setDrag(null);
    };
    const on = <K extends keyof WindowEventMap>(name: K, job: (event: WindowEventMap[K]) => void) =>
      window.addEventListener(name, job, { signal: listening.signal, capture: true });
    on("pointermove", (at) => {
      if (at.pointerId !== pointerId) return;
      if (!moving && Math.hypot(at.clientX - x0, at.clientY - y0) < SLACK) return;
      moving = true;
      const side = document.elementFromPoint(at.clientX, at.clientY)?.closest<HTMLElement>("[data-drop]");
      over = side?.dataset.drop ?? null;
      setDrag((before) => (before && before.over === over ? before : { what, over }));
      if (ghost.current) ghost.current.style.translate = `${at.clientX + 12}px ${at.clientY + 8}px`;
      scrollAlong(columns.current, at.clientX);
    });
    on("pointerup", (at) => {
      if (at.pointerId !== pointerId) return;
      stop.current?.();
      if (moving && over !== null) drop.current(what, over);
    });
    on("pointercancel", () => stop.current?.());
    on("keydown", (key) => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      stop.current?.();
    });
  };
  return { drag, ghost, start };
}

function scrollAlong(columns: HTMLElement | null, x: number): void {
  const box = columns?.getBoundingClientRect();
  if (!columns || !box) return;
  if (x < box.left + EDGE) columns.scrollLeft -= STEP;
  else if (x > box.right - EDGE) columns.scrollLeft += STEP;
}
