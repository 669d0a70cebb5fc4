import { memo, useMemo, useState } from "react";
import { formatIsk } from "../eve/isk";
import { eveClock, eveHour, eveTime } from "../eve/time";
import { sideColor, sideLetter } from "../eve-ui/sides";
import { lastOfColumn, linear, niceCeil, stairs, timeTicks } from "./scale";
import { useWidth } from "./useWidth";

export interface TimelineBucket {
  /** Start of the bucket, milliseconds. */
  at: number;
  /** Losses by side id; a side without losses may be missing. */
  sides: Readonly<Record<string, { ships: number; isk: number } | undefined>>;
}

/** One loss, for the ISK lines. */
export interface TimelineLoss {
  at: number;
  side: string;
  /** 0 when unknown. */
  isk: number;
  /** Counted among the losses; capsules and the like are not. */
  counted: boolean;
}

/** A loss worth a mark of its own. */
export interface TimelineMark {
  at: number;
  side: string;
  kind: "capital" | "structure" | "value";
  /** "Avatar −87.2b" */
  label: string;
}

/** Where the drawing lies; what is laid over it is placed by this. */
export interface Frame {
  /** Times at the left and right end, milliseconds. */
  from: number;
  to: number;
  /** Pixels from a time, and back. */
  x: (at: number) => number;
  time: (x: number) => number;
  left: number;
  right: number;
  height: number;
}

interface Props {
  buckets: readonly TimelineBucket[];
  bucketSeconds: number;
  /** Side ids in order; the first stands above the axis, the others below. */
  sides: readonly string[];
  /** Every loss, by time. */
  losses: readonly TimelineLoss[];
  marks: readonly TimelineMark[];
  /** One sentence that says what the chart shows. */
  summary: string;
  height: number;
  /** Bars, lines and great marks alone, without legend and scales: for a strip of the page. */
  thin?: boolean;
  /** The legend counts up to here, milliseconds; null for everything. */
  until: number | null;
  /** What lies over the drawing: brush, cursor. Told what the pointer is over. */
  children?: (frame: Frame, hover: (at: number | null) => void) => React.ReactNode;
}

const PAD = { left: 26, right: 40, top: 6, bottom: 16 };
/** Above and below a thin one. */
const THIN = { top: 3, bottom: 3 };
/** The marks' own strip at the outer edge of each half. */
const RUG = 6;
/** A mark is named when the pointer is this near, pixels. */
const NEAR = 5;

/** Losses per bucket, mirrored around one axis, with the ISK each side has lost so far as lines. */
export function Timeline(props: Props) {
  const { buckets, bucketSeconds, sides, losses, marks, height, thin, until, children } = props;
  const [ref, width] = useWidth<HTMLDivElement>();
  const [hover, setHover] = useState<number | null>(null);
  const lines = useMemo(() => cumulated(losses, sides), [losses, sides]);
  const first = buckets[0]?.at ?? 0;
  const end = (buckets.at(-1)?.at ?? 0) + bucketSeconds * 1000;
  const frame = useMemo<Frame>(() => {
    const [left, right] = [PAD.left, Math.max(PAD.left + 1, width - PAD.right)];
    const x = linear(first, end, left, right);
    return { from: first, to: end, x, time: linear(left, right, first, end), left, right, height };
  }, [first, end, width, height]);
  if (buckets.length === 0) return null;

  const over = hover === null ? undefined : buckets.findLast((bucket) => bucket.at <= hover);
  const mark = hover === null ? undefined : nearest(marks, frame.x, frame.x(hover));
  const Box = thin ? "div" : "figure";
  return (
    <Box>
      {!thin && (
        <Readout bucket={over} lines={lines} bucketSeconds={bucketSeconds} mark={mark} until={until} />
      )}
      <div ref={ref} className="relative" style={{ height }}>
        {width > 0 && (
          <>
            <Plot {...props} frame={frame} width={width} lines={lines} over={over} />
            {children?.(frame, setHover)}
          </>
        )}
      </div>
    </Box>
  );
}

/** What a side has lost, after each of its losses. */
interface Line {
  side: string;
  points: { at: number; isk: number; counted: number }[];
}

