import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { Killmail, Party } from "../../api/model";
import { plural } from "../../eve/count";
import { eveClock } from "../../eve/time";
import { Isk } from "../../eve-ui/Isk";
import { entityName, regionName, systemName, typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { Security } from "../../eve-ui/SystemName";
import { AgoOrDate } from "../../eve-ui/Time";
import { cx } from "../../ui/cx";
import { rowFocus } from "../../ui/useListKeys";

export const ROW_WIDE = 44;
export const ROW_NARROW = 76;

export const COLUMNS =
  "grid grid-cols-[5.5rem_minmax(0,1.1fr)_minmax(0,1fr)_minmax(0,0.9fr)_minmax(0,1fr)_3.5rem_5.5rem_4rem] items-center gap-x-4 px-3";

// Rows move down as new ones come: what does not change with the place is not drawn again.

interface Props {
  killmail: Killmail;
  index: number;
}

export function WideRow({ killmail, index }: Props) {
  const { victim, final_blow } = killmail;
  return (
    <article className={cx(COLUMNS, "relative h-full border-line border-b hover:bg-hover")}>
      <When killmail={killmail} />
      <div className="flex min-w-0 items-center gap-2">
        <Picture kind="type" id={victim.ship_type?.id ?? 0} name={victim.ship_type?.name} size={32} />
        <ShipLink killmail={killmail} index={index} />
      </div>
      <Who party={victim} />
      <div className="min-w-0">
        <div className="flex gap-1.5">
          <Security system={killmail.system} />
          <span className="truncate">{systemName(killmail.system)}</span>
        </div>
        <div className="truncate text-2xs text-muted">{regionName(killmail.system)}</div>
      </div>
      {final_blow ? <Who party={final_blow} ship /> : <span className="text-muted">no final blow</span>}
      <span className="num text-right text-muted" title="Attackers">
        {killmail.attacker_count}
      </span>
      <Value killmail={killmail} />
      <BattleLink killmail={killmail} />
    </article>
  );
}

export function NarrowRow({ killmail, index }: Props) {
  const { victim } = killmail;
  const org = victim.alliance ?? victim.corporation ?? victim.faction;
  return (
    <article className="relative flex h-full min-w-0 items-center gap-3 border-line border-b px-3">
      <Picture kind="type" id={victim.ship_type?.id ?? 0} name={victim.ship_type?.name} size={44} />
      <div className="min-w-0 flex-1">
        <ShipLink killmail={killmail} index={index} />
        <div className="truncate text-xs">
          {victim.character ? entityName(victim.character) : ""}
          {org && <span className="text-muted"> {entityName(org)}</span>}
        </div>
        <div className="truncate text-2xs text-muted">
          <Security system={killmail.system} /> {systemName(killmail.system)} ·{" "}
          {plural(killmail.attacker_count, "attacker")}
        </div>
      </div>
      <div className="shrink-0 text-right">
        <Value killmail={killmail} />
        <div className="num text-2xs text-muted">
          <AgoOrDate at={killmail.occurred_at} />
        </div>
        <BattleLink killmail={killmail} />
      </div>
    </article>
  );
}

const When = memo(function When({ killmail }: { killmail: Killmail }) {
  return (
    <div className="num">
      <time dateTime={killmail.occurred_at}>{eveClock(new Date(killmail.occurred_at))}</time>
      <div className="text-2xs text-muted">
        <AgoOrDate at={killmail.occurred_at} />
      </div>
    </div>
  );
});

const ShipLink = memo(function ShipLink({ killmail, index }: Props) {
  return (
    <Link
      to="/kills/$id"
      params={{ id: String(killmail.id) }}
      className="cover block truncate font-medium hover:underline"
      {...rowFocus(index)}
    >
      {typeName(killmail.victim.ship_type)}
    </Link>
  );
});

/** Pilot over organisation; for attackers the ship stands in the second line. */
const Who = memo(function Who({ party, ship }: { party: Party; ship?: boolean }) {
  const org = party.alliance ?? party.corporation ?? party.faction;
  const who = party.character ?? party.corporation ?? party.faction;
  return (
    <div className="flex min-w-0 items-center gap-2">
      {org && <Picture kind={org.type} id={org.id} name={org.name} size={24} />}
      <div className="min-w-0">
        <div className={cx("truncate", who?.name === null && "text-muted")}>
          {who ? entityName(who) : typeName(party.ship_type)}
        </div>
        <div className="truncate text-2xs text-muted">
          {ship ? party.ship_type && typeName(party.ship_type) : org && org !== who && entityName(org)}
        </div>
      </div>
    </div>
  );
});

const Value = memo(function Value({ killmail }: { killmail: Killmail }) {
  return (
    <div className="text-right">
      <Isk
        isk={killmail.isk}
        estimated={killmail.isk_source === "market" || killmail.isk_source === "base"}
        className="font-semibold"
      />
    </div>
  );
});

const BattleLink = memo(function BattleLink({ killmail }: { killmail: Killmail }) {
  if (killmail.battle_id === null) return <span />;
  return (
    <Link
      to="/battles/$id/{-$tab}"
      params={{ id: String(killmail.battle_id), tab: undefined }}
      className="relative z-10 text-accent text-xs hover:underline"
    >
      Battle
    </Link>
  );
});
