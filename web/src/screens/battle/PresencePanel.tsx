import { useMemo, useState } from "react";
import type { BattleDetail, PresenceView } from "../../api/model";
import { useReportPart } from "../../api/queries/report";
import { SHADES, StackedArea } from "../../charts/StackedArea";
import { niceCeil } from "../../charts/scale";
import { useWidth } from "../../charts/useWidth";
import { eveHour, eveTime } from "../../eve/time";
import { SideBadge } from "../../eve-ui/SideBadge";
import { sideColor, sideWord } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";
import { ScrollX } from "../../ui/ScrollX";
import { Column, RowHead } from "../../ui/Table";
import { splitSides } from "./derive";
import { Part } from "./Part";
import { bucketAt, peakOf, presenceSentence, type SidePresence, sidePresence } from "./presence";
import { useShown } from "./shown";

/** Sides that the sentence tells of. */
const TOLD = 3;

/** Who was there over time: a chart for each side on one scale, its sentence, and the same as a table. */
export function PresencePanel({ battle }: { battle: BattleDetail }) {
  const { source } = useShown();
  const query = useReportPart<PresenceView>(source, "presence");
  return (
    <Part query={query} what="Presence over time" rows={8} follows>
      {(view) => <Loaded view={view} battle={battle} />}
    </Part>
  );
}

function Loaded({ view, battle }: { view: PresenceView; battle: BattleDetail }) {
  const sides = useMemo(
    () =>
      sidePresence(
        view,
        battle.sides.map((side) => side.id),
      ),
    [view, battle.sides],
  );
  const { major } = splitSides(battle.sides);
  const drawn = sides.filter(({ side }) => major.some(({ id }) => id === side));
  const { cursor } = useShown();
  const [hovered, setHovered] = useState<number | null>(null);
  const marked = hovered ?? (cursor === null ? null : bucketAt(view, cursor));
  const sentence = presenceSentence(view, sides.slice(0, TOLD));
  if (sides.length === 0) return <p className="px-3 py-4 text-muted">{sentence}</p>;
  return (
    <section aria-label="Presence over time" className="border-line border-b">
      <div className="grid gap-x-4 gap-y-2 px-3 py-3 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0">
          <h2 className="font-semibold">Pilots on the field</h2>
          <p className="text-muted text-xs">
            From first to last appearance on a killmail in a hull of the class. Whoever left no trace is
            missing.
          </p>
          <Charts view={view} sides={drawn} marked={marked} onMark={setHovered} />
        </div>
        <ScrollX label="Pilots on the field by class">
          <Legend view={view} sides={drawn} marked={marked} />
        </ScrollX>
      </div>
      <details className="group px-3 pb-3">
        <summary className="flex min-h-6 list-none flex-wrap items-center gap-x-3 text-muted text-xs">
          <span>{sentence}</span>
          <span className="text-accent group-open:hidden">Show as table</span>
          <span className="hidden text-accent group-open:inline">Hide the table</span>
        </summary>
        <AsTable view={view} sides={sides} />
      </details>
    </section>
  );
}

interface ChartsProps {
  view: PresenceView;
  sides: readonly SidePresence[];
  marked: number | null;
  onMark: (index: number | null) => void;
}

function Charts({ view, sides, marked, onMark }: ChartsProps) {
  const { cursor } = useShown();
  const [ref, width] = useWidth<HTMLDivElement>();
  const buckets = useMemo(() => view.buckets.map((at) => Date.parse(at)), [view.buckets]);
  const most = niceCeil(Math.max(1, ...sides.flatMap((side) => [...side.total, ...side.lost])));
  const height = sides.length > 2 ? 110 : 170;
  return (
    <div ref={ref} className="mt-2 min-w-0">
      {sides.map((side, i) => {
        const times = i === sides.length - 1;
        return (
          <div key={side.side} className="relative">
            <span className="absolute top-1 left-10 z-1 flex items-center gap-1.5 text-2xs text-muted">
              <SideBadge side={side.side} />
            </span>
            <StackedArea
              buckets={buckets}
              bucketSeconds={view.bucket_s}
              bands={side.layers}
              line={side.lost}
              most={most}
              fill={sideColor(side.side).fill}
              summary={presenceSentence(view, [side])}
              width={width}
              height={height + (times ? 16 : 0)}
              times={times}
              marked={marked}
              onMark={onMark}
              cursor={cursor}
            />
          </div>
        );
      })}
    </div>
  );
}

