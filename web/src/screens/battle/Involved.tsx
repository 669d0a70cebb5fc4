import { Search } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import type { BattleDetail, Pilot, Side } from "../../api/model";
import { EntityName } from "../../eve-ui/EntityName";
import { Isk } from "../../eve-ui/Isk";
import { typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { SideBadge } from "../../eve-ui/SideBadge";
import { cx } from "../../ui/cx";
import { WindowList } from "../../ui/WindowList";
import { type PilotRow, pilotHull, pilotMatches, pilotRows, sideTitle } from "./derive";
import { SideColumns } from "./SideColumns";
import { compact } from "./SideHead";

const count = new Intl.NumberFormat("en-US");
const keyOf = (row: PilotRow) => row.key;
const heightOf = (row: PilotRow) => (row.type === "class" ? 28 : 42);

/** Every pilot, by side and hull class in players' order. */
export function Involved({ battle }: { battle: BattleDetail }) {
  const [typed, setTyped] = useState("");
  const needle = useDeferredValue(typed.trim().toLowerCase());
  const bySide = useMemo(() => {
    const found =
      needle === "" ? battle.pilots : battle.pilots.filter((pilot) => pilotMatches(pilot, needle));
    return new Map(
      battle.sides.map((side) => [side.id, pilotRows(found.filter((pilot) => pilot.side === side.id))]),
    );
  }, [battle.pilots, battle.sides, needle]);
  const shown = [...bySide.values()].flat().filter((row) => row.type === "pilot").length;
  return (
    <>
      <search className="flex items-center gap-3 border-line border-b px-3 py-2">
        <span className="relative">
          <Search size={14} aria-hidden className="absolute top-2.25 left-2 text-muted" />
          <input
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            placeholder="Pilot, corporation, ship"
            aria-label="Search pilots, corporations, alliances and ships of this battle"
            className="h-8 w-64 rounded-md border border-line bg-panel pr-2 pl-7"
          />
        </span>
        <output className="num text-muted text-xs">
          {count.format(shown)} {shown === 1 ? "pilot" : "pilots"}
        </output>
      </search>
      <SideColumns sides={battle.sides}>
        {(side: Side) => (
          <>
            <h2 className="flex h-9 items-center gap-2 px-3 font-semibold">
              <SideBadge side={side.id} />
              <span className="truncate">{sideTitle(side)}</span>
              <span className="num ml-auto font-normal text-muted text-xs">
                {count.format(side.pilots)} pilots
              </span>
            </h2>
            <WindowList
              key={side.id}
              items={bySide.get(side.id) ?? []}
              keyOf={keyOf}
              rowHeight={heightOf}
              label={`Pilots of ${sideTitle(side)}`}
            >
              {renderRow}
            </WindowList>
          </>
        )}
      </SideColumns>
    </>
  );
}

function renderRow(row: PilotRow) {
  if (row.type === "pilot") return <PilotLine pilot={row.pilot} />;
  return (
    <h3 className="flex h-full items-center gap-2 border-line border-y bg-raised px-3 font-semibold text-xs">
      {row.label}
      <span className="num font-normal text-muted">
        {row.pilots}
        {row.lost > 0 && ` · ${row.lost} lost`}
      </span>
    </h3>
  );
}

function PilotLine({ pilot }: { pilot: Pilot }) {
  const { hull, more } = pilotHull(pilot);
  const org = pilot.alliance ?? pilot.corporation;
  const lost = pilot.losses > 0;
  return (
    <div
      className={cx(
        "flex h-full min-w-0 items-center gap-2 border-line border-b px-3",
        lost && "bg-loss shadow-[inset_2px_0_var(--color-bad)]",
      )}
    >
      <Picture kind="type" id={hull?.ship_type?.id ?? 0} name={hull?.ship_type?.name} size={32} />
      <div className="min-w-0 flex-[3]">
        <div className="flex">
          {pilot.character && <EntityName entity={pilot.character} link className="font-medium" />}
        </div>
        <div
          className="truncate text-2xs text-muted"
          title={pilot.hulls.map((h) => typeName(h.ship_type)).join(", ")}
        >
          {typeName(hull?.ship_type)}
          {more > 0 && ` +${more} more`}
        </div>
      </div>
      {org && (
        <div className="flex min-w-0 flex-[2] items-center gap-1.5 text-muted text-xs max-lg:hidden">
          <Picture kind={org.type} id={org.id} name={org.name} size={20} />
          <EntityName entity={org} />
        </div>
      )}
      <div className="num w-16 shrink-0 text-right text-2xs text-muted">
        <div>
          {count.format(pilot.kills)} {pilot.kills === 1 ? "kill" : "kills"}
        </div>
        <div title="Damage done">{compact(pilot.damage_done)} dmg</div>
      </div>
      <div className="num w-16 shrink-0 text-right">
        {lost || pilot.podded ? (
          <>
            <Isk isk={pilot.isk_lost} sense="lost" />
            <div className="text-2xs text-muted">
              {[lost && (pilot.losses > 1 ? `lost ${pilot.losses}` : "lost"), pilot.podded && "pod"]
                .filter(Boolean)
                .join(" + ")}
            </div>
          </>
        ) : (
          <span className="text-2xs text-muted">survived</span>
        )}
      </div>
    </div>
  );
}
