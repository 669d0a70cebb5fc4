import type { Attacker } from "../../api/model";
import { count } from "../../eve/count";
import { zkillEntity } from "../../eve/links";
import { entityName, typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { SideBadge } from "../../eve-ui/SideBadge";
import { UNASSIGNED } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";
import { rowFocus } from "../../ui/useListKeys";
import { nobodyWord, orgOf, percent, whoOf } from "./derive";

export const ROW_WIDE = 48;
export const ROW_NARROW = 68;

export function columns(inBattle: boolean): string {
  return cx(
    "grid items-center gap-x-4 px-3",
    inBattle
      ? "grid-cols-[1rem_minmax(0,1.2fr)_minmax(0,1fr)_5.5rem_7rem]"
      : "grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_5.5rem_7rem]",
  );
}

interface Props {
  attacker: Attacker;
  index: number;
  inBattle: boolean;
  /** The largest share of all attackers, which has the longest bar. */
  most: number;
}

export function WideRow({ attacker, index, inBattle, most }: Props) {
  return (
    <div className={cx(columns(inBattle), "relative h-full border-line border-b hover:bg-hover")}>
      {inBattle && <SideBadge side={attacker.side ?? UNASSIGNED} />}
      <div className="flex min-w-0 items-center gap-2.5">
        <Face attacker={attacker} size={36} />
        <div className="min-w-0">
          <div className="flex min-w-0 items-baseline gap-2">
            <Name attacker={attacker} index={index} />
            {attacker.final_blow && <FinalBlow />}
          </div>
          <Orgs attacker={attacker} />
        </div>
      </div>
      <div className="flex min-w-0 items-center gap-2">
        <Picture
          kind="type"
          id={attacker.ship_type?.id ?? 0}
          name={attacker.ship_type?.name}
          size={32}
          className={attacker.ship_type ? undefined : "invisible"}
        />
        <div className="min-w-0">
          <div className={cx("truncate", !attacker.ship_type && "text-muted")}>{ship(attacker)}</div>
          <div className="truncate text-2xs text-muted">{weapon(attacker)}</div>
        </div>
      </div>
      <span className="num text-right">{count.format(attacker.damage_done)}</span>
      <Share share={attacker.damage_share} most={most} />
    </div>
  );
}

export function NarrowRow({ attacker, index, inBattle, most }: Props) {
  const arms = weapon(attacker);
  return (
    <div className="relative flex h-full min-w-0 items-center gap-2.5 border-line border-b px-3">
      <div className="relative shrink-0">
        <Face attacker={attacker} size={40} />
        {inBattle && (
          <span className="absolute -right-1 -bottom-1 grid">
            <SideBadge side={attacker.side ?? UNASSIGNED} />
          </span>
        )}
      </div>
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-baseline gap-2">
          <Name attacker={attacker} index={index} />
          {attacker.final_blow && <FinalBlow />}
        </div>
        <Orgs attacker={attacker} />
        <div className="truncate text-2xs text-muted">
          <span className="text-text">{ship(attacker)}</span>
          {arms && ` · ${arms}`}
        </div>
      </div>
      <div className="w-20 shrink-0 text-right">
        <div className="num">{count.format(attacker.damage_done)}</div>
        <Share share={attacker.damage_share} most={most} />
      </div>
    </div>
  );
}

function Face({ attacker, size }: { attacker: Attacker; size: number }) {
  const who = whoOf(attacker);
  if (who) return <Picture kind={who.type} id={who.id} name={who.name} size={size} />;
  return <Picture kind="type" id={attacker.ship_type?.id ?? 0} name={attacker.ship_type?.name} size={size} />;
}

function Name({ attacker, index }: { attacker: Attacker; index: number }) {
  const who = whoOf(attacker);
  if (!who) {
    return (
      <span tabIndex={-1} className="truncate font-medium" {...rowFocus(index)}>
        {typeName(attacker.ship_type)}
      </span>
    );
  }
  const name = entityName(who);
  return (
    <a
      href={zkillEntity(who.type, who.id)}
      target="_blank"
      rel="noreferrer"
      title={`${name} on zKillboard`}
      className={cx("cover truncate font-medium hover:underline", who.name === null && "text-muted")}
      {...rowFocus(index)}
    >
      {name}
    </a>
  );
}

/** Corporation and alliance, but for the one that stands as the name. */
function Orgs({ attacker }: { attacker: Attacker }) {
  const who = whoOf(attacker);
  const orgs = [attacker.corporation, orgOf(attacker)].filter(
    (org, i, all) => org !== null && org !== who && all.indexOf(org) === i,
  );
  const words = orgs.map((org) => org && entityName(org)).join(" · ");
  return (
    <div className="truncate text-2xs text-muted">
      {[nobodyWord(attacker), words].filter(Boolean).join(" · ")}
    </div>
  );
}

function FinalBlow() {
  return (
    <span className="shrink-0 rounded-sm border border-bad px-1 font-semibold text-2xs text-bad">
      Final blow
    </span>
  );
}

function ship(attacker: Attacker): string {
  return attacker.ship_type ? typeName(attacker.ship_type) : "ship not named";
}

/** The weapon, "" where the killmail names the ship itself or nothing. */
function weapon({ weapon_type: arms, ship_type: hull }: Attacker): string {
  return arms && arms.id !== hull?.id ? typeName(arms) : "";
}

function Share({ share, most }: { share: number; most: number }) {
  return (
    <div className="grid gap-1">
      <span className="num text-right text-muted text-xs">{percent(share)}</span>
      <span aria-hidden className="h-1 w-full overflow-hidden bg-raised">
        <span
          className="ml-auto block h-full bg-line-strong"
          style={{ width: `${most > 0 ? (share / most) * 100 : 0}%` }}
        />
      </span>
    </div>
  );
}
