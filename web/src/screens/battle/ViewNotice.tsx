import { eveClock } from "../../eve/time";
import type { Shown } from "./shown";

interface Props {
  window: Shown["window"];
  onWhole: () => void;
  /** The moment of a replay before its end; null otherwise. */
  cursor: number | null;
  onEnd: () => void;
}

/** Says that the figures below are not those of the whole battle, and which they are. */
export function ViewNotice({ window, onWhole, cursor, onEnd }: Props) {
  if (!window && cursor === null) return null;
  return (
    <div role="note" className="flex flex-wrap gap-x-6 border-line border-b bg-panel px-3 py-1.5 text-xs">
      {window && (
        <p>
          Only from <b className="num">{eveClock(new Date(window.from))}</b> to{" "}
          <b className="num">{eveClock(new Date(window.to))}</b> EVE: every figure below counts these
          killmails alone.{" "}
          <button type="button" onClick={onWhole} className="text-accent hover:underline">
            Show the whole battle
          </button>
        </p>
      )}
      {cursor !== null && (
        <p>
          Replay, as it stood at <b className="num">{eveClock(new Date(cursor))}</b> EVE: losses so far,
          pilots seen so far. Fielded hulls are those of the whole; damage and kills are known only for the
          whole.{" "}
          <button type="button" onClick={onEnd} className="text-accent hover:underline">
            End the replay
          </button>
        </p>
      )}
    </div>
  );
}
