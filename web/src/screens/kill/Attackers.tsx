import { useRef } from "react";
import type { Attacker } from "../../api/model";
import { zkillEntity } from "../../eve/links";
import { cx } from "../../ui/cx";
import { useListKeys } from "../../ui/useListKeys";
import { useWide } from "../../ui/useWide";
import { WindowList, type WindowListHandle } from "../../ui/WindowList";
import { columns, NarrowRow, ROW_NARROW, ROW_WIDE, WideRow } from "./AttackerRow";
import { whoOf } from "./derive";

interface Props {
  /** By damage. */
  attackers: readonly Attacker[];
  /** The sides mean something. */
  inBattle: boolean;
}

interface Ranked {
  attacker: Attacker;
  rank: number;
}

const keyOf = (row: Ranked) => row.rank;
const wideHeight = () => ROW_WIDE;
const narrowHeight = () => ROW_NARROW;

/** Everyone who shot, most damage first. j and k walk, o opens on zKillboard. */
export function Attackers({ attackers, inBattle }: Props) {
  const wide = useWide("md");
  const list = useRef<WindowListHandle>(null);
  useListKeys(list, attackers.length, (index) => {
    const attacker = attackers[index];
    const who = attacker && whoOf(attacker);
    if (who) window.open(zkillEntity(who.type, who.id), "_blank", "noreferrer");
  });
  const most = attackers[0]?.damage_share ?? 0;
  const rows = attackers.map((attacker, index) => ({ attacker, rank: index + 1 }));
  if (rows.length === 0) {
    return <p className="px-3 py-6 text-muted">The killmail names no attacker.</p>;
  }
  return (
    <section aria-label="Attackers" className="min-w-0 lg:col-start-1 lg:row-start-1">
      {wide && (
        <div
          aria-hidden
          className={cx(
            columns(inBattle),
            "sticky top-(--head) z-10 h-7 border-line border-b bg-ground text-2xs text-muted",
          )}
        >
          {inBattle && <span />}
          <span>Attacker</span>
          <span>Ship and weapon</span>
          <span className="text-right">Damage</span>
          <span className="text-right">Share</span>
        </div>
      )}
      <WindowList
        ref={list}
        items={rows}
        keyOf={keyOf}
        rowHeight={wide ? wideHeight : narrowHeight}
        label="Attackers, most damage first"
        headroom={112}
      >
        {({ attacker }, index) =>
          wide ? (
            <WideRow attacker={attacker} index={index} inBattle={inBattle} most={most} />
          ) : (
            <NarrowRow attacker={attacker} index={index} inBattle={inBattle} most={most} />
          )
        }
      </WindowList>
    </section>
  );
}
