import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import type { KillBattle } from "../../api/model";
import { count, plural } from "../../eve/count";
import { duration, eveWindow } from "../../eve/time";
import { LiveBadge } from "../../eve-ui/LiveBadge";
import { systemName } from "../../eve-ui/names";
import { SideBadge } from "../../eve-ui/SideBadge";
import { SplitBar } from "../../eve-ui/SplitBar";
import { sideWord, UNASSIGNED } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";

/** The battle the killmail belongs to, and the killmails before and after it. */
export function BattleStrip({ battle, kill }: { battle: KillBattle; kill: number }) {
  const from = new Date(battle.started_at);
  const to = new Date(battle.ended_at);
  const fought = battle.sides.filter((side) => side.id !== UNASSIGNED);
  const [system, ...others] = battle.systems;
  return (
    <section
      aria-label="The battle"
      className="flex flex-wrap items-center gap-x-8 gap-y-2 border-line border-y bg-panel px-3 py-2.5"
    >
      <div className="min-w-0 grow basis-80">
        <h2 className="flex flex-wrap items-baseline gap-x-2">
          <Link
            to="/battles/$id/{-$tab}"
            params={{ id: String(battle.id), tab: undefined }}
            className="font-semibold text-accent hover:underline"
          >
            {battle.kind === "battle" ? "Battle" : `Part of a ${battle.kind}`} in {systemName(system)}
            {others.length > 0 && ` and ${others.length} more`}
          </Link>
          {battle.status === "live" && <LiveBadge />}
        </h2>
        <p className="num text-muted text-xs">
          {eveWindow(from, to)} EVE · {duration((to.getTime() - from.getTime()) / 1000)} ·{" "}
          {plural(battle.pilot_count, "pilot")}
        </p>
        <SplitBar parts={battle.sides} className="mt-1.5 max-w-md" />
      </div>
      <ul aria-label="Sides" className="grid min-w-0 grow basis-64 gap-0.5">
        {fought.slice(0, 4).map((side) => (
          <li key={side.id} className="flex min-w-0 items-center gap-2">
            <SideBadge side={side.id} />
            <span className={cx("truncate", side.id === battle.side && "font-semibold")}>
              {side.name ?? sideWord(side.id)}
              {side.member_count > 1 && (
                <span className="font-normal text-muted"> +{side.member_count - 1}</span>
              )}
            </span>
            {side.id === battle.side && <span className="shrink-0 text-muted text-xs">lost this</span>}
          </li>
        ))}
        {fought.length > 4 && <li className="text-muted text-xs">and {fought.length - 4} more sides</li>}
      </ul>
      <nav aria-label="Killmails of the battle" className="flex items-center gap-1.5 max-sm:w-full">
        <Step to={battle.previous} label="Previous killmail" title="Previous (←)">
          <ChevronLeft size={16} aria-hidden />
        </Step>
        <p className="num min-w-28 text-center max-sm:grow">
          Kill <b>{count.format(battle.number)}</b> of {count.format(battle.kills)}
          <Link
            to="/battles/$id/{-$tab}"
            params={{ id: String(battle.id), tab: "timeline" }}
            search={{ at: String(kill) }}
            title="The battle as it stood just after this loss"
            className="block min-h-6 text-accent text-xs leading-6 hover:underline"
          >
            The battle at this moment
          </Link>
        </p>
        <Step to={battle.next} label="Next killmail" title="Next (→)">
          <ChevronRight size={16} aria-hidden />
        </Step>
      </nav>
    </section>
  );
}

interface StepProps {
  to: number | null;
  label: string;
  title: string;
  children: React.ReactNode;
}

/** At the ends it stays, with its focus, and leads nowhere: who steps by Enter is not thrown off the bar. */
function Step({ to, label, title, children }: StepProps) {
  return (
    <Link
      to="/kills/$id"
      params={{ id: String(to) }}
      disabled={to === null}
      tabIndex={0}
      resetScroll={false}
      aria-label={label}
      title={title}
      className={cx(
        "grid size-8 place-items-center rounded-md border border-line max-sm:size-11",
        to === null ? "text-muted opacity-50" : "bg-ground hover:border-line-strong hover:bg-raised",
      )}
    >
      {children}
    </Link>
  );
}
