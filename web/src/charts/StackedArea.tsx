import { eveHour } from "../eve/time";
import { linear, timePlace, timeTicks } from "./scale";

export interface Band {
  key: string;
  label: string;
  /** By bucket. */
  values: readonly number[];
}

interface Props {
  /** Start of each bucket, milliseconds. */
  buckets: readonly number[];
  bucketSeconds: number;
  /** From the axis outwards. */
  bands: readonly Band[];
  /** A second measure on the same scale, drawn as a line. */
  line: readonly number[];
  /** Top of the scale; the same for charts that are compared. */
  most: number;
  /** Class of the bands' colour. */
  fill: string;
  /** One sentence that says what the chart shows. */
  summary: string;
  width: number;
  height: number;
  /** Times under the chart; left out where the next one below has them. */
  times: boolean;
  /** The bucket marked, and how it is chosen. */
  marked: number | null;
  onMark: (index: number | null) => void;
  /** The moment of a replay, milliseconds: a line, and what comes after it is faint. */
  cursor: number | null;
}

export const AREA_PAD = { left: 34, right: 8, top: 6, bottom: 20 };

/** How much of the colour each band has, from the axis outwards: neighbours always differ. */
export const SHADES = [
  "opacity-95",
  "opacity-50",
  "opacity-75",
  "opacity-40",
  "opacity-65",
  "opacity-35",
  "opacity-55",
  "opacity-25",
];

/** A band this thick, in pixels, carries its name. */
const NAMED = 15;

/** Bands upon each other, a value holding over its whole bucket. */
export function StackedArea({
  buckets,
  bucketSeconds,
  bands,
  line,
  most,
  fill,
  summary,
  width,
  height,
  times,
  marked,
  onMark,
  cursor,
}: Props) {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined || width === 0) return <svg height={height} aria-hidden />;
  const end = last + bucketSeconds * 1000;
  const floor = height - (times ? AREA_PAD.bottom : 4);
  const x = linear(first, end, AREA_PAD.left, width - AREA_PAD.right);
  const y = linear(0, most, floor, AREA_PAD.top);
  const edges = [...buckets.map(x), x(end)];
  const ticks = timeTicks(first, end, Math.max(2, Math.floor(width / 110)));

  let below: number[] = buckets.map(() => 0);
  const drawn = bands.map((band) => {
    const above = below.map((sum, i) => sum + (band.values[i] ?? 0));
    const [tops, bottoms] = [above.map(y), below.map(y)];
    below = above;
    return { band, path: area(edges, tops, bottoms), place: place(edges, tops, bottoms) };
  });
  const names = apart(drawn.map(({ place }) => place));

  const pick = (event: React.PointerEvent<SVGSVGElement>) => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const index = Math.floor(linear(AREA_PAD.left, width - AREA_PAD.right, 0, buckets.length)(at));
    onMark(index >= 0 && index < buckets.length ? index : null);
  };
  return (
    <svg
      role="img"
      aria-label={summary}
      width={width}
      height={height}
      onPointerMove={pick}
      onPointerLeave={() => onMark(null)}
      className="block touch-pan-y"
    >
      {[0.5, 1].map((part) => (
        <g key={part}>
          <line
            x1={AREA_PAD.left}
            x2={width - AREA_PAD.right}
            y1={y(most * part)}
            y2={y(most * part)}
            className="stroke-line"
          />
          <text
            x={AREA_PAD.left - 6}
            y={y(most * part) + 3.5}
            textAnchor="end"
            className="fill-muted text-2xs"
          >
            {(most * part) % 1 === 0 ? most * part : ""}
          </text>
        </g>
      ))}
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={AREA_PAD.top} y2={floor} className="stroke-line" />
          {times && (
            <text
              x={timePlace(x(tick), AREA_PAD.left, width - AREA_PAD.right)}
              y={height - 6}
              textAnchor="middle"
              className="fill-muted text-2xs"
            >
              {eveHour(new Date(tick))}
            </text>
          )}
        </g>
      ))}
      {drawn.map(({ band, path }, i) => (
        <g key={band.key}>
          <path d={path} className={`${fill} ${SHADES[i % SHADES.length]}`} />
          <path d={path} fill="none" className="stroke-ground" strokeWidth={0.75} />
        </g>
      ))}
      {marked !== null && (
        <rect
          x={edges[marked]}
          width={Math.max(1, (edges[marked + 1] ?? 0) - (edges[marked] ?? 0))}
          y={AREA_PAD.top}
          height={floor - AREA_PAD.top}
          className="fill-text opacity-15"
        />
      )}
      <line
        x1={AREA_PAD.left}
        x2={width - AREA_PAD.right}
        y1={floor}
        y2={floor}
        className="stroke-line-strong"
      />
      <g fill="none">
        <path d={steps(edges, line.map(y))} className="stroke-ground" strokeWidth={4} />
        <path d={steps(edges, line.map(y))} className="stroke-bad" strokeWidth={1.5} strokeDasharray="4 2" />
      </g>
      {cursor !== null && cursor >= first && cursor <= end && (
        <g data-cursor>
          <rect
            x={x(cursor)}
            width={Math.max(0, width - AREA_PAD.right - x(cursor))}
            y={AREA_PAD.top}
            height={floor - AREA_PAD.top}
            className="fill-ground opacity-70"
          />
          <line x1={x(cursor)} x2={x(cursor)} y1={AREA_PAD.top} y2={floor} className="stroke-text" />
        </g>
      )}
      {bands.map((band, i) => {
        const name = names[i];
        if (!name) return null;
        return (
          <text
            key={band.key}
            x={name.x}
            y={name.y + 4}
            textAnchor="middle"
            strokeWidth={3}
            strokeLinejoin="round"
            paintOrder="stroke"
            className="pointer-events-none fill-text stroke-ground text-2xs"
          >
            {band.label}
          </text>
        );
      })}
    </svg>
  );
}

