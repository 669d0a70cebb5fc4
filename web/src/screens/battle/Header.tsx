import { Link } from "@tanstack/react-router";
import { History, Info, Link2, Share2 } from "lucide-react";
import { memo } from "react";
import { count } from "../../eve/count";
import { duration, eveWindow } from "../../eve/time";
import { Isk } from "../../eve-ui/Isk";
import { LiveBadge } from "../../eve-ui/LiveBadge";
import { regionName, systemName } from "../../eve-ui/names";
import { Security } from "../../eve-ui/SystemName";
import { AgoWithinDay } from "../../eve-ui/Time";
import { Button } from "../../ui/Button";
import { copyLink } from "../../ui/copy";
import { Popover } from "../../ui/Popover";
import { EditButtons } from "./editor/entry";
import { Honesty } from "./HeaderHonesty";
import { Revisions } from "./HeaderRevisions";
import { Share } from "./HeaderShare";
import { useShown } from "./shown";

const POPOVER_BUTTON =
  "inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-panel px-2.5 text-text hover:border-line-strong hover:bg-raised";

/** Where, when and how much, how sure that is, and the ways out. */
export const Header = memo(function Header() {
  const { source, battle, whole, link } = useShown();
  const [system, ...others] = whole.systems;
  return (
    // On a wide window a long title wraps by itself: the buttons stay beside it.
    <div className="flex flex-wrap items-start gap-x-6 gap-y-3 px-3 pt-4 pb-3 xl:flex-nowrap">
      <div className="min-w-0">
        <h1 className="flex flex-wrap items-baseline gap-x-2 font-semibold text-2xl tracking-tight">
          {system && <Security system={system} />}
          {system ? (
            <Link
              to="/battles"
              search={{ system_id: [system.id] }}
              title="All battles here"
              className="hover:underline"
            >
              {systemName(system)}
            </Link>
          ) : (
            systemName(system)
          )}
          <span className="font-normal text-base text-muted">{regionName(system)}</span>
          {others.length > 0 && (
            <span className="font-normal text-base text-muted">and {others.map(systemName).join(", ")}</span>
          )}
        </h1>
        <div className="num mt-0.5 flex flex-wrap items-center gap-x-2">
          <time dateTime={whole.started_at}>
            {eveWindow(new Date(whole.started_at), new Date(whole.ended_at))}
          </time>
          <span className="text-muted">
            EVE · {duration(whole.duration_s)} · {source.kind === "report" ? "custom report" : whole.kind} ·
          </span>
          {whole.status === "live" ? (
            <LiveBadge />
          ) : (
            <span className="text-muted">
              settled
              <AgoWithinDay at={whole.ended_at} before=" " />
            </span>
          )}
        </div>
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-2 xl:shrink-0 xl:flex-nowrap">
        <Figure label="Kills">{count.format(battle.kills)}</Figure>
        <Figure label="Ships lost">{count.format(battle.ships_lost)}</Figure>
        <Figure label="Capsules">{count.format(battle.capsules_lost)}</Figure>
        {whole.structures_lost > 0 && (
          <Figure label="Structures">{count.format(battle.structures_lost)}</Figure>
        )}
        <Figure label="Pilots">{count.format(battle.pilot_count)}</Figure>
        <Figure label={estimateWords(battle.isk_estimated_share)}>
          <Isk
            isk={battle.kills === 0 ? 0 : battle.isk_destroyed}
            estimated={battle.isk_estimated_share > 0}
          />
          {battle.unknown_values > 0 && battle.unknown_values < battle.kills && (
            <span className="font-normal text-2xs text-muted max-sm:ml-1.5 sm:block">
              +{count.format(battle.unknown_values)} of unknown value
            </span>
          )}
        </Figure>
      </dl>
      <div className="flex flex-wrap gap-1.5 md:ml-auto xl:shrink-0 xl:flex-nowrap">
        <EditButtons />
        <Button icon onClick={() => copyLink(link())} aria-label="Copy link" title="Copy link (c)">
          <Link2 size={14} aria-hidden />
        </Button>
        <Popover
          label="Share"
          className={POPOVER_BUTTON}
          button={
            <>
              <Share2 size={14} aria-hidden /> Share
            </>
          }
        >
          {() => <Share />}
        </Popover>
        {whole.revisions.length > 0 && (
          <Popover
            label={`Revision ${whole.revision}`}
            className={POPOVER_BUTTON}
            button={
              <>
                <History size={14} aria-hidden /> <span className="max-sm:sr-only">Revision</span>{" "}
                {whole.revision}
              </>
            }
          >
            {() => <Revisions battle={whole} />}
          </Popover>
        )}
        <Popover
          label="How sure these figures are"
          title="How sure these figures are"
          className={POPOVER_BUTTON}
          button={<Info size={14} aria-hidden />}
        >
          {() => <Honesty battle={battle} />}
        </Popover>
      </div>
    </div>
  );
});

/** How much of the sum is our estimate, said where the sum stands. */
function estimateWords(share: number): string {
  if (share <= 0) return "ISK destroyed";
  const percent = Math.max(1, Math.round(share * 100));
  return percent >= 100 ? "ISK destroyed (estimated)" : `ISK destroyed (${percent}% estimated)`;
}

function Figure({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="label">{label}</dt>
      <dd className="num font-semibold text-xl">{children}</dd>
    </div>
  );
}
