import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Side } from "../../api/model";
import { Picture } from "../../eve-ui/Picture";
import { SideBadge } from "../../eve-ui/SideBadge";
import { sideColor, sideWord, UNASSIGNED } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";
import { useWide } from "../../ui/useWide";
import { sideTitle, splitSides } from "./derive";
import { SideSwitcher } from "./SideSwitcher";
import { useView } from "./view";

const count = new Intl.NumberFormat("en-US");

/** No column is narrower than this, in pixels; what does not fit is scrolled to. */
const COLUMN = 384;

/** What sticks above the heads of the sides ends here; the page may stick more than its tabs. */
const STUCK = "var(--stuck, calc(var(--head) + 2.5625rem))";

interface Props {
  sides: readonly Side[];
  /** What stands in a side's column. */
  children: (side: Side) => React.ReactNode;
  /** What stands at the right of a side's head, which stays in view. */
  note?: (side: Side) => React.ReactNode;
  /** A line under the heads that stays in view with them; it says where in the list one is. */
  line?: (side: Side) => React.ReactNode;
}

/**
 * The sides beside each other under heads that stay in view: the large ones
 * share the window, what does not fit is scrolled to sideways or chosen by the
 * switcher. On a narrow window one side at a time.
 */
export function SideColumns({ sides, children, note, line }: Props) {
  const wide = useWide("md");
  const [view, change] = useView();
  if (wide) return <Row sides={sides} note={note} line={line} body={children} />;

  const shown = sides.find((side) => side.id === view.show) ?? sides[0];
  if (!shown) return null;
  return (
    <section aria-label={sideWord(shown.id)}>
      <Head side={shown} note={note} />
      <div className="sticky z-10 border-line border-b bg-ground" style={{ top: STUCK }}>
        {sides.length > 1 && (
          <div className="px-3 py-1.5">
            <SideSwitcher
              sides={sides}
              shown={(side) => side === shown}
              onChoose={(side) => change({ show: side.id })}
              short
            />
          </div>
        )}
        {line?.(shown)}
      </div>
      <div className="@container min-w-0">{children(shown)}</div>
    </section>
  );
}

interface RowProps extends Omit<Props, "children"> {
  body: Props["children"];
}

function Row({ sides, note, line, body }: RowProps) {
  const [view, change] = useView();
  const heads = useRef<HTMLDivElement>(null);
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
  return (
    <>
      <div className="sticky z-10 border-line border-b bg-ground" style={{ top: STUCK }}>
        {!fits && (
          <div className="border-line border-b px-3 py-1.5">
            <SideSwitcher sides={ordered} shown={(side) => inView(ordered.indexOf(side))} onChoose={choose} />
          </div>
        )}
        <div ref={heads} className="relative overflow-hidden" style={grid}>
          {ordered.map((side) => (
            <div key={side.id} className="min-w-0 border-line not-first:border-l">
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
            {body(side)}
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

/** Who the side is, in one line under its colour. */
function Head({ side, note }: { side: Side; note: Props["note"] }) {
  const lead = side.members[0]?.entity;
  const others = side.members.length - 1;
  const none = side.id === UNASSIGNED;
  return (
    <div className={cx("flex h-13 min-w-0 items-center gap-2.5 border-t-2 px-3", sideColor(side.id).border)}>
      <SideBadge side={side.id} large />
      {lead && !none && <Picture kind={lead.type} id={lead.id} name={lead.name} size={32} />}
      <h2 className="min-w-0 flex-1">
        <span className="block truncate font-semibold text-lg" title={sideTitle(side)}>
          {sideTitle(side)}
        </span>
        <span className="num block truncate text-2xs text-muted">
          {none
            ? "nobody could place them"
            : others > 0
              ? `and ${others} other${others === 1 ? "" : "s"}`
              : "alone"}
          {" · "}
          {count.format(side.pilots)} {side.pilots === 1 ? "pilot" : "pilots"}
          {side.third_party && " · third party"}
        </span>
      </h2>
      {note?.(side)}
    </div>
  );
}
