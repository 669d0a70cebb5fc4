import { Link } from "@tanstack/react-router";
import { ListFilter } from "lucide-react";
import { useMemo } from "react";
import type { BattleDetail, TurningPoint } from "../../api/model";
import { plural } from "../../eve/count";
import { duration, eveHour } from "../../eve/time";
import { Isk } from "../../eve-ui/Isk";
import { SideBadge } from "../../eve-ui/SideBadge";
import { sideColor } from "../../eve-ui/sides";
import { courseRows, type PhaseRow, paceWords, pointWords } from "./course";
import { KillLink } from "./KillLink";
import { changed, toInstant } from "./search";
import { useShown } from "./shown";

/** How the battle went: its phases, and what changed it, in words and EVE time. */
export function TurningPoints({ battle }: { battle: BattleDetail }) {
  const { cursor, standing } = useShown();
  const until = standing === "whole" ? null : cursor;
  const rows = useMemo(
    () => courseRows(battle.phases ?? [], battle.turning_points),
    [battle.phases, battle.turning_points],
  );
  if (rows.length === 0) return null;
  const most = Math.max(1, ...rows.flatMap(({ phase }) => phase.sides.map((side) => side.isk_lost)));
  return (
    <section aria-label="How it went" className="border-line border-t">
      <h2 className="px-3 pt-3 pb-1 font-semibold text-lg">How it went</h2>
      <ol>
        {rows.map((row) => (
          <PhaseLine
            key={row.phase.started_at}
            row={row}
            most={most}
            until={until}
            alone={rows.length === 1}
          />
        ))}
      </ol>
    </section>
  );
}

/** Keeps the place of what a replay has not come to, so that it moves nothing when it comes. */
const ahead = (at: string, until: number | null) =>
  until !== null && Date.parse(at) > until ? ({ visibility: "hidden" } as const) : undefined;

interface LineProps {
  row: PhaseRow;
  /** The most ISK a side lost in a phase, for the bars. */
  most: number;
  /** The moment of a replay, milliseconds; null for the whole. */
  until: number | null;
  /** It is the whole battle, so that there is nothing to narrow. */
  alone: boolean;
}

function PhaseLine({ row: { phase, name, points }, most, until, alone }: LineProps) {
  // The replay stands within it: what it cost is not known yet.
  const running = until !== null && Date.parse(phase.ended_at) > until;
  const [from, to] = [new Date(phase.started_at), new Date(phase.ended_at)];
  return (
    <li
      style={ahead(phase.started_at, until)}
      className="grid gap-x-6 gap-y-2 border-line border-b px-3 py-2.5 last:border-b-0 md:grid-cols-[13rem_minmax(0,1fr)_minmax(0,20rem)]"
    >
      <div>
        <h3 className="font-semibold">{name}</h3>
        <p className="num text-muted text-xs">
          {eveHour(from)}
          {to > from && ` – ${eveHour(to)} · ${duration((to.getTime() - from.getTime()) / 1000)}`}
        </p>
        {!alone && (
          <Link
            to="."
            // The last second belongs to the phase.
            search={changed({
              from: phase.started_at,
              to: toInstant(to.getTime() + 1000),
              at: undefined,
            })}
            resetScroll={false}
            aria-label={`Show only this: ${name}, ${eveHour(from)} to ${eveHour(to)}`}
            className="mt-0.5 inline-flex items-center gap-1 text-accent text-xs hover:underline"
          >
            <ListFilter size={12} aria-hidden />
            Show only this
          </Link>
        )}
      </div>
      <div className="min-w-0">
        <p className="text-muted" style={ahead(phase.ended_at, until)}>
          {plural(phase.kills, "loss", "losses")}
          {phase.kills > 1 && `, ${paceWords(phase.per_minute)}`}
          {phase.rule !== "the first loss" && `: ${phase.rule}`}.
        </p>
        {points.length > 0 && <Points points={points} until={until} />}
      </div>
      <div className="relative">
        {running && (
          <p className="absolute text-muted text-xs" style={ahead(phase.started_at, until)}>
            The replay is within this phase.
          </p>
        )}
        <ul className="grid content-start gap-1.5" style={ahead(phase.ended_at, until)}>
          {phase.sides
            .filter((side) => side.isk_lost > 0 || side.ships_lost > 0)
            .map((side) => (
              <li key={side.id} className="flex items-center gap-2 text-xs">
                <SideBadge side={side.id} />
                <span className="num w-16 shrink-0">{plural(side.ships_lost, "ship")}</span>
                <span className="h-2 min-w-0 flex-1" aria-hidden>
                  <span
                    className={`block h-full ${sideColor(side.id).bg}`}
                    style={{ width: `${(100 * side.isk_lost) / most}%` }}
                  />
                </span>
                <Isk isk={side.isk_lost} sense="lost" className="w-14 text-right" />
              </li>
            ))}
        </ul>
      </div>
    </li>
  );
}

function Points({ points, until }: { points: readonly TurningPoint[]; until: number | null }) {
  return (
    <ol className="mt-1 grid gap-x-4 gap-y-0.5 lg:grid-cols-2">
      {points.map((point) => (
        <li
          key={`${point.at}-${point.kind}-${point.side}-${point.killmail_id ?? ""}`}
          style={ahead(point.at, until)}
          className="flex min-h-6 min-w-0 items-center gap-2"
        >
          <time dateTime={point.at} className="num shrink-0 text-muted text-xs">
            {eveHour(new Date(point.at))}
          </time>
          <SideBadge side={point.side} />
          {point.killmail_id ? (
            <KillLink id={point.killmail_id} className="min-w-0 hover:underline">
              {pointWords(point)}
            </KillLink>
          ) : (
            <span className="min-w-0">{pointWords(point)}</span>
          )}
        </li>
      ))}
    </ol>
  );
}