interface LegendProps {
  view: PresenceView;
  sides: readonly SidePresence[];
  marked: number | null;
}

/** Names the bands with their figures: at the marked time, else when each side was strongest. */
function Legend({ view, sides, marked }: LegendProps) {
  const layers = sides[0]?.layers ?? [];
  const at = (side: SidePresence) => marked ?? peakOf(side.total);
  const when = (index: number) => eveHour(new Date(view.buckets[index] ?? 0));
  return (
    <table className="num h-fit w-full text-xs">
      <caption className="pb-1 text-left font-semibold text-sm">
        {marked === null ? "When strongest" : `At ${when(marked)} EVE`}
      </caption>
      <thead>
        <tr className="label border-line border-b">
          <Column className="text-left">Class</Column>
          {sides.map((side) => (
            <Column key={side.side} className="pl-2 text-right">
              <span className="inline-flex items-center gap-1">
                <SideBadge side={side.side} />
                {marked === null && when(at(side))}
              </span>
            </Column>
          ))}
        </tr>
      </thead>
      <tbody>
        {layers.map((layer, i) => (
          <tr key={layer.key} className="border-line border-b">
            <RowHead className="whitespace-normal">{layer.label}</RowHead>
            {sides.map((side) => {
              const value = side.layers[i]?.values[at(side)] ?? 0;
              return (
                <td key={side.side} className={cx("py-1 pl-2 text-right", value === 0 && "text-muted")}>
                  <span className="inline-flex items-center gap-1.5">
                    <span
                      aria-hidden
                      className={cx("size-2.5", sideColor(side.side).bg, SHADES[i % SHADES.length])}
                    />
                    <span className="w-8">{value}</span>
                  </span>
                </td>
              );
            })}
          </tr>
        ))}
        <tr className="border-line border-b font-semibold">
          <th scope="row" className="py-1 text-left">
            Together
          </th>
          {sides.map((side) => (
            <td key={side.side} className="py-1 pl-2 text-right">
              {side.total[at(side)] ?? 0}
            </td>
          ))}
        </tr>
        <tr>
          <RowHead>
            <span className="inline-flex items-center gap-1.5">
              <span aria-hidden className="w-4 border-bad border-t-2 border-dashed" />
              Lost so far
            </span>
          </RowHead>
          {sides.map((side) => (
            <td key={side.side} className="py-1 pl-2 text-right text-bad">
              {side.lost[at(side)] ? `−${side.lost[at(side)]}` : 0}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function AsTable({ view, sides }: { view: PresenceView; sides: readonly SidePresence[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="my-2 max-h-96 overflow-auto" tabIndex={0} aria-label="Presence as a table">
      <table className="num w-full text-xs">
        <caption className="sr-only">Pilots present and losses so far, by time, side and class</caption>
        <thead>
          <tr className="border-line border-b text-left text-muted">
            <Column className="pr-3">From (EVE)</Column>
            {sides.map((side) => (
              <Column key={side.side} className="pr-3">
                {sideWord(side.side)}
              </Column>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.buckets.map((at, i) => (
            <tr key={at} className="border-line border-b align-top">
              <RowHead className="pr-3">{eveTime(new Date(at))}</RowHead>
              {sides.map((side) => (
                <td key={side.side} className="whitespace-normal py-1 pr-3">
                  <b className="font-semibold">{side.total[i]}</b>{" "}
                  <span className="text-bad">−{side.lost[i]}</span>{" "}
                  <span className="text-muted">
                    {side.layers
                      .filter((layer) => (layer.values[i] ?? 0) > 0)
                      .map((layer) => `${layer.label} ${layer.values[i]}`)
                      .join(", ")}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