function cumulated(losses: readonly TimelineLoss[], sides: readonly string[]): Line[] {
  const lines = new Map(sides.map((side): [string, Line] => [side, { side, points: [] }]));
  for (const loss of losses) {
    const points = lines.get(loss.side)?.points;
    const before = points?.at(-1) ?? NOTHING;
    points?.push({
      at: loss.at,
      isk: before.isk + loss.isk,
      counted: before.counted + Number(loss.counted),
    });
  }
  return [...lines.values()];
}

const NOTHING = { isk: 0, counted: 0 };

/** What a side had lost before a time. */
const before = (line: Line, end: number) => line.points.findLast((point) => point.at < end) ?? NOTHING;

const total = (line: Line) => line.points.at(-1)?.isk ?? 0;

function nearest(marks: readonly TimelineMark[], x: (at: number) => number, to: number) {
  let best: TimelineMark | undefined;
  let distance = NEAR;
  for (const mark of marks) {
    const away = Math.abs(x(mark.at) - to);
    if (away < distance) [best, distance] = [mark, away];
  }
  return best;
}

interface PlotProps extends Props {
  frame: Frame;
  width: number;
  lines: readonly Line[];
  over: TimelineBucket | undefined;
}

const Plot = memo(function Plot(props: PlotProps) {
  const { buckets, bucketSeconds, sides, marks, summary, height, thin, frame, width, lines, over } = props;
  const { x } = frame;
  const pad = thin ? THIN : PAD;
  const rug = thin ? 0 : RUG;
  const [up, ...down] = sides;
  const ships = (bucket: TimelineBucket, ids: readonly string[]) =>
    ids.reduce((sum, id) => sum + (bucket.sides[id]?.ships ?? 0), 0);
  const most = niceCeil(
    Math.max(1, ...buckets.map((b) => Math.max(ships(b, up ? [up] : []), ships(b, down)))),
  );
  const mostIsk = niceCeil(Math.max(1, ...lines.map((line) => total(line))));
  const axis = pad.top + (height - pad.top - pad.bottom) / 2;
  const reach = axis - pad.top - rug;
  const bar = linear(0, most, 0, reach);
  const rise = linear(0, mostIsk, 0, reach);
  const wide = Math.max(1, x(frame.from + bucketSeconds * 1000) - x(frame.from) - 1);
  const ticks = timeTicks(frame.from, frame.to, Math.max(2, Math.floor(width / 110)));
  const levels = thin ? [] : reach > 40 ? [-1, -0.5, 0.5, 1] : [-1, 1];
  // A line that never leaves the axis only hides it.
  const drawn = lines.filter((line) => total(line) > mostIsk / 100);
  return (
    <svg role="img" aria-label={summary} width={width} height={height} className="block">
      {levels.map((part) => (
        <g key={part}>
          <line
            x1={frame.left}
            x2={frame.right}
            y1={axis - reach * part}
            y2={axis - reach * part}
            className="stroke-line"
          />
          <text
            x={frame.left - 5}
            y={axis - reach * part + 3.5}
            textAnchor="end"
            className="fill-muted text-2xs"
          >
            {Math.abs(part * most) % 1 === 0 ? Math.abs(part * most) : ""}
          </text>
          <text x={frame.right + 5} y={axis - reach * part + 3.5} className="fill-muted text-2xs">
            {formatIsk(Math.abs(part * mostIsk))}
          </text>
        </g>
      ))}
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={pad.top} y2={height - pad.bottom} className="stroke-line" />
          {!thin && (
            <text x={x(tick)} y={height - 4} textAnchor="middle" className="fill-muted text-2xs">
              {eveHour(new Date(tick))}
            </text>
          )}
        </g>
      ))}
      {over && (
        <rect
          x={x(over.at)}
          width={wide + 1}
          y={pad.top}
          height={height - pad.top - pad.bottom}
          className="fill-text opacity-10"
        />
      )}
      {buckets.map((bucket) => {
        let below = axis;
        return sides.map((side) => {
          const tall = bar(bucket.sides[side]?.ships ?? 0);
          if (tall === 0) return null;
          const y = side === up ? axis - tall : below;
          if (side !== up) below += tall;
          return (
            <rect
              key={`${bucket.at} ${side}`}
              x={x(bucket.at) + 0.5}
              y={y}
              width={wide}
              height={tall}
              className={`${sideColor(side).fill} opacity-65`}
            />
          );
        });
      })}
      <line x1={frame.left} x2={frame.right} y1={axis} y2={axis} className="stroke-line-strong" />
      {drawn.map((line) => {
        const place = (isk: number) => (line.side === up ? axis - rise(isk) : axis + rise(isk));
        const points = lastOfColumn(line.points.map((p) => [x(p.at), place(p.isk)] as const));
        const path = stairs([[frame.left, axis], ...points, [frame.right, place(total(line))]]);
        return (
          <g key={line.side} fill="none">
            <path d={path} className="stroke-panel" strokeWidth={4} />
            <path d={path} className={sideColor(line.side).stroke} strokeWidth={1.5} />
          </g>
        );
      })}
      {(thin ? marks.filter((mark) => mark.kind !== "value") : marks).map((mark) => (
        <Mark
          key={`${mark.at} ${mark.label}`}
          mark={mark}
          x={x(mark.at)}
          y={mark.side === up ? pad.top : height - pad.bottom}
          out={mark.side === up ? -1 : 1}
        />
      ))}
    </svg>
  );
});

