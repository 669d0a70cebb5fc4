import type { BattleDetail, DamageTaken, DamageView, Side } from "../../api/model";
import { useReportPart } from "../../api/queries/report";
import { hullOrder } from "../../eve/hulls";
import { SideBadge } from "../../eve-ui/SideBadge";
import { sideColor } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";
import { ScrollX } from "../../ui/ScrollX";
import { Dealers } from "./Dealers";
import {
  type ClassDealt,
  classesOf,
  columnsOf,
  damageSentence,
  NPC,
  type ShooterRow,
  shooters,
  shooterWord,
  targets,
} from "./damageTable";
import { Part } from "./Part";
import { SideColumns } from "./SideColumns";
import { compact } from "./SideHead";
import { formatShare } from "./share";
import { useShown } from "./shown";

const count = new Intl.NumberFormat("en-US");

/** Sides a class table has columns for, beside own fire and structures. */
const ROOM = 3;

/** Who shot what: sides at sides, classes at sides, the heaviest hitters, and who was shot. */
export function Damage({ battle }: { battle: BattleDetail }) {
  const { told } = useShown();
  const query = useReportPart<DamageView>(told, "damage");
  return (
    <Part query={query} what="The damage" rows={12}>
      {(damage) => <Loaded damage={damage} battle={battle} />}
    </Part>
  );
}

function Loaded({ damage, battle }: { damage: DamageView; battle: BattleDetail }) {
  const sides = battle.sides.map((side) => side.id);
  const rows = shooters(damage, sides);
  return (
    <>
      <Matrix rows={rows} columns={targets(damage, sides)} />
      <SideColumns
        sides={battle.sides}
        note={(side) => <Total side={side} row={rows.find((row) => row.by === side.id)} />}
      >
        {(side: Side) => (
          <>
            <Dealers
              side={side}
              total={rows.find((row) => row.by === side.id)?.dealt.ships ?? 0}
              dealers={damage.dealers.filter((dealer) => dealer.side === side.id)}
            />
            <ByClass
              side={side}
              classes={classesOf(damage, side.id)}
              dealt={rows.find((row) => row.by === side.id)?.dealt}
            />
            <Taken side={side} rows={damage.taken.filter((row) => row.side === side.id)} />
          </>
        )}
      </SideColumns>
    </>
  );
}

function Total({ side, row }: { side: Side; row: ShooterRow | undefined }) {
  return (
    <span className="num text-xs" title={`Damage to ships of others by ${shooterWord(side.id)}`}>
      <b className="font-semibold">{compact((row?.dealt.ships ?? 0) - (row?.dealt.to.get(side.id) ?? 0))}</b>{" "}
      <span className="text-muted">damage</span>
    </span>
  );
}

/** Sides down, sides across: the same figures as everything below, added up. */
function Matrix({ rows, columns }: { rows: readonly ShooterRow[]; columns: readonly string[] }) {
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
            <tr className="label border-line border-b text-left">
              <th scope="col" className="w-22 py-1 font-medium sm:w-28">
                Shot by
              </th>
              {columns.map((id) => (
                <th key={id} scope="col" className="px-2 py-1 font-medium">
                  <span className="inline-flex items-center gap-1.5">
                    <span className="max-sm:sr-only">ships of</span> <SideBadge side={id} />
                  </span>
                </th>
              ))}
              {structures && (
                <th scope="col" className="px-2 py-1 font-medium">
                  structures
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ by, dealt }) => (
              <tr key={by} className="border-line border-b last:border-b-0">
                <th scope="row" className="py-1 text-left font-normal">
                  <span className="flex items-center gap-2">
                    {by !== NPC && (
                      <span aria-hidden className="flex">
                        <SideBadge side={by} />
                      </span>
                    )}
                    {shooterWord(by)}
                  </span>
                </th>
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
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  );
}

interface MeasureProps {
  value: number;
  most: number;
  side: string;
}

