import type { Side } from "../../api/model";
import { SideBadge } from "../../eve-ui/SideBadge";
import { sideColor } from "../../eve-ui/sides";
import { ScrollX } from "../../ui/ScrollX";
import { Column, HeadRow, Row, RowHead } from "../../ui/Table";
import { type ClassRow, splitSides, type Tally } from "./derive";

interface Props {
  classes: readonly ClassRow[];
  sides: readonly Side[];
}

/** Hull classes down, sides across: fielded, and how many of those were lost. */
export function ClassTable({ classes, sides }: Props) {
  const { major: real } = splitSides(sides);
  const most = Math.max(
    1,
    ...classes.flatMap((row) => real.map((side) => row.sides.get(side.id)?.fielded ?? 0)),
  );
  return (
    <section aria-label="Classes" className="min-w-0 p-3">
      <h2 className="mb-2 font-semibold">Fielded and lost by class</h2>
      <ScrollX label="Classes by side">
        <table className="w-full table-fixed" style={{ minWidth: `${7 + 6.5 * real.length}rem` }}>
          <caption className="sr-only">Lost of fielded by class and side</caption>
          <thead>
            <HeadRow>
              <Column className="w-28 lg:w-44">Class</Column>
              {real.map((side) => (
                <Column key={side.id} className="px-2">
                  <SideBadge side={side.id} /> lost of fielded
                </Column>
              ))}
            </HeadRow>
          </thead>
          <tbody>
            {classes.map((row) => (
              <Row key={row.key}>
                <RowHead className="pr-2">{row.label}</RowHead>
                {real.map((side) => (
                  <td key={side.id} className="px-2 py-1">
                    <Bar tally={row.sides.get(side.id)} most={most} side={side.id} />
                  </td>
                ))}
              </Row>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  );
}

/** A bar as long as what was fielded; the lost part is full, the rest faint. */
export function Bar({ tally, most, side }: { tally: Tally | undefined; most: number; side: string }) {
  if (!tally || tally.fielded === 0) return <span className="text-muted">–</span>;
  const color = sideColor(side).bg;
  return (
    <span className="flex items-center gap-2">
      <span className="num w-16 shrink-0 text-right">
        <b className="font-semibold">{tally.lost}</b>
        <span className="text-muted"> / {tally.fielded}</span>
      </span>
      <span className="flex h-2 flex-1" aria-hidden>
        <span className={color} style={{ width: `${(100 * tally.lost) / most}%` }} />
        <span
          className={`${color} opacity-30`}
          style={{ width: `${(100 * Math.max(0, tally.fielded - tally.lost)) / most}%` }}
        />
      </span>
    </span>
  );
}
