import { useCallback, useMemo, useRef } from "react";
import type { BattleDetail, Side } from "../../api/model";
import { plural } from "../../eve/count";
import { eveClock, eveHour } from "../../eve/time";
import { SideBadge } from "../../eve-ui/SideBadge";
import { cx } from "../../ui/cx";
import { useListKeys } from "../../ui/useListKeys";
import { useUnder } from "../../ui/useUnder";
import { useWide } from "../../ui/useWide";
import { WindowList, type WindowListHandle } from "../../ui/WindowList";
import { type KillRow, killRows, sideTitle, splitSides } from "./derive";
import { KillCard } from "./KillCard";
import { useShown } from "./shown";

/** Side A's losses, the time, side B's losses. */
const HALVES = "grid h-full grid-cols-[minmax(0,1fr)_4rem_minmax(0,1fr)] items-center gap-x-2 px-3";

const keyOf = (row: KillRow) => row.key;
const heightOf = (row: KillRow) => (row.type === "minute" ? 24 : 44);

/**
 * Every kill in order; with two sides that matter each loss stands in its side's
 * half. In a replay the newest stands first, where the eye is.
 */
export function Kills({ battle }: { battle: BattleDetail }) {
  const { cursor, fresh } = useShown();
  const replaying = cursor !== null;
  const rows = useMemo(() => killRows(battle.killmails, replaying), [battle.killmails, replaying]);
  const places = useMemo(() => rows.flatMap((row, at) => (row.type === "kill" ? [at] : [])), [rows]);
  const list = useRef<WindowListHandle>(null);
  const byKill = useRef<WindowListHandle>({ scrollToIndex: () => {} });
  byKill.current.scrollToIndex = (index) => list.current?.scrollToIndex(places[index] ?? 0);
  useListKeys(byKill, places.length, (index) => {
    const row = rows[places[index] ?? -1];
    if (row?.type === "kill") window.open(row.kill.zkillboard_url, "_blank", "noreferrer");
  });

  const wide = useWide("md");
  const { major } = splitSides(battle.sides);
  const [left, right] = major;
  const halves = wide && major.length === 2;
  const newest = replaying ? rows.find((row) => row.type === "kill")?.key : undefined;
  const render = useCallback(
    (row: KillRow) => {
      if (row.type === "minute") return <Minute row={row} />;
      const now = row.key === newest && "bg-raised";
      const isFresh = fresh.has(row.kill.id);
      if (!halves) {
        return (
          <div className={cx("h-full px-2", now)}>
            <KillCard kill={row.kill} index={row.index} fresh={isFresh} badge />
          </div>
        );
      }
      const inRight = row.kill.side === right?.id;
      const card = (
        <KillCard
          kill={row.kill}
          index={row.index}
          fresh={isFresh}
          time={false}
          badge={row.kill.side !== left?.id && !inRight}
        />
      );
      return (
        <div className={cx(HALVES, now)}>
          {inRight ? <span /> : card}
          <time dateTime={row.kill.occurred_at} className="num text-center text-2xs text-muted">
            {eveClock(new Date(row.kill.occurred_at))}
          </time>
          {inRight ? card : <span />}
        </div>
      );
    },
    [halves, left?.id, right?.id, fresh, newest],
  );
  return (
    <>
      {halves && <Heads sides={major} />}
      <WindowList
        ref={list}
        items={rows}
        keyOf={keyOf}
        rowHeight={heightOf}
        anchored
        label={replaying ? "Kills, newest first" : "Kills in order"}
      >
        {render}
      </WindowList>
    </>
  );
}

/** Names the halves, and stays in view. */
function Heads({ sides }: { sides: readonly Side[] }) {
  const still = useRef<HTMLDivElement>(null);
  useUnder(still);
  return (
    <div
      ref={still}
      className="sticky z-10 grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-x-20 border-line border-b bg-ground px-3 py-1.5 font-semibold"
      style={{ top: "var(--stuck)" }}
    >
      {sides.map((side) => (
        <h2 key={side.id} className="flex min-w-0 items-center gap-2">
          <SideBadge side={side.id} />
          <span className="truncate">{sideTitle(side)}</span>
          <span className="font-normal text-muted text-xs">losses</span>
        </h2>
      ))}
    </div>
  );
}

function Minute({ row }: { row: Extract<KillRow, { type: "minute" }> }) {
  return (
    <div className="num flex h-full items-center justify-center gap-2 text-2xs text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      <span className="font-semibold text-text">{eveHour(row.at)}</span>
      {plural(row.kills, "kill")}
    </div>
  );
}
