import { cx } from "../ui/cx";
import { sideColor, sideLetter, sideWord } from "./sides";

/** The letter of a side on its colour; colour never stands alone. */
export function SideBadge({ side, large }: { side: string; large?: boolean }) {
  return (
    <span
      role="img"
      aria-label={sideWord(side)}
      className={cx(
        "inline-grid shrink-0 place-items-center rounded-sm font-bold text-on-side",
        large ? "size-6 text-sm" : "size-4 text-2xs",
        sideColor(side).bg,
      )}
    >
      {sideLetter(side)}
    </span>
  );
}
