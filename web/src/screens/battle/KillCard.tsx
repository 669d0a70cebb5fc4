import { memo } from "react";
import type { BattleKill } from "../../api/model";
import { eveClock } from "../../eve/time";
import { Isk } from "../../eve-ui/Isk";
import { entityName, typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { SideBadge } from "../../eve-ui/SideBadge";
import { KillLink } from "./KillLink";

interface Props {
  kill: BattleKill;
  /** Shows the victim's side; leave it out where the column says it. */
  badge?: boolean;
  /** Shows the time under the value; leave it out where it stands beside the card. */
  time?: boolean;
  /** It came after the page was opened. */
  fresh?: boolean;
  /** Place in a list walked with j and k. */
  index?: number;
}

/** One loss: ship, victim and who struck the last blow. Opens the page of the killmail. */
export const KillCard = memo(function KillCard({ kill, badge, time = true, fresh, index }: Props) {
  const { victim } = kill;
  const org = victim.alliance ?? victim.corporation;
  const who = victim.character ?? victim.corporation;
  return (
    <div className="relative flex h-full min-w-0 items-center gap-2 px-1 hover:bg-hover">
      {badge && <SideBadge side={kill.side} />}
      <Picture kind="type" id={victim.ship_type?.id ?? 0} name={victim.ship_type?.name} size={32} />
      <div className="min-w-0 flex-1">
        <div className="truncate">
          {fresh && <span className="mr-1.5 font-semibold text-2xs text-good">NEW</span>}
          <KillLink id={kill.id} row={index} className="cover font-medium hover:underline">
            {typeName(victim.ship_type)}
          </KillLink>{" "}
          <span className={who?.name === null ? "text-muted" : ""}>{who ? entityName(who) : ""}</span>
        </div>
        <div className="truncate text-2xs text-muted">
          {org && `${entityName(org)} · `}
          {blow(kill)}
        </div>
      </div>
      <div className="num shrink-0 text-right">
        <Isk isk={kill.isk} estimated={kill.isk != null && kill.isk_source !== "zkb"} />
        {time && (
          <time dateTime={kill.occurred_at} className="block text-2xs text-muted">
            {eveClock(new Date(kill.occurred_at))}
          </time>
        )}
      </div>
    </div>
  );
});

function blow(kill: BattleKill): string {
  const others = kill.attacker_count - 1;
  const by = kill.final_blow?.character ?? kill.final_blow?.corporation;
  const words = by ? `by ${entityName(by)}` : "no final blow";
  return others > 0 ? `${words} and ${others} more` : words;
}
