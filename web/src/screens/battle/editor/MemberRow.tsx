import { GripVertical, Undo2 } from "lucide-react";
import type { Member, Side } from "../../../api/model";
import { count, plural } from "../../../eve/count";
import { EntityName } from "../../../eve-ui/EntityName";
import { entityName } from "../../../eve-ui/names";
import { Picture } from "../../../eve-ui/Picture";
import { sideWord } from "../../../eve-ui/sides";
import { cx } from "../../../ui/cx";
import { MemberCertainty } from "../Certainty";
import { keyOf, movable } from "./overrides";
import { SideSelect } from "./SideSelect";

interface Props {
  member: Member;
  /** Where it stood when the figures were computed; the evidence is for that. */
  computed: Side;
  /** Where it stands now. */
  on: string;
  sides: readonly string[];
  /** Where it would stand; null while it was not moved by hand. */
  home: string | null;
  dragged: boolean;
  keysId: string;
  onGrab: (event: React.PointerEvent) => void;
  onMove: (side: string) => void;
  onPutBack: () => void;
  onKeyDown: (event: React.KeyboardEvent) => void;
}

/** One member of a side: who, how many, how sure, and where else it could go. */
export function MemberRow(props: Props) {
  const { member, computed, on, sides, home, dragged, keysId, onGrab, onMove, onPutBack, onKeyDown } = props;
  const { entity } = member;
  const free = movable(entity);
  return (
    <li
      data-member={keyOf(entity)}
      className={cx(
        "flex h-9 items-center gap-1.5 border-line border-b pr-1",
        home !== null && "bg-raised",
        dragged && "opacity-40",
      )}
    >
      {free ? (
        <span
          aria-hidden
          onPointerDown={onGrab}
          title="Drag to another side"
          className="grid h-9 w-6 shrink-0 cursor-grab touch-none place-items-center text-muted hover:text-text active:cursor-grabbing"
        >
          <GripVertical size={14} />
        </span>
      ) : (
        <span className="w-6 shrink-0" />
      )}
      <Picture kind={entity.type} id={entity.id} name={entity.name} size={24} />
      <span className="min-w-0 flex-1 leading-tight">
        <EntityName entity={entity} className="block" />
        {home !== null && <span className="block truncate text-2xs text-accent">was {placeWord(home)}</span>}
      </span>
      <MemberCertainty member={member} side={computed} />
      <span className="num min-w-6 text-right text-xs" title={plural(member.pilots, "pilot")}>
        {count.format(member.pilots)}
      </span>
      {home !== null && (
        <button
          type="button"
          onClick={onPutBack}
          aria-label={`Put ${entityName(entity)} back`}
          title={`Put back to ${placeWord(home)}`}
          className="grid size-7 shrink-0 place-items-center rounded-sm text-muted hover:bg-hover hover:text-text"
        >
          <Undo2 size={14} aria-hidden />
        </button>
      )}
      {free ? (
        <SideSelect
          entity={entity}
          value={on}
          sides={sides}
          onChange={onMove}
          describedBy={keysId}
          onKeyDown={onKeyDown}
        />
      ) : (
        <span
          className="w-12 text-center text-2xs text-muted"
          title="NPCs stay: they have no side of their own"
        >
          NPC
        </span>
      )}
    </li>
  );
}

/** "side A", or "no side". */
export function placeWord(side: string): string {
  return side.length === 1 ? sideWord(side).toLowerCase().replace(/.$/, side) : "no side";
}
