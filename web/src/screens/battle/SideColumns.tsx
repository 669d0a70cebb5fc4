import { useState } from "react";
import type { Side } from "../../api/model";
import { SideBadge } from "../../eve-ui/SideBadge";
import { sideColor, sideWord } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";
import { useWide } from "../../ui/useWide";
import { sideTitle, splitSides } from "./derive";

const count = new Intl.NumberFormat("en-US");

interface Props {
  sides: readonly Side[];
  /** What stands in a side's column, under its head. */
  children: (side: Side) => React.ReactNode;
}

/**
 * The sides beside each other: two as columns, more in a row that scrolls
 * sideways and snaps, and one at a time on a narrow window. Whoever was merely
 * there stands below. Whoever is on no side
 * stands below.
 */
export function SideColumns({ sides, children }: Props) {
  const wide = useWide("md");
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = sides.find((side) => side.id === chosen) ?? sides[0];

  if (!wide) {
    return (
      <div>
        <fieldset className="flex gap-1 overflow-x-auto p-3">
          <legend className="sr-only">Side shown</legend>
          {sides.map((side) => (
            <button
              key={side.id}
              type="button"
              aria-pressed={side === shown}
              onClick={() => setChosen(side.id)}
              className={cx(
                "num flex h-9 min-w-0 flex-1 items-center justify-center gap-2 rounded-md border px-2",
                side === shown ? "border-line-strong bg-raised font-semibold" : "border-line text-muted",
              )}
            >
              <SideBadge side={side.id} />
              {count.format(side.pilots)}
            </button>
          ))}
        </fieldset>
        {shown && <Column side={shown}>{children(shown)}</Column>}
      </div>
    );
  }

  const { major, minor } = splitSides(sides);
  return (
    <>
      {minor.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-4 border-line border-b px-3 py-1.5 text-muted text-xs">
          Also there, below:
          {minor.map((side) => (
            <button
              key={side.id}
              type="button"
              onClick={() => document.getElementById(anchor(side))?.scrollIntoView()}
              className="flex items-center gap-1.5 text-accent hover:underline"
            >
              <SideBadge side={side.id} />
              {sideTitle(side)}, {count.format(side.pilots)} {side.pilots === 1 ? "pilot" : "pilots"}
            </button>
          ))}
        </p>
      )}
      <div className={cx(major.length > 2 && "snap-x overflow-x-auto")}>
        <div className="grid" style={{ gridTemplateColumns: `repeat(${major.length}, minmax(24rem, 1fr))` }}>
          {major.map((side) => (
            <Column key={side.id} side={side}>
              {children(side)}
            </Column>
          ))}
        </div>
      </div>
      <div className="grid md:grid-cols-2">
        {minor.map((side) => (
          <Column key={side.id} side={side}>
            {children(side)}
          </Column>
        ))}
      </div>
    </>
  );
}

const anchor = (side: Side) => `side-${side.id}`;

function Column({ side, children }: { side: Side; children: React.ReactNode }) {
  return (
    <section
      id={anchor(side)}
      aria-label={sideWord(side.id)}
      className="min-w-0 snap-start border-line md:not-first:border-l"
    >
      <div className={cx("border-t-2", sideColor(side.id).border)}>{children}</div>
    </section>
  );
}
