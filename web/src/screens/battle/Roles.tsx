import { useMemo } from "react";
import type { BattleDetail } from "../../api/model";
import { SideBadge } from "../../eve-ui/SideBadge";
import { ScrollX } from "../../ui/ScrollX";
import { Column, HeadRow, Row, RowHead } from "../../ui/Table";
import { Bar } from "./ClassTable";
import { held, splitSides } from "./derive";
import { type RoleRow, ratio, roleRows } from "./roleRows";
import { useShown } from "./shown";

/** With more sides than this there is no room for ratios, and no sense in a sentence. */
const FEW = 3;

/** How many of each side could repair, command, hold or jam, and how many of those were lost. */
export function Roles({ battle }: { battle: BattleDetail }) {
  const { whole, standing } = useShown();
  const rows = useMemo(() => {
    const now = roleRows(battle.composition);
    return standing === "whole" ? now : held(now, roleRows(whole.composition));
  }, [battle.composition, whole.composition, standing]);
  const { major } = splitSides(battle.sides);
  const all = rows.find((row) => row.key === "ships");
  if (!all) return null;
  const few = major.length <= FEW;
  return (
    <section aria-label="Fleet in short" className="border-line border-b px-3 py-3">
      {few && (
        <p>
          {rolesSentence(
            rows,
            major.map((side) => side.id),
          )}
        </p>
      )}
      <p className="mt-0.5 text-muted text-xs">
        Fielded counts hulls seen on killmails. Who neither shot nor was lost is on none, logistics above all:
        take their numbers as the least there were.
      </p>
      <ScrollX label="Roles by side" className="mt-2">
        <table className="w-full max-w-5xl table-fixed" style={{ minWidth: `${7 + 7.5 * major.length}rem` }}>
          <caption className="sr-only">Lost of fielded by role and side</caption>
          <thead>
            <HeadRow>
              <Column className="w-28 sm:w-44">Role</Column>
              {major.map((side) => (
                <Column key={side.id} className="px-2">
                  <span className="inline-flex items-center gap-1.5">
                    <SideBadge side={side.id} /> lost / fielded
                  </span>
                </Column>
              ))}
            </HeadRow>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.key}>
                <RowHead>{row.label}</RowHead>
                {major.map((side) => {
                  const tally = row.sides.get(side.id);
                  const most = Math.max(1, ...major.map((each) => row.sides.get(each.id)?.fielded ?? 0));
                  return (
                    <td key={side.id} className="px-2 py-1">
                      <span className="flex items-center gap-2">
                        <span className="min-w-0 flex-1">
                          <Bar tally={tally} most={most} side={side.id} />
                        </span>
                        {few && (
                          <span className="num w-14 shrink-0 text-2xs text-muted max-sm:hidden">
                            {row !== all && ratio(tally, all.sides.get(side.id))}
                          </span>
                        )}
                      </span>
                    </td>
                  );
                })}
              </Row>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  );
}

/** What was fielded and lost of ships, logistics and capitals, for those who do not see the bars. */
function rolesSentence(rows: readonly RoleRow[], sides: readonly string[]): string {
  const words = (key: string, side: string, name: string) => {
    const tally = rows.find((row) => row.key === key)?.sides.get(side);
    return tally && tally.fielded > 0 ? `${tally.fielded} ${name} (${tally.lost} lost)` : "";
  };
  return sides
    .map((side) => {
      const parts = [
        words("ships", side, "ships"),
        words("logistics", side, "logistics"),
        words("capitals", side, "capitals"),
      ];
      return `Side ${side} fielded ${parts.filter(Boolean).join(", ") || "nothing that is known"}.`;
    })
    .join(" ");
}
