import { useMemo } from "react";
import type { BattleDetail, HullCount, Side } from "../../api/model";
import { hullLabel, hullOrder } from "../../eve/hulls";
import { Isk } from "../../eve-ui/Isk";
import { typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { SideBadge } from "../../eve-ui/SideBadge";
import { Bar } from "./ClassTable";
import { sideTitle } from "./derive";
import { SideColumns } from "./SideColumns";

/** What each side brought and what of it was lost, hull by hull. */
export function Composition({ battle }: { battle: BattleDetail }) {
  const most = Math.max(1, ...battle.composition.map((hull) => hull.fielded));
  return (
    <SideColumns sides={battle.sides}>
      {(side: Side) => (
        <SideTable
          side={side}
          hulls={battle.composition.filter((hull) => hull.side === side.id)}
          most={most}
        />
      )}
    </SideColumns>
  );
}

function SideTable({ side, hulls, most }: { side: Side; hulls: readonly HullCount[]; most: number }) {
  const groups = useMemo(() => byClass(hulls), [hulls]);
  return (
    <table className="w-full table-fixed">
      <caption className="px-3 py-2 text-left font-semibold">
        <span className="flex items-center gap-2">
          <SideBadge side={side.id} />
          <span className="truncate">{sideTitle(side)}</span>
        </span>
      </caption>
      <thead>
        <tr className="label text-left">
          <th scope="col" className="w-[46%] py-1 pl-3 font-medium">
            Hull
          </th>
          <th scope="col" className="py-1 font-medium">
            Lost / fielded
          </th>
          <th scope="col" className="w-20 py-1 pr-3 text-right font-medium">
            ISK lost
          </th>
        </tr>
      </thead>
      {groups.map(([key, group]) => (
        <tbody key={key}>
          <tr className="border-line border-y bg-raised">
            <th scope="rowgroup" colSpan={3} className="px-3 py-1 text-left font-semibold text-xs">
              {group[0]?.class_label || hullLabel(key)}
              <span className="num ml-2 font-normal text-muted">
                {sum(group, "fielded")}
                {sum(group, "lost") > 0 && ` · ${sum(group, "lost")} lost`}
              </span>
            </th>
          </tr>
          {group.map((hull) => (
            <tr key={hull.ship_type?.id} className="border-line border-b">
              <th scope="row" className="py-1 pl-3 text-left font-normal">
                <span className="flex min-w-0 items-center gap-2">
                  <Picture kind="type" id={hull.ship_type?.id ?? 0} name={hull.ship_type?.name} size={24} />
                  <span className="truncate">{typeName(hull.ship_type)}</span>
                </span>
              </th>
              <td className="py-1">
                <Bar tally={hull} most={most} side={side.id} />
              </td>
              <td className="py-1 pr-3 text-right">
                {hull.lost > 0 ? (
                  <Isk isk={hull.isk_lost} sense="lost" />
                ) : (
                  <span className="text-muted">–</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function sum(hulls: readonly HullCount[], key: "fielded" | "lost"): number {
  return hulls.reduce((total, hull) => total + hull[key], 0);
}

function byClass(hulls: readonly HullCount[]): [string, HullCount[]][] {
  const groups = new Map<string, HullCount[]>();
  for (const hull of hulls) {
    const group = groups.get(hull.class);
    if (group) group.push(hull);
    else groups.set(hull.class, [hull]);
  }
  for (const group of groups.values()) group.sort((a, b) => b.fielded - a.fielded || b.lost - a.lost);
  return [...groups].sort(([a], [b]) => hullOrder(a) - hullOrder(b));
}
