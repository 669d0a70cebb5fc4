import { useMemo, useState } from "react";
import { formatIsk } from "../eve/isk";
import { eveHour, eveTime } from "../eve/time";
import { sideColor, sideLetter, sideWord } from "../eve-ui/sides";
import { linear, niceCeil, stairs, timeTicks } from "./scale";
import { useWidth } from "./useWidth";

export interface TimelineBucket {
  /** Start of the bucket, milliseconds. */
  at: number;
  /** Losses by side id; a side without losses may be missing. */
  sides: Readonly<Record<string, { ships: number; isk: number } | undefined>>;
}

interface Props {
  buckets: readonly TimelineBucket[];
  bucketSeconds: number;
  /** Side ids in order; the first stands above the axis, the others below. */
  sides: readonly string[];
  /** One sentence that says what the chart shows. */
  summary: string;
}

const HEIGHT = 188;
const PAD = { left: 30, right: 46, top: 8, bottom: 20 };

/** Losses per bucket, mirrored around one axis, with the ISK each side has lost so far as lines. */
export function Timeline({ buckets, bucketSeconds, sides, summary }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [hover, setHover] = useState<number | null>(null);
  const sums = useMemo(() => cumulate(buckets, sides), [buckets, sides]);
  const totals = useMemo(() => totalShips(buckets, sides), [buckets, sides]);

  const first = buckets[0];
  const last = buckets.at(-1);
  if (!first || !last) return null;

  const [up, ...down] = sides;
  const ships = (bucket: TimelineBucket, ids: readonly string[]) =>
    ids.reduce((sum, id) => sum + (bucket.sides[id]?.ships ?? 0), 0);
  const most = niceCeil(
    Math.max(1, ...buckets.map((b) => Math.max(ships(b, up ? [up] : []), ships(b, down)))),
  );
  const mostIsk = niceCeil(Math.max(1, ...[...sums.values()].map((line) => line.at(-1) ?? 0)));

  // A line that never leaves the axis only hides it.
  const lines = sides.filter((side) => (sums.get(side)?.at(-1) ?? 0) > mostIsk / 100);

  const end = last.at + bucketSeconds * 1000;
  const x = linear(first.at, end, PAD.left, width - PAD.right);
  const axis = PAD.top + (HEIGHT - PAD.top - PAD.bottom) / 2;
  const reach = axis - PAD.top;
  const bar = linear(0, most, 0, reach);
  const line = linear(0, mostIsk, 0, reach);
  const wide = Math.max(1, x(first.at + bucketSeconds * 1000) - x(first.at) - 1);
  const ticks = timeTicks(first.at, end, Math.max(2, Math.floor(width / 110)));

  const pick = (event: React.PointerEvent<SVGSVGElement>) => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const index = Math.floor(linear(PAD.left, width - PAD.right, 0, buckets.length)(at));
    setHover(index >= 0 && index < buckets.length ? index : null);
  };
  const hovered = hover === null ? undefined : buckets[hover];

  return (
    <figure ref={ref} className="min-w-0">
      <Readout
        bucket={hovered}
        index={hover}
        sides={sides}
        sums={sums}
        totals={totals}
        bucketSeconds={bucketSeconds}
      />
      <svg
        role="img"
        aria-label={summary}
        width={width}
        height={HEIGHT}
        onPointerMove={pick}
        onPointerLeave={() => setHover(null)}
        className="block touch-pan-y"
      >
        {[-1, -0.5, 0.5, 1].map((part) => (
          <g key={part}>
            <line
              x1={PAD.left}
              x2={width - PAD.right}
              y1={axis - reach * part}
              y2={axis - reach * part}
              className="stroke-line"
            />
            <text
              x={PAD.left - 6}
              y={axis - reach * part + 3.5}
              textAnchor="end"
              className="fill-muted text-2xs"
            >
              {Math.abs(part * most) % 1 === 0 ? Math.abs(part * most) : ""}
            </text>
            <text x={width - PAD.right + 6} y={axis - reach * part + 3.5} className="fill-muted text-2xs">
              {formatIsk(Math.abs(part * mostIsk))}
            </text>
          </g>
        ))}
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={PAD.top} y2={HEIGHT - PAD.bottom} className="stroke-line" />
            <text x={x(tick)} y={HEIGHT - 6} textAnchor="middle" className="fill-muted text-2xs">
              {eveHour(new Date(tick))}
            </text>
          </g>
        ))}
        {hovered && (
          <rect
            x={x(hovered.at)}
            width={wide + 1}
            y={PAD.top}
            height={HEIGHT - PAD.top - PAD.bottom}
            className="fill-text opacity-10"
          />
        )}
        {buckets.map((bucket) => {
          let below = axis;
          return sides.map((side) => {
            const height = bar(bucket.sides[side]?.ships ?? 0);
            if (height === 0) return null;
            const y = side === up ? axis - height : below;
            if (side !== up) below += height;
            return (
              <rect
                key={`${bucket.at} ${side}`}
                x={x(bucket.at) + 0.5}
                y={y}
                width={wide}
                height={height}
                className={`${sideColor(side).fill} opacity-75`}
              />
            );
          });
        })}
        <line x1={PAD.left} x2={width - PAD.right} y1={axis} y2={axis} className="stroke-line-strong" />
        {lines.map((side) => {
          const points = buckets.map((b, i) => {
            const isk = line(sums.get(side)?.[i] ?? 0);
            return [x(b.at + bucketSeconds * 1000), side === up ? axis - isk : axis + isk] as const;
          });
          const path = stairs([[x(first.at), axis], ...points]);
          return (
            <g key={side} fill="none">
              <path d={path} className="stroke-ground" strokeWidth={4} />
              <path d={path} className={sideColor(side).stroke} strokeWidth={1.5} />
            </g>
          );
        })}
        {lines.map((side) => {
          const total = sums.get(side)?.at(-1) ?? 0;
          if (total === 0) return null;
          const y = side === up ? axis - line(total) : axis + line(total);
          return (
            <circle key={side} cx={x(end)} cy={y} r={3} className={sideColor(side).fill}>
              <title>{`${sideWord(side)} lost ${formatIsk(total)} ISK`}</title>
            </circle>
          );
        })}
      </svg>
    </figure>
  );
}

