import { Link } from "@tanstack/react-router";
import type { Battle, SideBrief } from "../../api/model";
import { count, plural } from "../../eve/count";
import { duration, eveDate, eveHour } from "../../eve/time";
import { Isk } from "../../eve-ui/Isk";
import { LiveBadge } from "../../eve-ui/LiveBadge";
import { entityName, regionName, systemName, typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { SideBadge } from "../../eve-ui/SideBadge";
import { SplitBar } from "../../eve-ui/SplitBar";
import { Security } from "../../eve-ui/SystemName";
import { sideWord, UNASSIGNED } from "../../eve-ui/sides";
import { Ago, AgoOrDate } from "../../eve-ui/Time";
import { cx } from "../../ui/cx";
import { rowFocus } from "../../ui/useListKeys";
import { KINDS } from "./filters";

/** Row heights in pixels: one line of cells on a wide window, stacked on a narrow one. */
export const ROW_WIDE = 44;
export const ROW_NARROW = 112;

/** Columns of the wide row; the head uses the same. */
export const COLUMNS =
  "grid grid-cols-[7.75rem_8.5rem_minmax(0,1fr)_13.5rem_4.75rem_7rem] items-center gap-x-4 px-3";

interface Props {
  battle: Battle;
  index: number;
}

export function WideRow({ battle, index }: Props) {
  return (
    <article className={cx(COLUMNS, "relative h-full border-line border-b hover:bg-hover")}>
      <div className="min-w-0">
        <div className="num">
          <span className="text-muted">{eveDate(new Date(battle.started_at))}</span>{" "}
          {eveHour(new Date(battle.started_at))}
        </div>
        <div className="num flex items-center gap-1 text-2xs text-muted">
          {duration(battle.duration_s)} ·{" "}
          {battle.status === "live" ? <LiveBadge /> : <Ago at={battle.ended_at} />}
        </div>
      </div>
      <div className="min-w-0">
        <BattleLink battle={battle} index={index} />
        <Place battle={battle} />
      </div>
      <Sides sides={battle.sides} />
      <Hulls hulls={battle.top_hulls} />
      <div className="num text-right">
        <div className="font-semibold">{count.format(battle.kills)}</div>
        <div className="text-2xs text-muted">{plural(battle.pilots, "pilot")}</div>
      </div>
      <Value battle={battle} />
    </article>
  );
}

export function NarrowRow({ battle, index }: Props) {
  const { shown, more } = versus(battle.sides);
  return (
    <article className="relative flex h-full flex-col justify-center gap-1 border-line border-b px-3">
      <div className="flex items-baseline gap-2">
        <BattleLink battle={battle} index={index} />
        <span className="min-w-0 flex-1 truncate text-muted text-xs">
          {regionName(battle.systems[0])}
          {battle.systems.length > 1 && ` +${battle.systems.length - 1}`}
        </span>
        {battle.status === "live" && <LiveBadge />}
        <AgoOrDate at={battle.ended_at} className="num text-muted text-xs" />
      </div>
      {shown.map((side) => (
        <OneSide key={side.id} side={side} />
      ))}
      <div className="flex items-center gap-3 text-xs">
        <span className="num">
          <b className="font-semibold">{count.format(battle.kills)}</b>{" "}
          <span className="text-muted">kills</span>
        </span>
        <span className="num text-muted">{duration(battle.duration_s)}</span>
        <span className="text-muted">{kindWord(battle.kind)}</span>
        {more > 0 && (
          <span className="text-muted">
            +{more} side{more > 1 ? "s" : ""}
          </span>
        )}
        <span className="ml-auto w-28">
          <Value battle={battle} />
        </span>
      </div>
    </article>
  );
}

function kindWord(kind: string): string {
  return (KINDS.find(([key]) => key === kind)?.[1] ?? kind).toLowerCase();
}

function BattleLink({ battle, index }: { battle: Battle; index: number }) {
  const system = battle.systems[0];
  return (
    <div className="flex items-baseline gap-1.5">
      {system && <Security system={system} />}
      <Link
        to="/battles/$id/{-$tab}"
        params={{ id: String(battle.id), tab: undefined }}
        className="cover truncate font-semibold hover:underline"
        {...rowFocus(index)}
      >
        {systemName(system)}
      </Link>
    </div>
  );
}

function Place({ battle }: { battle: Battle }) {
  const words = [regionName(battle.systems[0])];
  if (battle.systems.length > 1) words.push(`+${battle.systems.length - 1}`);
  if (battle.kind !== "battle") words.push(kindWord(battle.kind));
  return <div className="truncate text-2xs text-muted">{words.filter(Boolean).join(" · ")}</div>;
}

/** The two sides a row has room for, and how many there are beside them. */
function versus(sides: readonly SideBrief[]): { shown: SideBrief[]; more: number } {
  const real = sides.filter((side) => side.id !== UNASSIGNED);
  const shown = [...real, ...sides.filter((side) => side.id === UNASSIGNED)].slice(0, 2);
  return { shown, more: Math.max(0, real.length - 2) };
}

function Sides({ sides }: { sides: readonly SideBrief[] }) {
  const { shown, more } = versus(sides);
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)_minmax(0,1fr)_1rem] items-center gap-x-3">
      {shown.map((side) => (
        <TwoLineSide key={side.id} side={side} />
      ))}
      {shown.length < 2 && <span />}
      <span className="num text-2xs text-muted" title={more > 0 ? `${more} more sides` : undefined}>
        {more > 0 && `+${more}`}
      </span>
    </div>
  );
}

