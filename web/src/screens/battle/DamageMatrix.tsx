import { SideBadge } from "../../eve-ui/SideBadge";
import { ScrollX } from "../../ui/ScrollX";
import { Column, HeadRow, Row, RowHead } from "../../ui/Table";
import { Stacked } from "./DamageMeasure";
import { damageSentence, NPC, type ShooterRow, shooterWord } from "./damageTable";

/** Sides down, sides across: the same figures as everything below, added up. */
export function DamageMatrix({ rows, columns }: { rows: readonly ShooterRow[]; columns: readonly string[] }) {
  const most = Math.max(1, ...rows.flatMap((row) => columns.map((id) => row.dealt.to.get(id) ?? 0)));
  const mostStructures = Math.max(1, ...rows.map((row) => row.dealt.structures));
  const structures = rows.some((row) => row.dealt.structures > 0);
  return (
    <section aria-label="Who shot whom" className="border-line border-b px-3 py-3">
      <p>{damageSentence(rows)}</p>
      <p className="mt-0.5 text-muted text-xs">
        Killmails count the damage on what was destroyed. What was shot and lived is in none of them.
      </p>
      <ScrollX label="Damage by side" className="mt-2">
        <table
          className="w-full max-w-5xl table-fixed"
          style={{ minWidth: `${6 + 5.25 * columns.length}rem` }}
        >
          <caption className="sr-only">Damage by side, to ships of each side and to structures</caption>
          <thead>
            <HeadRow>
              <Column className="w-22 sm:w-28">Shot by</Column>
              {columns.map((id) => (
                <Column key={id} className="px-2">
                  <span className="inline-flex items-center gap-1.5">
                    <span className="max-sm:sr-only">ships of</span> <SideBadge side={id} />
                  </span>
                </Column>
              ))}
              {structures && <Column className="px-2">structures</Column>}
            </HeadRow>
          </thead>
          <tbody>
            {rows.map(({ by, dealt }) => (
              <Row key={by}>
                <RowHead>
                  <span className="flex items-center gap-2">
                    {by !== NPC && (
                      <span aria-hidden className="flex">
                        <SideBadge side={by} />
                      </span>
                    )}
                    {shooterWord(by)}
                  </span>
                </RowHead>
                {columns.map((id) => (
                  <td key={id} className="px-2 py-1">
                    <Stacked
                      value={dealt.to.get(id) ?? 0}
                      most={most}
                      side={by}
                      word={by === id ? "own" : undefined}
                    />
                  </td>
                ))}
                {structures && (
                  <td className="px-2 py-1">
                    <Stacked value={dealt.structures} most={mostStructures} side={by} />
                  </td>
                )}
              </Row>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  );
}
