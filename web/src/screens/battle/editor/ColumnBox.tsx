import { plural } from "../../../eve/count";
import { Isk } from "../../../eve-ui/Isk";
import { SideBadge } from "../../../eve-ui/SideBadge";
import { UNASSIGNED } from "../../../eve-ui/sides";
import { cx } from "../../../ui/cx";
import type { Column } from "./columns";

interface Props {
  column: Column;
  /** Something is dragged above it. */
  over: boolean;
  children: React.ReactNode;
}

/** One side as a place to drop on, with its figures as computed. */
export function ColumnBox({ column: { id, side, members }, over, children }: Props) {
  const none = id === UNASSIGNED;
  const empty = members.length === 0;
  return (
    <fieldset
      data-drop={id}
      aria-label={none ? "No side" : `Side ${id}`}
      className={cx(
        "flex min-w-0 snap-start flex-col rounded-md border bg-panel",
        over ? "border-accent bg-raised" : "border-line",
        empty && !over && "border-dashed bg-transparent",
      )}
    >
      <h3
        className={cx(
          "flex h-9 items-center gap-2 px-2 text-xs",
          !empty && "border-line border-b",
          empty && "justify-center",
        )}
      >
        <SideBadge side={id} />
        {(none || !empty) && (
          <span className="truncate font-semibold">{none ? "No side" : `Side ${id}`}</span>
        )}
        {!empty && side && (
          <span className="num ml-auto truncate font-normal text-muted">
            {plural(side.pilots, "pilot")} · lost <Isk isk={side.isk_lost} />
          </span>
        )}
      </h3>
      {empty ? (
        <p className="sr-only">Nobody</p>
      ) : (
        <ul className="max-h-77 flex-1 overflow-y-auto overscroll-contain">{children}</ul>
      )}
    </fieldset>
  );
}
