import { Link } from "@tanstack/react-router";
import { ExternalLink, Link2 } from "lucide-react";
import type { BattleDetail } from "../../api/model";
import { duration, eveWindow } from "../../eve/time";
import { Isk } from "../../eve-ui/Isk";
import { LiveBadge } from "../../eve-ui/LiveBadge";
import { regionName, systemName } from "../../eve-ui/names";
import { Security } from "../../eve-ui/SystemName";
import { Ago } from "../../eve-ui/Time";
import { Button, ExternalButton } from "../../ui/Button";
import { copyPageLink } from "../../ui/copy";

const count = new Intl.NumberFormat("en-US");

interface Props {
  battle: BattleDetail;
  /** What the last live change brought: "+3 kills"; "" for none. */
  change: string;
}

/** Where, when and how much, and the ways out. */
export function Header({ battle, change }: Props) {
  const [system, ...others] = battle.systems;
  const from = new Date(battle.started_at);
  const to = new Date(battle.ended_at);
  return (
    <div className="flex flex-wrap items-start gap-x-8 gap-y-3 px-3 pt-4 pb-3">
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
        <p className="num mt-0.5 flex flex-wrap items-center gap-x-2">
          <time dateTime={battle.started_at}>{eveWindow(from, to)}</time>
          <span className="text-muted">
            EVE · {duration(battle.duration_s)} · {battle.kind} ·
          </span>
          {battle.status === "live" ? (
            <LiveBadge />
          ) : (
            <span className="text-muted">
              settled <Ago at={battle.ended_at} />
            </span>
          )}
          <span role="status" className="text-good">
            {change}
          </span>
        </p>
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-2">
        <Figure label="Kills">{count.format(battle.kills)}</Figure>
        <Figure label="Ships lost">{count.format(battle.ships_lost)}</Figure>
        <Figure label="Capsules">{count.format(battle.capsules_lost)}</Figure>
        {battle.structures_lost > 0 && (
          <Figure label="Structures">{count.format(battle.structures_lost)}</Figure>
        )}
        <Figure label="Pilots">{count.format(battle.pilot_count)}</Figure>
        <Figure label={estimateWords(battle.isk_estimated_share)}>
          <Isk isk={battle.isk_destroyed} estimated={battle.isk_estimated_share > 0} />
        </Figure>
      </dl>
      <div className="flex flex-wrap gap-1.5 md:ml-auto">
        <Button onClick={copyPageLink} title="Copy link (c)">
          <Link2 size={14} aria-hidden />
          Copy link
        </Button>
        <ExternalButton href={battle.links.zkillboard}>
          zKillboard <ExternalLink size={12} aria-hidden />
        </ExternalButton>
        {battle.links.dotlan && (
          <ExternalButton href={battle.links.dotlan}>
            Dotlan <ExternalLink size={12} aria-hidden />
          </ExternalButton>
        )}
      </div>
    </div>
  );
}

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