/** ISK lost up to and including each bucket, by side. */
function cumulate(buckets: readonly TimelineBucket[], sides: readonly string[]): Map<string, number[]> {
  return new Map(
    sides.map((side) => {
      let sum = 0;
      return [
        side,
        buckets.map((bucket) => {
          sum += bucket.sides[side]?.isk ?? 0;
          return sum;
        }),
      ];
    }),
  );
}

interface ReadoutProps {
  bucket: TimelineBucket | undefined;
  index: number | null;
  sides: readonly string[];
  sums: ReadonlyMap<string, number[]>;
  totals: ReadonlyMap<string, number>;
  bucketSeconds: number;
}

/** Ships lost in the whole battle, by side. */
function totalShips(buckets: readonly TimelineBucket[], sides: readonly string[]): Map<string, number> {
  return new Map(
    sides.map((side) => [side, buckets.reduce((sum, bucket) => sum + (bucket.sides[side]?.ships ?? 0), 0)]),
  );
}

/** The legend, which turns into the figures of the bucket under the pointer. */
function Readout({ bucket, index, sides, sums, totals, bucketSeconds }: ReadoutProps) {
  return (
    <figcaption className="mb-1 flex min-h-5 flex-wrap items-center gap-x-4 text-xs">
      <span className="num w-36 text-muted">
        {bucket ? `${eveTime(new Date(bucket.at))} EVE` : `Losses per ${minutes(bucketSeconds)}`}
      </span>
      {sides.map((side) => (
        <span key={side} className="num flex items-center gap-1.5">
          <span className={`font-bold ${sideColor(side).text}`}>{sideLetter(side)}</span>
          {bucket ? (bucket.sides[side]?.ships ?? 0) : (totals.get(side) ?? 0)} lost
          <span className="text-muted">
            −{formatIsk(sums.get(side)?.at(index ?? -1) ?? 0)} ISK{bucket && " so far"}
          </span>
        </span>
      ))}
    </figcaption>
  );
}

function minutes(seconds: number): string {
  if (seconds <= 60) return "minute";
  return seconds < 3600 ? `${seconds / 60} minutes` : `${seconds / 3600}h`;
}
