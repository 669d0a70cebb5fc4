import { memo } from "react";
import { formatIsk } from "../eve/isk";
import { eveHour } from "../eve/time";
import { sideColor } from "../eve-ui/sides";
import { lastOfColumn, linear, niceCeil, stairs, timePlace, timeTicks } from "./scale";
import type { Frame, TimelineBucket, TimelineDrawing, TimelineMark } from "./timelineDrawing";
import { type Line, total } from "./timelineLines";

/** Pixels around the drawing, which hold its scales. */
export const PAD = { left: 26, right: 40, top: 6, bottom: 16 };
/** Above and below a thin one. */
const THIN = { top: 3, bottom: 3 };
/** The marks' own strip at the outer edge of each half. */
const RUG = 6;

interface Props extends TimelineDrawing {
  frame: Frame;
  width: number;
  lines: readonly Line[];
  over: TimelineBucket | undefined;
}

/** The drawing of a timeline. Drawn again only when it has changed, not for what lies over it. */
export const Plot = memo(function Plot(props: Props) {
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
            <text
              x={timePlace(x(tick), frame.left, frame.right)}
              y={height - 4}
              textAnchor="middle"
              className="fill-muted text-2xs"
            >
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
