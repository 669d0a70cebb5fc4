import { useMemo, useState } from "react";
import { linear } from "./scale";
import { PAD, Plot } from "./TimelinePlot";
import { Readout } from "./TimelineReadout";
import { cumulated } from "./timelineLines";
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

/** What is drawn. */
export interface TimelineDrawing {
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
}

interface Props extends TimelineDrawing {
  /** The legend counts up to here, milliseconds; null for everything. */
  until: number | null;
  /** What lies over the drawing: brush, cursor. Told what the pointer is over. */
  children?: (frame: Frame, hover: (at: number | null) => void) => React.ReactNode;
}

/** A mark is named when the pointer is this near, pixels. */
const NEAR = 5;

/** Losses per bucket, mirrored around one axis, with the ISK each side has lost so far as lines. */
export function Timeline({ until, children, ...drawing }: Props) {
  const { buckets, bucketSeconds, sides, losses, marks, height, thin } = drawing;
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
            <Plot {...drawing} frame={frame} width={width} lines={lines} over={over} />
            {children?.(frame, setHover)}
          </>
        )}
      </div>
    </Box>
  );
}

function nearest(marks: readonly TimelineMark[], x: (at: number) => number, to: number) {
  let best: TimelineMark | undefined;
  let distance = NEAR;
  for (const mark of marks) {
    const away = Math.abs(x(mark.at) - to);
    if (away < distance) [best, distance] = [mark, away];
  }
  return best;
}
