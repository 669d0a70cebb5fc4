import type { DamageTaken, Side } from "../../api/model";
import { compact, count } from "../../eve/count";
import { hullOrder } from "../../eve/hulls";
import { SideBadge } from "../../eve-ui/SideBadge";
import { cx } from "../../ui/cx";
import { ScrollX } from "../../ui/ScrollX";
import { Column, HeadRow, Row, RowHead } from "../../ui/Table";
import { Measure } from "./DamageMeasure";
import { type ClassDealt, columnsOf, type ShooterRow, shooterWord } from "./damageTable";
import { formatShare } from "./share";

/** Sides a class table has columns for, beside own fire and structures. */
const ROOM = 3;

interface ByClassProps {
  side: Side;
  classes: readonly ClassDealt[];
  dealt: ShooterRow["dealt"] | undefined;
}

/** What the classes of one side did, and to whom. */
export function ByClass({ side, classes, dealt }: ByClassProps) {
  if (!dealt || classes.length === 0) return null;
  const columns = columnsOf(side.id, dealt, ROOM);
  const own = (dealt.to.get(side.id) ?? 0) > 0;
  const structures = dealt.structures > 0;
  const most = Math.max(1, ...classes.map((row) => row.dealt.ships));
  return (
    <ScrollX label={`Damage of ${shooterWord(side.id)} by class`} className="border-line border-t px-3 py-2">
      <table className="w-full">
        <caption className="py-1 text-left font-semibold">Damage by class</caption>
        <thead>
          <HeadRow>
            <Column>Class</Column>
            <Column className="w-[34%] @lg:w-[24%]">To ships</Column>
            {columns.length > 1 &&
              columns.map((id) => (
                <Column key={id} className="hidden pl-2 text-right @lg:table-cell">
                  <span className="inline-flex items-center gap-1">
                    to <SideBadge side={id} />
                  </span>
                </Column>
              ))}
            {own && <Column className="pl-2 text-right">own side</Column>}
            {structures && <Column className="pl-2 text-right">structures</Column>}
          </HeadRow>
        </thead>
        <tbody>
          {classes.map((row) => (
            <Row key={row.key}>
              <RowHead className="pr-2">{row.label}</RowHead>
              <td className="py-1">
                <Measure value={row.dealt.ships} most={most} side={side.id} />
              </td>
              {columns.length > 1 &&
                columns.map((id) => <Figure key={id} value={row.dealt.to.get(id) ?? 0} wide />)}
              {own && <Figure value={row.dealt.to.get(side.id) ?? 0} />}
              {structures && <Figure value={row.dealt.structures} />}
            </Row>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

/** One figure of a table; `wide` ones only where there is room. */
function Figure({ value, wide }: { value: number; wide?: boolean }) {
  return (
    <td
      className={cx("num py-1 pl-2 text-right", value === 0 && "text-muted", wide && "hidden @lg:table-cell")}
    >
      {value === 0 ? "–" : compact(value)}
    </td>
  );
}

/** What of a side was shot, by class. */
export function Taken({ side, rows }: { side: Side; rows: readonly DamageTaken[] }) {
  if (rows.length === 0) return null;
  const ships = rows.filter((row) => !row.structure).sort((a, b) => hullOrder(a.class) - hullOrder(b.class));
  const structures = rows.filter((row) => row.structure);
  const total = ships.reduce((sum, row) => sum + row.damage, 0);
  const most = Math.max(1, ...ships.map((row) => row.damage));
  return (
    <div className="border-line border-t px-3 py-2">
      <table className="w-full">
        <caption className="py-1 text-left font-semibold">
          Damage taken <span className="num font-normal text-muted">{compact(total)} until lost</span>
        </caption>
        <thead>
          <HeadRow>
            <Column>Class</Column>
            <Column className="w-14 pr-3 text-right">Lost</Column>
            <Column className="w-[40%]">Damage</Column>
            <Column className="w-14 text-right">Share</Column>
          </HeadRow>
        </thead>
        <tbody>
          {ships.map((row) => (
            <Row key={row.class}>
              <RowHead className="pr-2">{row.class_label}</RowHead>
              <td className="num py-1 pr-3 text-right">{count.format(row.lost)}</td>
              <td className="py-1">
                <Measure value={row.damage} most={most} side={side.id} />
              </td>
              <td className="num py-1 text-right text-muted">{formatShare(row.damage, total)}</td>
            </Row>
          ))}
        </tbody>
        {structures.map((row) => (
          <tbody key={row.class}>
            <tr className="text-muted">
              <RowHead className="pr-2">Structures, apart</RowHead>
              <td className="num py-1 pr-3 text-right">{count.format(row.lost)}</td>
              <td className="num py-1" colSpan={2} title={count.format(row.damage)}>
                <span className="inline-block w-12 text-right">{compact(row.damage)}</span>
              </td>
            </tr>
          </tbody>
        ))}
      </table>
    </div>
  );
}
