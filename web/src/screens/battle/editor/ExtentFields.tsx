import { useId } from "react";
import { plural } from "../../../eve/count";
import { eveWindow } from "../../../eve/time";
import { FaultText } from "../../reports/FaultText";

/** The part of the battle that its timeline shows. */
export interface ShownPart {
  killmails: readonly number[];
  from: Date;
  to: Date;
}

interface Props {
  /** null when the timeline shows the whole. */
  part: ShownPart | null;
  split: boolean;
  onSplit: (split: boolean) => void;
  /** Id of a battle or a link to it, as typed. */
  merge: string;
  onMerge: (merge: string) => void;
  /** What was typed is neither. */
  odd: boolean;
}

/** What belongs to the battle: a part that leaves it, another battle that is one with it. */
export function ExtentFields({ part, split, onSplit, merge, onMerge, odd }: Props) {
  const id = useId();
  return (
    <>
      {part ? (
        <label className="mt-3 flex items-start gap-2 text-xs">
          <input
            type="checkbox"
            checked={split}
            onChange={(event) => onSplit(event.target.checked)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span>
            Split off the {plural(part.killmails.length, "kill")} of the time shown,{" "}
            <span className="num">{eveWindow(part.from, part.to)}</span>: they become a battle of their own
          </span>
        </label>
      ) : (
        <p className="mt-3 text-muted text-xs">To split the battle, draw the part on the timeline first.</p>
      )}
      <label htmlFor={id} className="label mt-3 block">
        Merge with another battle
      </label>
      <input
        id={id}
        value={merge}
        onChange={(event) => onMerge(event.target.value)}
        placeholder="Its id, or link"
        autoComplete="off"
        aria-invalid={odd}
        aria-describedby={`${id}-odd`}
        className="mt-1 block h-8 w-full rounded-md border border-line bg-panel px-2"
      />
      <div id={`${id}-odd`} aria-live="polite" className="mt-1">
        {odd && (
          <FaultText
            fault={{ message: `“${merge.trim()}” is no battle.`, hint: "Give its id, or its link." }}
          />
        )}
      </div>
    </>
  );
}
