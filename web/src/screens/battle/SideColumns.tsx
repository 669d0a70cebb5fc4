import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Side } from "../../api/model";
import { count, plural } from "../../eve/count";
import { Isk } from "../../eve-ui/Isk";
import { Picture } from "../../eve-ui/Picture";
import { SideBadge } from "../../eve-ui/SideBadge";
import { sideColor, sideWord, UNASSIGNED } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";
import { useUnder } from "../../ui/useUnder";
import { useWide } from "../../ui/useWide";
import { sideTitle, splitSides } from "./derive";
import { Efficiency } from "./SideHead";
import { SideSwitcher } from "./SideSwitcher";
import { useView } from "./view";

/** No column is narrower than this, in pixels; what does not fit is scrolled to. */
const COLUMN = 352;

/** What sticks above the heads of the sides ends here; the page may stick more than its tabs. */
const STUCK = "var(--stuck, calc(var(--head) + 2.5625rem))";

interface Props {
  sides: readonly Side[];
  /** What stands in a side's column. */
  children: (side: Side) => React.ReactNode;
  /** A figure more in a side's head, where there is room. */
  note?: (side: Side) => React.ReactNode;
  /** A line under the heads that stays in view with them; it says where in the list one is. */
  line?: (side: Side) => React.ReactNode;
}

/** Names a side on its button where there are no more of them than this. */
const NAMED = 4;

/**
 * The sides beside each other under heads that stay in view: the large ones
 * share the window, what does not fit is scrolled to sideways or chosen by the
 * switcher. On a narrow window one side at a time.
 */
export function SideColumns(props: Props) {
  return useWide("md") ? <Row {...props} /> : <One {...props} />;
}

/** The side that is chosen, for narrow windows. */
function One({ sides, children, note, line }: Props) {
  const [view, change] = useView();
  const still = useRef<HTMLDivElement>(null);
  useUnder(still);
  const shown = sides.find((side) => side.id === view.show) ?? sides[0];
  if (!shown) return null;
  return (
    <section aria-label={sideWord(shown.id)}>
      <Head side={shown} note={note} />
      <div ref={still} className="sticky z-10 border-line border-b bg-ground" style={{ top: STUCK }}>
        {sides.length > 1 && (
          <div className="px-2 py-0.5">
            <SideSwitcher
              sides={sides}
              shown={(side) => side === shown}
              onChoose={(side) => change({ show: side.id })}
              short={sides.length <= NAMED ? "named" : "letters"}
            />
          </div>
        )}
        {line?.(shown)}
      </div>
      <div className="@container min-w-0">{children(shown)}</div>
    </section>
  );
}

