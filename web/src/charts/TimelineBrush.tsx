import { useRef } from "react";
import { eveClock } from "../eve/time";
import { cx } from "../ui/cx";
import { brushed, moved, snap, snapStep, type TimeWindow, withEnd } from "./span";
import type { Frame } from "./timelineDrawing";

interface Props {
  frame: Frame;
  /** The part of the time that is shown; null for all of it. */
  window: TimeWindow | null;
  /** How far an arrow key moves an end, milliseconds. */
  step: number;
  /** Told while an end moves, and once more, `settled`, when it rests. */
  onBrush: (window: TimeWindow | null, settled: boolean) => void;
  /** A click or tap at a time; `settled` is false while the cursor is dragged. */
  onSeek: (at: number, settled: boolean) => void;
  onHover: (at: number | null) => void;
  /** The cursor of a replay: an element with data-grip="cursor". */
  children?: React.ReactNode;
}

type Grip = "from" | "to" | "cursor" | "window" | "new";

interface Gesture {
  grip: Grip;
  x: number;
  before: TimeWindow | null;
  dragged: boolean;
}

/** Less than this is a click, pixels. */
const CLICK = 4;

/**
 * Lies over the timeline: dragging draws a window, its ends and itself can be
 * moved, a click puts the cursor of the replay there. Both ends are sliders for
 * the keyboard, also while they lie at the ends of the battle.
 */
export function TimelineBrush({ frame, window, step, onBrush, onSeek, onHover, children }: Props) {
  const gesture = useRef<Gesture | null>(null);
  const span: TimeWindow = frame;
  const fine = snapStep(span, frame.right - frame.left);
  const shown = window ?? { from: frame.from, to: frame.to };

  const xOf = (event: React.PointerEvent<HTMLDivElement>) =>
    event.clientX - event.currentTarget.getBoundingClientRect().left + frame.left;
  const timeOf = (event: React.PointerEvent<HTMLDivElement>) =>
    Math.max(frame.from, Math.min(frame.to, frame.time(xOf(event))));

  const drag = (
    event: React.PointerEvent<HTMLDivElement>,
    { grip, x, before }: Gesture,
    settled: boolean,
  ) => {
    const at = timeOf(event);
    const from = frame.time(x);
    if (grip === "cursor") onSeek(at, settled);
    else if (grip === "new") onBrush(brushed(from, at, span, fine), settled);
    else if (grip === "window" && before) {
      const start = snap(before.from + at - from, span, fine);
      onBrush(moved(before, start - before.from, span), settled);
    } else if (grip === "from" || grip === "to") {
      onBrush(withEnd(before ?? shown, grip, snap(at, span, fine), span), settled);
    }
  };

  const down = (event: React.PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const named = (event.target as Element).closest<HTMLElement>("[data-grip]")?.dataset.grip as
      | Grip
      | undefined;
    const at = timeOf(event);
    const inside = window !== null && at > window.from && at < window.to;
    gesture.current = {
      grip: named ?? (inside ? "window" : "new"),
      x: xOf(event),
      before: window,
      dragged: false,
    };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: React.PointerEvent<HTMLDivElement>) => {
    onHover(event.pointerType === "touch" ? null : timeOf(event));
    const held = gesture.current;
    if (!held) return;
    held.dragged ||= Math.abs(xOf(event) - held.x) >= CLICK;
    if (held.dragged) drag(event, held, false);
  };
  const up = (event: React.PointerEvent<HTMLDivElement>) => {
    const held = gesture.current;
    gesture.current = null;
    if (held?.dragged) drag(event, held, true);
    else if (held && (held.grip === "new" || held.grip === "window")) onSeek(timeOf(event), true);
  };
  const cancel = () => {
    const held = gesture.current;
    gesture.current = null;
    if (held?.dragged && held.grip !== "cursor") onBrush(held.before, true);
  };

  const key = (end: "from" | "to") => (event: React.KeyboardEvent) => {
    const by = STEPS[event.key];
    const to = event.key === "Home" ? frame.from : event.key === "End" ? frame.to : undefined;
    if (event.key === "Escape" && window) onBrush(null, true);
    else if (by !== undefined)
      onBrush(withEnd(shown, end, shown[end] + by * (event.shiftKey ? fine : step), span), true);
    else if (to !== undefined) onBrush(withEnd(shown, end, to, span), true);
    else return;
    event.preventDefault();
  };

  const place = (at: number) => frame.x(at) - frame.left;
  return (
    <div
      className="absolute inset-y-0 cursor-crosshair touch-pan-y select-none"
      style={{ left: frame.left, width: frame.right - frame.left }}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={cancel}
      onPointerLeave={() => onHover(null)}
    >
      {window && (
        <>
          <div className="absolute inset-y-0 left-0 bg-panel/75" style={{ width: place(window.from) }} />
          <div className="absolute inset-y-0 right-0 bg-panel/75" style={{ left: place(window.to) }} />
          <div
            className="absolute inset-y-0 cursor-grab border-accent border-y"
            style={{ left: place(window.from), width: place(window.to) - place(window.from) }}
          />
        </>
      )}
      {children}
      {(["from", "to"] as const).map((end) => (
        <div
          key={end}
          role="slider"
          tabIndex={0}
          data-grip={end}
          aria-label={end === "from" ? "Start of the time shown" : "End of the time shown"}
          aria-valuemin={seconds(frame.from)}
          aria-valuemax={seconds(frame.to)}
          aria-valuenow={seconds(shown[end])}
          aria-valuetext={`${eveClock(new Date(shown[end]))} EVE`}
          onKeyDown={key(end)}
          // Each lies outside its end, so that a narrow window still has two.
          className={cx(
            "group absolute inset-y-0 w-7 cursor-ew-resize",
            end === "from" ? "-translate-x-[calc(100%-1px)]" : "-translate-x-px",
          )}
          style={{ left: place(shown[end]) }}
        >
          {["inset-y-0 w-0.5", "top-1/2 h-6 w-2 -translate-y-1/2 rounded-sm"].map((shape) => (
            <span
              key={shape}
              className={cx(
                "absolute",
                shape,
                end === "from" ? "right-0" : "left-0",
                window ? "bg-accent" : "bg-line-strong group-hover:bg-accent",
              )}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

const STEPS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -5,
  PageUp: 5,
};

const seconds = (ms: number) => Math.round(ms / 1000);