const r = (n: number) => Math.round(n * 10) / 10;

/** Along the tops of the buckets and back along their bottoms. */
export function area(edges: readonly number[], tops: readonly number[], bottoms: readonly number[]): string {
  const back = bottoms.map((y, i) => `V${r(y)}H${r(edges[i] ?? 0)}`).reverse();
  return `${steps(edges, tops)}${back.join("")}Z`;
}

/** A level line over each bucket. */
export function steps(edges: readonly number[], values: readonly number[]): string {
  if (values.length === 0) return "";
  return `M${r(edges[0] ?? 0)} ${r(values[0] ?? 0)}${values
    .map((y, i) => `${i > 0 ? `V${r(y)}` : ""}H${r(edges[i + 1] ?? 0)}`)
    .join("")}`;
}

/** Where a name stands, and how thick its band is there. */
interface Place {
  x: number;
  y: number;
  thick: number;
}

/** Room of a name in pixels. */
const NAME = { width: 110, height: 13 };

/** Leaves out the names that would lie upon that of a thicker band. */
export function apart(places: readonly (Place | null)[]): (Place | null)[] {
  const kept: Place[] = [];
  for (const place of places.filter((each) => each !== null).sort((a, b) => b.thick - a.thick)) {
    const near = (other: Place) =>
      Math.abs(other.x - place.x) < NAME.width && Math.abs(other.y - place.y) < NAME.height;
    if (!kept.some(near)) kept.push(place);
  }
  return places.map((place) => (place && kept.includes(place) ? place : null));
}

/** The thickest place of a band, which carries its name; null when no place is thick enough. */
export function place(
  edges: readonly number[],
  tops: readonly number[],
  bottoms: readonly number[],
): Place | null {
  let best: Place | null = null;
  let most = NAMED;
  for (const [i, top] of tops.entries()) {
    const thick = (bottoms[i] ?? 0) - top;
    if (thick < most) continue;
    most = thick + 0.01;
    // Near the top of a thick band, where no line of small figures crosses it.
    best = { x: ((edges[i] ?? 0) + (edges[i + 1] ?? 0)) / 2, y: top + Math.min(thick / 2, 14), thick };
  }
  if (!best) return null;
  // Names are short against the chart; near an edge they would be cut.
  const [left, right] = [edges[0] ?? 0, edges.at(-1) ?? 0];
  return { ...best, x: Math.max(left + 60, Math.min(right - 60, best.x)) };
}
