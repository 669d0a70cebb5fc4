import { useMemo, useState } from "react";
import { linear } from "./scale";
import { PAD, Plot } from "./TimelinePlot";
import { Readout } from "./TimelineReadout";
import type { Frame, TimelineDrawing, TimelineMark } from "./timelineDrawing";
import { cumulated } from "./timelineLines";
import { useWidth } from "./useWidth";

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
