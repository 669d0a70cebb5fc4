import { ChevronRight } from "lucide-react";
import { useId, useMemo, useState } from "react";
import type { Pilot, Side } from "../../api/model";
import { count, plural } from "../../eve/count";
import { EntityName } from "../../eve-ui/EntityName";
import { Isk } from "../../eve-ui/Isk";
import { entityName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { cx } from "../../ui/cx";
import { MemberCertainty } from "./Certainty";
import { type CorporationRow, type MemberRow, memberTree } from "./memberTree";
import { useShown } from "./shown";

const COLUMNS =
  "grid grid-cols-[minmax(0,1fr)_2.25rem_2rem_3.75rem] items-center gap-x-1.5 pr-3 @md:grid-cols-[minmax(0,1fr)_3rem_2.5rem_4.25rem] @md:gap-x-2";

/** Lists longer than this are shown shortened. */
const SHORT = 10;

/** Heights of a member, and of the button that shows all of them, pixels. */
const ROW = 37;
const MORE = 32;

interface Props {
  side: Side;
  pilots: readonly Pilot[];
}

/** Who stands on a side: alliances with their corporations, and how sure that is. */
export function Members({ side, pilots }: Props) {
  const [all, setAll] = useState(false);
  const rows = useMemo(() => memberTree(side, pilots), [side, pilots]);
  const shown = all ? rows : rows.slice(0, SHORT);
  const { whole, standing } = useShown();
  // In a replay the list has the room it will need.
  const most = whole.sides.find(({ id }) => id === side.id)?.members.length ?? 0;
  const room = standing === "whole" ? 0 : Math.min(SHORT, most) * ROW + (most > SHORT ? MORE : 0);
  return (
    <div className="pb-3">
      <div className={`${COLUMNS} label h-7 border-line border-y pl-3`}>
        <span>Alliances and corporations</span>
        <span className="text-right">Pilots</span>
        <span className="text-right">Lost</span>
        <span className="text-right">ISK lost</span>
      </div>
      <div style={{ minHeight: `${room}px` }}>
        <ul>
          {shown.map((row) => (
            <Row key={`${row.member.entity.type} ${row.member.entity.id}`} row={row} side={side} />
          ))}
        </ul>
        <ShowAll all={all} total={rows.length} onChange={setAll} className="ml-3" />
      </div>
    </div>
  );
}

interface ShowAllProps {
  all: boolean;
  total: number;
  onChange: (all: boolean) => void;
  className?: string;
}

/** Unfolds a list that is longer than its first ten. */
function ShowAll({ all, total, onChange, className }: ShowAllProps) {
  if (total <= SHORT) return null;
  return (
    <button
      type="button"
      aria-expanded={all}
      onClick={() => onChange(!all)}
      className={cx("py-2 text-accent text-xs hover:underline", className)}
    >
      {all ? `Show the first ${SHORT}` : `Show all ${total}`}
    </button>
  );
}

function Row({ row: { member, corporations }, side }: { row: MemberRow; side: Side }) {
  const [open, setOpen] = useState(false);
  const list = useId();
  const { entity } = member;
  return (
    <li className="border-line border-b">
      <div className={`${COLUMNS} h-9 hover:bg-hover`}>
        <div className="flex min-w-0 items-center">
          {corporations.length > 0 ? (
            <button
              type="button"
              aria-expanded={open}
              aria-controls={list}
              aria-label={`Corporations of ${entityName(entity)}`}
              title={plural(corporations.length, "corporation")}
              onClick={() => setOpen(!open)}
              className="grid h-9 w-7 shrink-0 place-items-center text-muted hover:text-text @md:w-9"
            >
              <ChevronRight size={14} aria-hidden className={cx(open && "rotate-90")} />
            </button>
          ) : (
            <span className="w-7 shrink-0 @md:w-9" />
          )}
          <Picture kind={entity.type} id={entity.id} name={entity.name} size={24} className="mr-2" />
          <EntityName entity={entity} ticker link />
          <span className="@md:pl-1">
            <MemberCertainty member={member} side={side} />
          </span>
        </div>
        <span className="num text-right">{count.format(member.pilots)}</span>
        <Lost of={member.ships_lost} />
        <Isk isk={member.isk_lost} className="text-right" />
      </div>
      <div id={list}>{open && <Corporations rows={corporations} />}</div>
    </li>
  );
}

function Corporations({ rows }: { rows: readonly CorporationRow[] }) {
  const [all, setAll] = useState(false);
  return (
    <div className="border-line border-t bg-panel py-1">
      <ul>
        {(all ? rows : rows.slice(0, SHORT)).map((row) => (
          <li key={row.entity.id} className={`${COLUMNS} h-7 text-xs`}>
            <div className="flex min-w-0 items-center gap-2 pl-11">
              <Picture kind="corporation" id={row.entity.id} name={row.entity.name} size={20} />
              <EntityName entity={row.entity} ticker link />
            </div>
            <span className="num text-right">{count.format(row.pilots)}</span>
            <Lost of={row.ships_lost} />
            <Isk isk={row.isk_lost} className="text-right" />
          </li>
        ))}
      </ul>
      <ShowAll all={all} total={rows.length} onChange={setAll} className="ml-11" />
    </div>
  );
}

function Lost({ of }: { of: number }) {
  return <span className={cx("num text-right", of === 0 && "text-muted")}>{count.format(of)}</span>;
}
