import { Link2, RotateCcw, X } from "lucide-react";
import { useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { BattleDetail, Entity, Member, Side } from "../../../api/model";
import { type ReportSource, useReport, wholeReport } from "../../../api/queries/report";
import { entityName } from "../../../eve-ui/names";
import { Button } from "../../../ui/Button";
import { copyLink } from "../../../ui/copy";
import { cx } from "../../../ui/cx";
import { useShown } from "../shown";
import { ColumnBox } from "./ColumnBox";
import { CorrectionPanel } from "./CorrectionPanel";
import { type Column, columnsOf } from "./columns";
import { Excluded } from "./Excluded";
import type { ShownPart } from "./ExtentFields";
import { Finder } from "./Finder";
import { MemberRow, placeWord } from "./MemberRow";
import { groundOf, keyOf, move, parseSides, sideOf, writeSides } from "./overrides";
import { Unmet } from "./Unmet";
import { useDrag } from "./useDrag";

/** Moves members between sides; what was moved is in the address, and the server computes the rest. */
export function Editor({ onClose }: { onClose: () => void }) {
  const { source: shown, whole, change } = useShown();
  const source = useMemo(() => wholeReport(shown), [shown]);
  const found = useReport(useMemo(() => asFound(source), [source]));
  const { isPlaceholderData: busy } = useReport(source);
  const { data: view } = useReport(shown);
  const overrides = useMemo(() => parseSides(source.query.side ?? []), [source]);
  const sides = found.data?.sides ?? whole.sides;
  const ground = useMemo(() => groundOf(sides, whole.pilots), [sides, whole.pilots]);
  const columns = useMemo(() => columnsOf(whole.sides, overrides, ground), [whole.sides, overrides, ground]);
  const letters = useMemo(() => columns.map(({ id }) => id), [columns]);
  const computed = useMemo(() => computedSides(whole.sides), [whole.sides]);

  const box = useRef<HTMLDivElement>(null);
  const keysId = useId();
  const [said, setSaid] = useState("");
  const [focus, setFocus] = useState<{ key: string; side: string } | null>(null);

  const put = (entity: Entity, side: string) => {
    const key = keyOf(entity);
    const from = sideOf(key, overrides, ground);
    if (side === from) return;
    const next = move(overrides, key, side, ground);
    change({ side: writeSides(next) });
    setSaid(
      `${entityName(entity)} moved from ${placeWord(from)} to ${placeWord(side)}. ${movedWords(next.size)}`,
    );
  };
  const putBack = (entity: Entity) => {
    const next = new Map(overrides);
    next.delete(keyOf(entity));
    put(entity, sideOf(keyOf(entity), next, ground));
  };
  const reset = () => {
    change({ side: undefined });
    setSaid("Everybody is back where the killmails put them.");
  };

  // A member that moved is another element; whoever moved it by key stays with it.
  useLayoutEffect(() => {
    if (!focus || sideOf(focus.key, overrides, ground) !== focus.side) return;
    box.current?.querySelector<HTMLElement>(`[data-member="${focus.key}"] select`)?.focus();
    setFocus(null);
  }, [focus, overrides, ground]);
  const putByKey = (entity: Entity, side: string) => {
    setFocus({ key: keyOf(entity), side });
    put(entity, side);
  };
  const pressed = (event: React.KeyboardEvent, column: Column, member: Member) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      const to = letters[letters.indexOf(column.id) + (event.key === "ArrowLeft" ? -1 : 1)];
      if (to) putByKey(member.entity, to);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const rows = [...(event.currentTarget.closest("ul")?.querySelectorAll("select") ?? [])];
      const at = rows.indexOf(event.currentTarget as HTMLSelectElement);
      rows[at + (event.key === "ArrowUp" ? -1 : 1)]?.focus();
    }
  };

  const { drag, ghost, start } = useDrag<Entity>(box, put);
  return (
    <div className="px-3 pt-3 pb-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="font-semibold text-lg">Edit sides</h2>
        <p className="min-w-0 flex-1 basis-80 text-muted text-xs">
          Sides are inferred from who shot whom. Move whom you know better: the link holds it, for everyone
          who opens it.{" "}
          <span id={keysId} className="pointer-coarse:hidden">
            Keys on a letter: <b className="text-text">← →</b> to the next side,{" "}
            <b className="text-text">↑ ↓</b> to the next member, or type the side's letter.
          </span>
        </p>
        <div className="flex gap-1.5">
          <Button onClick={reset} disabled={overrides.size === 0}>
            <RotateCcw size={14} aria-hidden /> Reset
          </Button>
          <Button onClick={copyFork} title="A link that shows the sides as they are here">
            <Link2 size={14} aria-hidden /> Copy link
          </Button>
          <Button icon aria-label="Close the editor" title="Close" onClick={onClose}>
            <X size={16} aria-hidden />
          </Button>
        </div>
      </div>

      <div
        ref={box}
        aria-busy={busy}
        className={cx(
          "relative mt-3 grid snap-x [--column:78vw] gap-2 sm:[--column:18rem] overflow-x-auto pb-2",
          drag && "select-none snap-none",
        )}
        style={{ gridTemplateColumns: columns.map(widthOf).join(" ") }}
      >
        {columns.map((column) => (
          <ColumnBox key={column.id} column={column} over={drag?.over === column.id}>
            {column.members.map((member) => {
              const key = keyOf(member.entity);
              return (
                <MemberRow
                  key={key}
                  member={member}
                  computed={computed.get(key) as Side}
                  on={column.id}
                  sides={letters}
                  home={overrides.has(key) ? homeOf(key) : null}
                  dragged={drag !== null && keyOf(drag.what) === key}
                  keysId={keysId}
                  onGrab={(event) => start(event, member.entity)}
                  onMove={(side) => putByKey(member.entity, side)}
                  onPutBack={() => putBack(member.entity)}
                  onKeyDown={(event) => pressed(event, column, member)}
                />
              );
            })}
          </ColumnBox>
        ))}
      </div>
      <p role="status" className="min-h-4 text-xs">
        {said || movedWords(overrides.size)} {busy && <span className="text-muted">Computing…</span>}
      </p>

      <div className="mt-3 grid gap-x-8 gap-y-4 md:grid-cols-2">
        <div className="grid content-start gap-4">
          <Finder
            pilots={whole.pilots}
            sides={letters}
            sideOf={(key) => sideOf(key, overrides, ground)}
            onMove={put}
          />
          <Unmet
            overrides={whole.overrides}
            onDrop={(entity) => {
              const next = new Map(overrides);
              next.delete(keyOf(entity));
              change({ side: writeSides(next) });
            }}
          />
          <Excluded ids={source.query.exclude ?? []} onChange={(exclude) => change({ exclude })} />
        </div>
        {source.kind === "battle" && (
          <CorrectionPanel
            battle={source.id}
            inferred={sides}
            overrides={overrides}
            excluded={source.query.exclude ?? []}
            killmails={idsOf(whole)}
            part={partOf(view, whole)}
            onSaved={(split) => {
              const ends = split ? { from: undefined, to: undefined } : {};
              change({ side: undefined, exclude: undefined, ...ends });
            }}
          />
        )}
      </div>
      {drag && (
        <div
          ref={ghost}
          aria-hidden
          className="pointer-events-none fixed top-0 left-0 z-50 max-w-60 truncate rounded-md border border-accent bg-raised px-2 py-1 text-xs"
        >
          {entityName(drag.what)}
        </div>
      )}
    </div>
  );

  function homeOf(key: string): string {
    const next = new Map(overrides);
    next.delete(key);
    return sideOf(key, next, ground);
  }
}

