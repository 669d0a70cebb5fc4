import type { Entity } from "../../../api/model";
import { entityName } from "../../../eve-ui/names";
import { sideLetter, UNASSIGNED } from "../../../eve-ui/sides";
import { cx } from "../../../ui/cx";

interface Props {
  entity: Entity;
  value: string;
  /** Ids of all sides there are to choose from. */
  sides: readonly string[];
  onChange: (side: string) => void;
  /** Says which keys there are. */
  describedBy?: string;
  onKeyDown?: (event: React.KeyboardEvent) => void;
  className?: string;
}

/** The menu of sides of one party; a letter chooses. */
export function SideSelect({ entity, value, sides, onChange, describedBy, onKeyDown, className }: Props) {
  return (
    <select
      aria-label={`Side of ${entityName(entity)}`}
      aria-describedby={describedBy}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
      className={cx("h-7 w-12 shrink-0 rounded-sm border border-line bg-ground px-0.5", className)}
    >
      {sides.map((side) => (
        <option key={side} value={side} aria-label={side === UNASSIGNED ? "no side" : undefined}>
          {sideLetter(side)}
        </option>
      ))}
    </select>
  );
}
