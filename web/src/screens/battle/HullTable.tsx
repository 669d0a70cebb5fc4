import { useMemo } from "react";
import type { BattleDetail, Side } from "../../api/model";
import { formatIsk } from "../../eve/isk";
import { Isk } from "../../eve-ui/Isk";
import { typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { SideBadge } from "../../eve-ui/SideBadge";
import { ScrollX } from "../../ui/ScrollX";
import { Column, HeadRow, RowHead } from "../../ui/Table";
import { useWide } from "../../ui/useWide";
import { Bar } from "./ClassTable";
import { sideTitle, splitSides } from "./derive";
import { type HullGroup, type HullTally, hullGroups } from "./hullGroups";
import { SideSwitcher } from "./SideSwitcher";
import { useView } from "./view";

/** Sides that stand beside each other on a narrow window. */
const NARROW = 2;

/** Classes and hulls down, sides across: lost of fielded, and what that cost. */
export function HullTable({ battle }: { battle: BattleDetail }) {
  const wide = useWide("md");
  const [view, change] = useView();
  const groups = useMemo(() => hullGroups(battle.composition), [battle.composition]);
  if (groups.length === 0) return null;
  const { major, minor } = splitSides(battle.sides);
  const brought = [...major, ...minor].filter((side) => groups.some((group) => group.sides.has(side.id)));
  const chosen = brought.find((side) => side.id === view.show) ?? brought[0];
  // On a wide window those that were merely there stand below, in a line each.
  const beside = wide ? brought.filter((side) => major.includes(side)) : brought;
  const sides = wide || brought.length <= NARROW ? beside : brought.filter((side) => side === chosen);
  const mostClass = Math.max(
    1,
    ...groups.flatMap((group) => sides.map((side) => group.sides.get(side.id)?.fielded ?? 0)),
  );
  const mostHull = Math.max(
    1,
    ...groups.flatMap((group) =>
      group.hulls.flatMap((hull) => sides.map((side) => hull.sides.get(side.id)?.fielded ?? 0)),
    ),
  );
  return (
    <section aria-label="Hulls" className="py-3">
      <h2 className="px-3 font-semibold">Fielded and lost, hull by hull</h2>
      {!wide && brought.length > NARROW && (
        <div className="px-3 pt-2">
          <SideSwitcher
            sides={brought}
            shown={(side) => side === chosen}
            onChoose={(side) => change({ show: side.id })}
            short={brought.length <= 4 ? "named" : "letters"}
          />
        </div>
      )}
      <ScrollX label="Hulls by side" className="mt-1">
        <table className="w-full table-fixed" style={{ minWidth: `${9 + 7 * sides.length}rem` }}>
          <caption className="sr-only">Lost of fielded and ISK lost, by class, hull and side</caption>
          <thead>
            <HeadRow>
              <Column className="sticky left-0 w-56 bg-ground pl-3 max-sm:w-40">Class and hull</Column>
              {sides.map((side) => (
                <Column key={side.id} className="px-3">
                  <span className="flex items-center gap-1.5">
                    <SideBadge side={side.id} />
                    <span className="truncate max-sm:hidden">{sideTitle(side)}</span>
                    <span className="truncate sm:shrink-0">lost / fielded</span>
                  </span>
                </Column>
              ))}
            </HeadRow>
          </thead>
          {groups.map((group) => (
            <Group key={group.key} group={group} sides={sides} mostClass={mostClass} mostHull={mostHull} />
          ))}
        </table>
      </ScrollX>
      {wide && <Merely sides={brought.filter((side) => !sides.includes(side))} groups={groups} />}
    </section>
  );
}

/** What small sides brought, in words. */
function Merely({ sides, groups }: { sides: readonly Side[]; groups: readonly HullGroup[] }) {
  if (sides.length === 0) return null;
  return (
    <ul className="grid gap-1 px-3 pt-3">
      {sides.map((side) => (
        <li key={side.id} className="flex gap-2">
          <SideBadge side={side.id} />
          <span>
            {sideTitle(side)}:{" "}
            <span className="text-muted">
              {groups
                .flatMap((group) => group.hulls)
                .filter((hull) => hull.sides.has(side.id))
                .map((hull) => {
                  const { fielded, lost } = hull.sides.get(side.id) ?? { fielded: 0, lost: 0 };
                  return `${fielded} ${typeName(hull.type)}${lost > 0 ? ` (${lost} lost)` : ""}`;
                })
                .join(", ")}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

interface GroupProps {
  group: HullGroup;
  sides: readonly Side[];
  mostClass: number;
  mostHull: number;
}

function Group({ group, sides, mostClass, mostHull }: GroupProps) {
  const here = group.hulls.filter((hull) => sides.some((side) => hull.sides.has(side.id)));
  if (here.length === 0) return null;
  return (
    <tbody>
      <tr className="border-line border-y bg-raised">
        <th scope="rowgroup" className="sticky left-0 bg-raised px-3 py-1.5 text-left font-semibold text-xs">
          {group.label}
        </th>
        {sides.map((side) => (
          <td key={side.id} className="px-3 py-1.5 font-semibold">
            <Cell tally={group.sides.get(side.id)} most={mostClass} side={side.id} />
          </td>
        ))}
      </tr>
      {here.map((hull) => (
        <tr key={hull.type?.id ?? 0} className="border-line border-b">
          <RowHead className="sticky left-0 bg-ground pl-3">
            <span className="flex min-w-0 items-center gap-2">
              <Picture kind="type" id={hull.type?.id ?? 0} name={hull.type?.name} size={24} />
              <span className="truncate">{typeName(hull.type)}</span>
            </span>
          </RowHead>
          {sides.map((side) => (
            <td key={side.id} className="px-3 py-1">
              <Cell tally={hull.sides.get(side.id)} most={mostHull} side={side.id} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function Cell({ tally, most, side }: { tally: HullTally | undefined; most: number; side: string }) {
  return (
    <span className="flex items-center gap-2">
      <span className="min-w-0 flex-1">
        <Bar tally={tally} most={most} side={side} />
      </span>
      {tally && tally.lost > 0 && (
        <span
          className="w-14 shrink-0 text-right font-normal text-xs max-sm:hidden"
          title={`${formatIsk(tally.isk_lost)} ISK lost`}
        >
          <Isk isk={tally.isk_lost} sense="lost" />
        </span>
      )}
    </span>
  );
}