function Row({ sides, note, line, children }: Props) {
  const [view, change] = useView();
  const heads = useRef<HTMLDivElement>(null);
  const still = useRef<HTMLDivElement>(null);
  useUnder(still);
  const columns = useRef<HTMLDivElement>(null);
  const [{ width, left }, setPlace] = useState({ width: 0, left: 0 });
  const { major, minor } = splitSides(sides);
  const ordered = [...major, ...minor];

  const look = useCallback(() => {
    const box = columns.current;
    if (!box) return;
    if (heads.current) heads.current.scrollLeft = box.scrollLeft;
    setPlace((before) =>
      before.width === box.clientWidth && before.left === box.scrollLeft
        ? before
        : { width: box.clientWidth, left: box.scrollLeft },
    );
  }, []);
  useLayoutEffect(() => {
    if (!columns.current) return;
    look();
    const observer = new ResizeObserver(look);
    observer.observe(columns.current);
    return () => observer.disconnect();
  }, [look]);

  // The side of the address is in view when the page opens, without a ride.
  const first = useRef(view.show);
  useEffect(() => {
    if (first.current) scrollToSide(columns.current, first.current, "instant");
  }, []);

  const share = Math.max(COLUMN, Math.floor(width / Math.max(1, major.length)));
  const sizes = ordered.map((_, i) => (i < major.length ? share : COLUMN));
  const fits = sizes.reduce((sum, size) => sum + size, 0) <= width + major.length;
  // Those that carry the battle do not fit: the way between them stays in view as well.
  const crowded = share * major.length > width + major.length;
  const template = ordered
    .map((_, i) => (i < major.length ? `max(${COLUMN}px, ${100 / major.length}%)` : `${COLUMN}px`))
    .join(" ");
  const inView = (index: number) => {
    const start = sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
    const seen = Math.min(start + (sizes[index] ?? 0), left + width) - Math.max(start, left);
    return seen >= (sizes[index] ?? 0) / 2;
  };

  const choose = (side: Side) => {
    change({ show: side.id });
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollToSide(columns.current, side.id, still ? "instant" : "smooth");
  };
  const grid = { display: "grid", gridTemplateColumns: template };
  const switcher = !fits && (
    <div className="border-line border-b px-3 py-0.5">
      <SideSwitcher sides={ordered} shown={(side) => inView(ordered.indexOf(side))} onChoose={choose} />
    </div>
  );
  return (
    <>
      {!crowded && switcher}
      <div ref={still} className="sticky z-10 border-line border-b bg-ground" style={{ top: STUCK }}>
        {crowded && switcher}
        <div ref={heads} className="relative overflow-hidden" style={grid}>
          {ordered.map((side) => (
            <div key={side.id} className="@container min-w-0 border-line not-first:border-l">
              <Head side={side} note={note} />
              {line?.(side)}
            </div>
          ))}
        </div>
      </div>
      <div
        ref={columns}
        onScroll={look}
        {...(fits ? {} : { tabIndex: 0, role: "group", "aria-label": "Sides, scrolls sideways" })}
        className={cx("relative", fits ? "overflow-x-clip" : "snap-x overflow-x-auto")}
        style={grid}
      >
        {ordered.map((side) => (
          <section
            key={side.id}
            data-side={side.id}
            aria-label={sideWord(side.id)}
            className="@container min-w-0 snap-start border-line not-first:border-l"
          >
            {children(side)}
          </section>
        ))}
      </div>
    </>
  );
}

/** Scrolls sideways alone; scrollIntoView would move the page as well. */
function scrollToSide(columns: HTMLElement | null, side: string, behavior: ScrollBehavior): void {
  const column = columns?.querySelector<HTMLElement>(`[data-side="${CSS.escape(side)}"]`);
  if (columns && column) columns.scrollTo({ left: column.offsetLeft - columns.offsetLeft, behavior });
}

/** Who the side is and how it did, in one line under its colour. */
function Head({ side, note }: { side: Side; note: Props["note"] }) {
  const lead = side.members[0]?.entity;
  const others = side.members.length - 1;
  const none = side.id === UNASSIGNED;
  return (
    <div
      className={cx(
        "flex h-10 min-w-0 items-center gap-2 overflow-hidden border-t-2 px-3",
        sideColor(side.id).border,
      )}
    >
      <SideBadge side={side.id} />
      {lead && !none && <Picture kind={lead.type} id={lead.id} name={lead.name} size={24} />}
      <h2 className="flex min-w-0 items-baseline gap-1.5" title={headTitle(side)}>
        <span className="truncate font-semibold text-lg">{sideTitle(side)}</span>
        {others > 0 && !none && (
          <span className="num shrink-0 text-muted text-xs">
            +{others}
            <span className="sr-only"> others</span>
          </span>
        )}
      </h2>
      <span className="num shrink-0 text-muted text-xs">
        {count.format(side.pilots)}
        <span className="max-sm:sr-only"> {side.pilots === 1 ? "pilot" : "pilots"}</span>
        {side.third_party && <span className="hidden @lg:inline"> · third party</span>}
      </span>
      <div className="ml-auto flex shrink-0 items-center gap-3">
        {note && <span className="hidden @xl:inline">{note(side)}</span>}
        <Isk isk={side.isk_lost} sense="lost" className="text-xs" />
        <Efficiency side={side} />
      </div>
    </div>
  );
}

/** What the head says in few words, in more. */
function headTitle(side: Side): string {
  if (side.id === UNASSIGNED) return "Nobody could place them";
  const others = side.members.length - 1;
  const company = others > 0 ? ` and ${plural(others, "other")}` : ", alone";
  return `${sideTitle(side)}${company}${side.third_party ? "; fought both large sides" : ""}`;
}
