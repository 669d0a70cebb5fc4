import { Search } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { BattleDetail, Side } from "../../api/model";
import { plural } from "../../eve/count";
import { Behind } from "../../ui/Behind";
import { Spoken } from "../../ui/Spoken";
import { Toggle } from "../../ui/Toggle";
import { WindowList } from "../../ui/WindowList";
import { followScroll } from "../../ui/windowScroll";
import { type PilotRow, sideTitle } from "./derive";
import { CLASS_HEIGHT, ClassLine, PILOT_HEIGHT, PilotLine } from "./PilotLine";
import { type ClassStart, classAt, classStarts, dearestLosses, narrowed, orderedPilots } from "./pilotList";
import { SideColumns } from "./SideColumns";
import { PILOT_ORDERS, type PilotOrder, useView } from "./view";

const keyOf = (row: PilotRow) => row.key;
const heightOf = (row: PilotRow) => (row.type === "class" ? CLASS_HEIGHT : PILOT_HEIGHT);

/** How many were found is told to those who listen at most so often, milliseconds. */
const TELL_MS = 2_000;

const ORDER_WORDS: Record<PilotOrder, string> = {
  class: "Class",
  damage: "Damage",
  kills: "Kills",
  isk: "ISK lost",
};

/** Every pilot, by side: under hull classes in players' order, or by what they did. */
export function Involved({ battle }: { battle: BattleDetail }) {
  const [view, change] = useView();
  const [typed, setTyped] = useState(view.q);
  // Deferred, so that keys and switches answer before the list does.
  const needle = useDeferredValue(typed.trim().toLowerCase());
  const by = useDeferredValue(view.by);
  const lost = useDeferredValue(view.lost);
  const bySide = useMemo(() => {
    const found = narrowed(battle.pilots, needle, lost);
    return new Map(
      battle.sides.map((side) => [
        side.id,
        orderedPilots(
          found.filter((pilot) => pilot.side === side.id),
          by,
        ),
      ]),
    );
  }, [battle.pilots, battle.sides, needle, lost, by]);
  const starts = useMemo(
    () => new Map([...bySide].map(([id, rows]) => [id, classStarts(rows, heightOf)])),
    [bySide],
  );
  const losses = useMemo(() => dearestLosses(battle.killmails), [battle.killmails]);
  const shown = [...bySide.values()].flat().filter((row) => row.type === "pilot").length;
  const words = plural(shown, "pilot");
  const searched = needle !== "" || lost;

  // The address follows the field a little later, so that typing stays quick.
  const written = useRef(view.q);
  useEffect(() => {
    const timer = setTimeout(() => {
      const q = typed.trim();
      if (q === written.current) return;
      written.current = q;
      change({ q });
    }, 300);
    return () => clearTimeout(timer);
  }, [typed, change]);

  const line =
    by === "class"
      ? (side: Side) => <ClassInView side={side} starts={starts.get(side.id) ?? []} />
      : undefined;
  return (
    <>
      <search className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b px-3 py-2">
        <span className="relative max-sm:w-full">
          <Search size={14} aria-hidden className="absolute top-2.25 left-2 text-muted" />
          <input
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            placeholder="Pilot, corporation, ship"
            aria-label="Search pilots, corporations, alliances and ships of this battle"
            className="h-8 w-full rounded-md border border-line bg-panel pr-2 pl-7 sm:w-64"
          />
        </span>
        <fieldset className="flex items-center gap-1">
          <legend className="sr-only">Order</legend>
          <span className="label mr-1 max-sm:hidden" aria-hidden>
            Order
          </span>
          {PILOT_ORDERS.map((order) => (
            <Toggle key={order} pressed={view.by === order} onChange={() => change({ by: order })}>
              {ORDER_WORDS[order]}
            </Toggle>
          ))}
        </fieldset>
        <Toggle pressed={view.lost} onChange={(only) => change({ lost: only })}>
          Losses only
        </Toggle>
        <output aria-live="off" className="num ml-auto text-muted text-xs">
          {words}
        </output>
        <Spoken text={searched ? words : ""} every={TELL_MS} />
      </search>
      <Behind old={by !== view.by || lost !== view.lost}>
        <SideColumns sides={battle.sides} line={line}>
          {(side: Side) => {
            const rows = bySide.get(side.id) ?? [];
            if (rows.length === 0) return <Nobody searched={searched} />;
            return (
              <div data-pilots={side.id} style={line && { marginTop: -CLASS_HEIGHT }}>
                <WindowList
                  key={side.id}
                  items={rows}
                  keyOf={keyOf}
                  rowHeight={heightOf}
                  label={`Pilots of ${sideTitle(side)}`}
                  headroom={200}
                  anchored
                >
                  {(row, index) =>
                    row.type === "class" ? (
                      <ClassLine row={row} />
                    ) : (
                      <PilotLine
                        pilot={row.pilot}
                        side={side}
                        loss={losses.get(row.pilot.character?.id ?? 0)}
                        rank={by === "class" ? undefined : index + 1}
                      />
                    )
                  }
                </WindowList>
              </div>
            );
          }}
        </SideColumns>
      </Behind>
    </>
  );
}

function Nobody({ searched }: { searched: boolean }) {
  return (
    <p className="px-3 py-6 text-muted">
      {searched ? "Nobody here matches." : "No pilots are known of this side."}
    </p>
  );
}

/**
 * The class whose pilots are in view, under the head of its side: it lies over
 * the list's own heading until the next one comes. A column that scrolls sideways
 * cannot hold its headings itself.
 */
function ClassInView({ side, starts }: { side: Side; starts: readonly ClassStart[] }) {
  const line = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<ClassStart | null>(null);
  useEffect(() => {
    const look = () => {
      const list = document.querySelector(`[data-pilots="${CSS.escape(side.id)}"]`);
      const edge = line.current?.getBoundingClientRect();
      if (!list || !edge) return;
      setAt(classAt(starts, Math.max(0, edge.top - list.getBoundingClientRect().top)));
    };
    look();
    return followScroll(look);
  }, [side.id, starts]);
  return (
    <div
      ref={line}
      data-class-in-view
      aria-hidden
      className="border-line border-t bg-raised"
      style={{ height: CLASS_HEIGHT }}
    >
      {at && <ClassLine row={at.row} still />}
    </div>
  );
}