function TwoLineSide({ side }: { side: SideBrief }) {
  return (
    <div className="flex min-w-0 items-center gap-2">
      <SideBadge side={side.id} />
      <Logos side={side} size={24} />
      <div className="min-w-0">
        <SideTitle side={side} />
        <div className="num truncate text-2xs text-muted">
          {plural(side.pilots, "pilot")} · {count.format(side.ships_lost)} lost
        </div>
      </div>
    </div>
  );
}

function OneSide({ side }: { side: SideBrief }) {
  return (
    <div className="flex min-w-0 items-center gap-2">
      <SideBadge side={side.id} />
      <Logos side={side} size={20} />
      <SideTitle side={side} />
      <span className="num ml-auto text-muted text-xs">{count.format(side.pilots)}</span>
    </div>
  );
}

function SideTitle({ side }: { side: SideBrief }) {
  const [lead] = side.members;
  const words = lead ? entityName(lead) : sideWord(side.id);
  return (
    <div className={cx("truncate", lead && lead.name === null && "text-muted")} title={words}>
      {words}
    </div>
  );
}

/** Up to two logos or portraits; one when the side is one party. */
function Logos({ side, size }: { side: SideBrief; size: number }) {
  const shown = side.members.slice(0, 2);
  return (
    <span className="flex gap-0.5">
      {shown.map((entity) => (
        <Picture key={entity.id} kind={entity.type} id={entity.id} name={entity.name} size={size} />
      ))}
    </span>
  );
}

function Hulls({ hulls }: { hulls: Battle["top_hulls"] }) {
  return (
    <ul aria-label="Most fielded hulls" className="grid grid-cols-2 gap-x-3 text-2xs">
      {hulls.slice(0, 4).map(({ ship_type, count: fielded }) => (
        <li key={ship_type?.id} className="flex min-w-0 items-center gap-1.5 leading-[1.125rem]">
          <Picture kind="type" id={ship_type?.id ?? 0} name={ship_type?.name} size={16} />
          <span className="num w-6 text-right">{fielded}</span>
          <span className="truncate text-muted" title={typeName(ship_type)}>
            {typeName(ship_type)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Value({ battle }: { battle: Battle }) {
  return (
    <div className="text-right">
      <Isk isk={battle.isk_destroyed} estimated={battle.isk_estimated_share > 0} className="font-semibold" />
      <SplitBar parts={battle.sides} className="mt-1" />
    </div>
  );
}
