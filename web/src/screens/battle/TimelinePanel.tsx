import { useMemo } from "react";
import type { BattleDetail } from "../../api/model";
import { Timeline, type TimelineBucket } from "../../charts/Timeline";
import { formatIsk } from "../../eve/isk";
import { eveTime } from "../../eve/time";
import { sideWord } from "../../eve-ui/sides";
import { timelineSentence } from "./derive";

/** The course of the battle: chart, its sentence, and the same as a table. */
export function TimelinePanel({ battle }: { battle: BattleDetail }) {
  const { buckets, bucket_s } = battle.timeline;
  const drawn = useMemo(
    () =>
      buckets.map(
        (bucket): TimelineBucket => ({
          at: Date.parse(bucket.at),
          sides: Object.fromEntries(
            Object.entries(bucket.sides).map(([id, side]) => [
              id,
              { ships: side.ships_lost + side.structures_lost, isk: side.isk_lost },
            ]),
          ),
        }),
      ),
    [buckets],
  );
  const sides = useMemo(
    () => battle.sides.filter((side) => drawn.some((b) => b.sides[side.id])).map((side) => side.id),
    [battle.sides, drawn],
  );
  if (buckets.length === 0) return null;
  const sentence = timelineSentence(battle);
  return (
    <section aria-label="Course of the battle" className="border-line border-y bg-panel px-3 pt-2 pb-1">
      <Timeline buckets={drawn} bucketSeconds={bucket_s} sides={sides} summary={sentence} />
      <details className="group">
        <summary className="flex min-h-6 list-none flex-wrap items-center gap-x-3 text-muted text-xs">
          <span>{sentence}</span>
          <span className="text-accent group-open:hidden">Show as table</span>
          <span className="hidden text-accent group-open:inline">Hide the table</span>
        </summary>
        <div className="my-2 max-h-80 overflow-auto" tabIndex={-1}>
          <table className="num w-full text-xs">
            <caption className="sr-only">Losses by time and side</caption>
            <thead>
              <tr className="border-line border-b text-left text-muted">
                <th scope="col" className="py-1 font-medium">
                  From (EVE)
                </th>
                {sides.map((id) => (
                  <th key={id} scope="col" className="py-1 text-right font-medium">
                    {sideWord(id)} lost
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {drawn.map((bucket) => (
                <tr key={bucket.at} className="border-line border-b">
                  <th scope="row" className="py-0.5 text-left font-normal">
                    {eveTime(new Date(bucket.at))}
                  </th>
                  {sides.map((id) => (
                    <td key={id} className="py-0.5 text-right">
                      {bucket.sides[id]?.ships ?? 0}{" "}
                      <span className="text-muted">({formatIsk(bucket.sides[id]?.isk ?? 0)})</span>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