/** A tick for value, a diamond for a capital, a square for a structure: shapes, not colours. */
function Mark({ mark, x, y, out }: { mark: TimelineMark; x: number; y: number; out: 1 | -1 }) {
  const color = sideColor(mark.side);
  const inner = y - out * RUG;
  if (mark.kind === "value") {
    return <line x1={x} x2={x} y1={y - out} y2={inner + out} className={color.stroke} strokeWidth={1.25} />;
  }
  const middle = y - out * 3;
  return mark.kind === "capital" ? (
    <path
      d={`M${x} ${middle - 5}L${x + 5} ${middle}L${x} ${middle + 5}L${x - 5} ${middle}Z`}
      className={`${color.fill} stroke-panel`}
    />
  ) : (
    <rect x={x - 4} y={middle - 4} width={8} height={8} className={`${color.fill} stroke-panel`} />
  );
}

interface ReadoutProps {
  bucket: TimelineBucket | undefined;
  lines: readonly Line[];
  bucketSeconds: number;
  mark: TimelineMark | undefined;
  until: number | null;
}

/** The legend, which turns into the figures of the bucket under the pointer. */
function Readout({ bucket, lines, bucketSeconds, mark, until }: ReadoutProps) {
  // Half open, so that a loss on the edge counts once; a replay includes its moment.
  const end = bucket ? bucket.at + bucketSeconds * 1000 : (until ?? Number.POSITIVE_INFINITY) + 1;
  const lost = (line: Line) => before(line, end).counted - (bucket ? before(line, bucket.at).counted : 0);
  return (
    <figcaption className="flex h-(--legend) items-center gap-x-4 overflow-hidden whitespace-nowrap px-2 text-xs">
      <span className="num w-36 shrink-0 text-muted max-sm:w-auto">
        {bucket
          ? `${eveTime(new Date(bucket.at))} EVE`
          : until === null
            ? `Losses per ${minutes(bucketSeconds)}`
            : `Until ${eveClock(new Date(until))}`}
      </span>
      {lines
        .filter((line) => lines.length <= 3 || total(line) > 0)
        .map((line) => (
          <span key={line.side} className="num flex items-center gap-1.5">
            <span className={`font-bold ${sideColor(line.side).text}`}>{sideLetter(line.side)}</span>
            <span className="max-sm:hidden">{lost(line)} lost</span>
            <span className="text-muted">
              −{formatIsk(before(line, end).isk)}
              <span className="max-sm:hidden"> ISK{bucket && " so far"}</span>
            </span>
          </span>
        ))}
      {mark && (
        <span className="num truncate">
          <span className={`font-bold ${sideColor(mark.side).text}`}>{sideLetter(mark.side)}</span>{" "}
          {mark.label} at {eveClock(new Date(mark.at))}
        </span>
      )}
    </figcaption>
  );
}

function minutes(seconds: number): string {
  if (seconds <= 60) return "minute";
  return seconds < 3600 ? `${seconds / 60} minutes` : `${seconds / 3600}h`;
}
