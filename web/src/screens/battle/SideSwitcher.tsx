import type { Side } from "../../api/model";
import { SideBadge } from "../../eve-ui/SideBadge";
import { cx } from "../../ui/cx";
import { sideTitle } from "./derive";

const count = new Intl.NumberFormat("en-US");

interface Props {
  sides: readonly Side[];
  /** Whether a side is in view. */
  shown: (side: Side) => boolean;
  onChoose: (side: Side) => void;
  /** Letter and pilots alone, for narrow windows. */
  short?: boolean;
}

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
  return (
    <fieldset className="flex min-w-0 gap-1 overflow-x-auto p-0.5">
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
            "num flex h-8 min-w-13 items-center justify-center gap-1.5 rounded-md border px-2 text-xs",
            short ? "flex-1" : "max-w-64",
            shown(side)
              ? "border-line-strong bg-raised font-semibold"
              : "border-line text-muted hover:border-line-strong hover:text-text",
          )}
        >
          <SideBadge side={side.id} />
          {!short && <span className="truncate">{sideTitle(side)}</span>}
          <span className={short ? "" : "font-normal text-muted"}>{count.format(side.pilots)}</span>
        </button>
      ))}
    </fieldset>
  );
}
