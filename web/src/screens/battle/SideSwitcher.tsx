import { useLayoutEffect, useRef } from "react";
import type { Side } from "../../api/model";
import { count } from "../../eve/count";
import { SideBadge } from "../../eve-ui/SideBadge";
import { cx } from "../../ui/cx";
import { sideTitle } from "./derive";

interface Props {
  sides: readonly Side[];
  /** Whether a side is in view. */
  shown: (side: Side) => boolean;
  onChoose: (side: Side) => void;
  /** For narrow windows: letter and pilots, and the name of the one that is shown or none. */
  short?: "named" | "letters";
}

/** Part of the next button that shows that there is one, pixels. */
const EDGE = 24;

/** The way each arrow key leads. */
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** Chooses the side looked at; the arrows go from side to side, Home and End to the ends. */
export function SideSwitcher({ sides, shown, onChoose, short }: Props) {
  const press = (event: React.KeyboardEvent<HTMLButtonElement>, index: number) => {
    const step = STEPS[event.key];
    const to =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? sides.length - 1
          : step === undefined
            ? null
            : (index + step + sides.length) % sides.length;
    const side = to === null ? undefined : sides[to];
    if (to === null || !side) return;
    // The page's own arrows must not act as well.
    event.preventDefault();
    event.stopPropagation();
    const buttons = event.currentTarget.parentElement?.querySelectorAll("button");
    buttons?.[to]?.focus();
    onChoose(side);
  };
  const box = useRef<HTMLFieldSetElement>(null);
  const first = sides.findIndex(shown);
  // What is shown is in view among the buttons, too; the page itself stays where it is.
  useLayoutEffect(() => {
    const button = box.current?.querySelectorAll("button")[first];
    if (!button || !box.current) return;
    const { scrollLeft: left, clientWidth: width } = box.current;
    const [start, end] = [button.offsetLeft - EDGE, button.offsetLeft + button.offsetWidth + EDGE];
    if (start < left) box.current.scrollLeft = start;
    else if (end > left + width) box.current.scrollLeft = end - width;
  }, [first]);
  return (
    <fieldset ref={box} className="relative flex min-w-0 gap-1 overflow-x-auto p-0.5">
      <legend className="sr-only">Side shown</legend>
      {sides.map((side, index) => (
        <button
          key={side.id}
          type="button"
          aria-pressed={shown(side)}
          onClick={() => onChoose(side)}
          onKeyDown={(event) => press(event, index)}
          title={sideTitle(side)}
          className={cx(
            "num flex h-8 min-w-11 items-center justify-center gap-1.5 rounded-md border px-1.5 text-xs sm:px-2",
            short ? (short === "named" && shown(side) ? "min-w-0 flex-[4]" : "shrink-0 grow") : "max-w-64",
            shown(side)
              ? "border-line-strong bg-raised font-semibold"
              : "border-line text-muted hover:border-line-strong hover:text-text",
          )}
        >
          <SideBadge side={side.id} />
          {(!short || (short === "named" && shown(side))) && (
            <span className="truncate">{sideTitle(side)}</span>
          )}
          <span className={short === "letters" ? "" : "font-normal text-muted"}>
            {count.format(side.pilots)}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