/** The same report with nobody put anywhere by hand. */
function asFound(source: ReportSource): ReportSource {
  const { side: _side, ...query } = source.query;
  return { ...source, query };
}

function computedSides(sides: readonly Side[]): Map<string, Side> {
  const of = new Map<string, Side>();
  for (const side of sides) for (const { entity } of side.members) of.set(keyOf(entity), side);
  return of;
}

const idsOf = ({ killmails }: BattleDetail) => killmails.map(({ id }) => id);

/** What the timeline shows of a battle; null when that is nothing or all of it. */
function partOf(view: BattleDetail | undefined, { killmails }: BattleDetail): ShownPart | null {
  if (!view?.window || view.killmails.length === 0 || view.killmails.length === killmails.length) return null;
  return { killmails: idsOf(view), from: new Date(view.window.from), to: new Date(view.window.to) };
}

function movedWords(n: number): string {
  if (n === 0) return "Nobody was moved by hand.";
  return `${n} moved by hand.`;
}

function widthOf({ id, members }: Column): string {
  if (members.length > 0) return "minmax(var(--column), 1fr)";
  return id.length === 1 ? "3rem" : "6rem";
}

/** The link for everyone: as it is shown, with the editor closed. */
function copyFork(): void {
  const link = new URL(location.href);
  link.searchParams.delete("edit");
  copyLink(link.href.replaceAll("%3A", ":"));
}