/** A figure with its bar; what is nothing has neither. */
function Measure({ value, most, side }: MeasureProps) {
  if (value === 0) return <span className="text-muted">–</span>;
  return (
    <span className="flex items-center gap-2" title={count.format(value)}>
      <span className="num w-12 shrink-0 text-right">{compact(value)}</span>
      <span className="h-2 min-w-4 flex-1">
        <Bar part={value / most} side={side} />
      </span>
    </span>
  );
}

/** The same in two lines, with a word about it. */
function Stacked({ value, most, side, word }: MeasureProps & { word?: string }) {
  if (value === 0) return <span className="text-muted">–</span>;
  return (
    <span className="block" title={count.format(value)}>
      <span className="num">{compact(value)}</span>
      {word && <span className="ml-1.5 text-2xs text-muted">{word}</span>}
      <span className="mt-0.5 block h-1.5">
        <Bar part={value / most} side={side} faint={word !== undefined} />
      </span>
    </span>
  );
}

function Bar({ part, side, faint }: { part: number; side: string; faint?: boolean }) {
  return (
    <span
      className={cx("block h-full min-w-px", sideColor(side).bg, faint && "opacity-40")}
      style={{ width: `${100 * part}%` }}
    />
  );
}

const HEAD = "label border-line border-b text-left";

interface ByClassProps {
  side: Side;
  classes: readonly ClassDealt[];
  dealt: ShooterRow["dealt"] | undefined;
}

/** What the classes of one side did, and to whom. */
function ByClass({ side, classes, dealt }: ByClassProps) {
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
          <tr className={HEAD}>
            <th scope="col" className="py-1 font-medium">
              Class
            </th>
            <th scope="col" className="w-[34%] py-1 font-medium @lg:w-[24%]">
              To ships
            </th>
            {columns.length > 1 &&
              columns.map((id) => (
                <th key={id} scope="col" className="hidden py-1 pl-2 text-right font-medium @lg:table-cell">
                  <span className="inline-flex items-center gap-1">
                    to <SideBadge side={id} />
                  </span>
                </th>
              ))}
            {own && (
              <th scope="col" className="py-1 pl-2 text-right font-medium">
                own side
              </th>
            )}
            {structures && (
              <th scope="col" className="py-1 pl-2 text-right font-medium">
                structures
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {classes.map((row) => (
            <tr key={row.key} className="border-line border-b last:border-b-0">
              <th scope="row" className="py-1 pr-2 text-left font-normal">
                {row.label}
              </th>
              <td className="py-1">
                <Measure value={row.dealt.ships} most={most} side={side.id} />
              </td>
              {columns.length > 1 &&
                columns.map((id) => <Figure key={id} value={row.dealt.to.get(id) ?? 0} wide />)}
              {own && <Figure value={row.dealt.to.get(side.id) ?? 0} />}
              {structures && <Figure value={row.dealt.structures} />}
            </tr>
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
function Taken({ side, rows }: { side: Side; rows: readonly DamageTaken[] }) {
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
          <tr className={HEAD}>
            <th scope="col" className="py-1 font-medium">
              Class
            </th>
            <th scope="col" className="w-14 py-1 pr-3 text-right font-medium">
              Lost
            </th>
            <th scope="col" className="w-[40%] py-1 font-medium">
              Damage
            </th>
            <th scope="col" className="w-14 py-1 text-right font-medium">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {ships.map((row) => (
            <tr key={row.class} className="border-line border-b last:border-b-0">
              <th scope="row" className="py-1 pr-2 text-left font-normal">
                {row.class_label}
              </th>
              <td className="num py-1 pr-3 text-right">{count.format(row.lost)}</td>
              <td className="py-1">
                <Measure value={row.damage} most={most} side={side.id} />
              </td>
              <td className="num py-1 text-right text-muted">{formatShare(row.damage, total)}</td>
            </tr>
          ))}
        </tbody>
        {structures.map((row) => (
          <tbody key={row.class}>
            <tr className="text-muted">
              <th scope="row" className="py-1 pr-2 text-left font-normal">
                Structures, apart
              </th>
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
