import type { BattleDetail, DamageView, Side } from "../../api/model";
import { useReportPart } from "../../api/queries/report";
import { compact } from "../../eve/count";
import { DamageMatrix } from "./DamageMatrix";
import { ByClass, Taken } from "./DamageTables";
import { Dealers } from "./Dealers";
import { classesOf, type ShooterRow, shooters, shooterWord, targets } from "./damageTable";
import { Part } from "./Part";
import { SideColumns } from "./SideColumns";
import { useShown } from "./shown";

/** Who shot what: sides at sides, classes at sides, the heaviest hitters, and who was shot. */
export function Damage({ battle }: { battle: BattleDetail }) {
  const { told } = useShown();
  const query = useReportPart<DamageView>(told, "damage");
  return (
    <Part query={query} what="The damage" rows={12}>
      {(damage) => <Loaded damage={damage} battle={battle} />}
    </Part>
  );
}

function Loaded({ damage, battle }: { damage: DamageView; battle: BattleDetail }) {
  const sides = battle.sides.map((side) => side.id);
  const rows = shooters(damage, sides);
  return (
    <>
      <DamageMatrix rows={rows} columns={targets(damage, sides)} />
      <SideColumns
        sides={battle.sides}
        note={(side) => <Total side={side} row={rows.find((row) => row.by === side.id)} />}
      >
        {(side: Side) => (
          <>
            <Dealers
              side={side}
              total={rows.find((row) => row.by === side.id)?.dealt.ships ?? 0}
              dealers={damage.dealers.filter((dealer) => dealer.side === side.id)}
            />
            <ByClass
              side={side}
              classes={classesOf(damage, side.id)}
              dealt={rows.find((row) => row.by === side.id)?.dealt}
            />
            <Taken side={side} rows={damage.taken.filter((row) => row.side === side.id)} />
          </>
        )}
      </SideColumns>
    </>
  );
}

function Total({ side, row }: { side: Side; row: ShooterRow | undefined }) {
  return (
    <span className="num text-xs" title={`Damage to ships of others by ${shooterWord(side.id)}`}>
      <b className="font-semibold">{compact((row?.dealt.ships ?? 0) - (row?.dealt.to.get(side.id) ?? 0))}</b>{" "}
      <span className="text-muted">damage</span>
    </span>
  );
}
