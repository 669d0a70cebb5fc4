import { memo } from "react";
import type { BattleKill, Pilot, Side } from "../../api/model";
import { compact, count } from "../../eve/count";
import { EntityName } from "../../eve-ui/EntityName";
import { entityName, typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { cx } from "../../ui/cx";
import { type PilotRow, pilotHull } from "./derive";
import { PilotLoss } from "./PilotLoss";
import { hasLost } from "./pilotList";
import { formatShare } from "./share";

/** Heights in pixels; the rows keep to them. */
export const CLASS_HEIGHT = 28;
export const PILOT_HEIGHT = 49;

/** Hulls shown beside the first one, at most. */
const OTHER_HULLS = 4;

interface ClassProps {
  row: Extract<PilotRow, { type: "class" }>;
  /** It repeats a heading that scrolled away. */
  still?: boolean;
}

/** Heads the pilots of a class. */
export function ClassLine({ row, still }: ClassProps) {
  const Title = still ? "div" : "h3";
  return (
    <Title
      className={cx(
        "flex h-full items-center gap-2 bg-raised px-3 font-semibold text-xs",
        !still && "border-line border-y",
      )}
    >
      {row.label}
      <span className="num font-normal text-muted">
        {count.format(row.pilots)}
        {row.lost > 0 && ` · ${count.format(row.lost)} lost`}
      </span>
    </Title>
  );
}

interface Props {
  pilot: Pilot;
  side: Side;
  /** The pilot's most expensive killmail as a victim. */
  loss: BattleKill | undefined;
  /** Place in an order by figures. */
  rank?: number;
}

/** One pilot: ships, party, what it did and what it lost. Drawn again only when one of these changes. */
export const PilotLine = memo(function PilotLine({ pilot, side, loss, rank }: Props) {
  const { hull } = pilotHull(pilot);
  const lost = hasLost(pilot);
  return (
    <div
      className={cx(
        "grid h-full min-w-0 grid-cols-[2rem_minmax(0,1fr)_auto_3.25rem_4rem] items-center gap-x-2 border-line border-b px-3 @xl:grid-cols-[2rem_minmax(0,5fr)_minmax(0,4fr)_4.25rem_4.5rem_4.5rem]",
        lost && "bg-loss shadow-[inset_2px_0_var(--color-bad)]",
      )}
    >
      <Picture kind="type" id={hull?.ship_type?.id ?? 0} name={hull?.ship_type?.name} size={32} />
      <div className="min-w-0">
        <div className="flex items-baseline gap-1">
          {rank !== undefined && <span className="num text-2xs text-muted">{rank}.</span>}
          {pilot.character ? (
            <EntityName entity={pilot.character} link className="font-medium" />
          ) : (
            <span className="text-muted">no pilot</span>
          )}
        </div>
        <Hulls pilot={pilot} main={hull} />
      </div>
      <Party pilot={pilot} />
      <Damage pilot={pilot} side={side} />
      <div className="num hidden text-right @xl:block">
        <Kills pilot={pilot} />
      </div>
      <PilotLoss pilot={pilot} kill={loss} lost={lost} />
    </div>
  );
});

/** The hull of the list by name, the others by picture, lost ones marked. */
function Hulls({ pilot, main }: { pilot: Pilot; main: Pilot["hulls"][number] | undefined }) {
  const others = pilot.hulls.filter((hull) => hull !== main && hull.class !== "capsule");
  return (
    <div className="flex h-4.5 min-w-0 items-center gap-1 text-2xs text-muted">
      <span className="truncate">{typeName(main?.ship_type)}</span>
      {others.slice(0, OTHER_HULLS).map((hull) => (
        <span
          key={hull.ship_type?.id}
          role="img"
          title={`${typeName(hull.ship_type)}${hull.lost > 0 ? ", lost" : ""}`}
          aria-label={`also ${typeName(hull.ship_type)}${hull.lost > 0 ? ", lost" : ""}`}
          className={cx("flex shrink-0 rounded-sm", hull.lost > 0 && "outline outline-1 outline-bad")}
        >
          <Picture kind="type" id={hull.ship_type?.id ?? 0} name={hull.ship_type?.name} size={18} />
        </span>
      ))}
      {others.length > OTHER_HULLS && <span>+{others.length - OTHER_HULLS}</span>}
    </div>
  );
}

/** Alliance and corporation: names where there is room, else the logo. */
function Party({ pilot: { alliance, corporation, faction } }: { pilot: Pilot }) {
  const first = alliance ?? corporation ?? faction;
  if (!first) return <span />;
  const second = alliance && corporation;
  return (
    <div className="flex min-w-0 items-center gap-1.5 text-xs" title={entityName(first)}>
      <Picture kind={first.type} id={first.id} name={first.name} size={24} />
      <div className="hidden min-w-0 @xl:block">
        <div className="flex text-muted">
          <EntityName entity={first} link className="leading-6" />
        </div>
        {second && (
          <div className="flex text-2xs text-muted">
            <EntityName entity={second} link className="leading-6" />
          </div>
        )}
      </div>
    </div>
  );
}

function Damage({ pilot, side }: { pilot: Pilot; side: Side }) {
  const { damage_done: damage, structure_damage: structures } = pilot;
  const share = damage && side.damage_done ? formatShare(damage, side.damage_done) : "";
  return (
    <div
      className="num text-right"
      title={
        damage === null
          ? undefined
          : `${count.format(damage)} damage to ships, ${share} of the side's${structures ? `; ${count.format(structures)} to structures` : ""}`
      }
    >
      <div className={damage ? "" : "text-muted"}>{compact(damage)}</div>
      <div className="text-2xs text-muted">
        <span className="hidden @xl:inline">{share} dmg</span>
        <span className="@xl:hidden">
          <Kills pilot={pilot} short />
        </span>
      </div>
    </div>
  );
}

function Kills({ pilot: { kills, final_blows: blows }, short }: { pilot: Pilot; short?: boolean }) {
  if (kills === null) return <span className="text-muted">–</span>;
  const word = kills === 1 ? "kill" : "kills";
  if (short) return `${count.format(kills)} ${word}`;
  return (
    <>
      <div className={kills === 0 ? "text-muted" : ""}>
        {count.format(kills)} <span className="text-2xs text-muted">{word}</span>
      </div>
      <div className="text-2xs text-muted">{blows ? `${count.format(blows)} final` : ""}</div>
    </>
  );
}
