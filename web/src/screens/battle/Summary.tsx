import { useMemo } from "react";
import type { BattleDetail, Side } from "../../api/model";
import { Balance } from "./Balance";
import { ClassTable } from "./ClassTable";
import { compareHulls } from "./derive";
import { Members } from "./Members";
import { SideColumns } from "./SideColumns";
import { Efficiency, SideHead } from "./SideHead";
import { TopLosses } from "./TopLosses";
import { TurningPoints } from "./TurningPoints";

/** Who fought, how it went, and with what: the first answer. */
export function Summary({ battle }: { battle: BattleDetail }) {
  const classes = useMemo(() => compareHulls(battle.composition), [battle.composition]);
  return (
    <>
      <Balance sides={battle.sides} />
      <SideColumns sides={battle.sides} note={(side: Side) => <Efficiency side={side} />}>
        {(side: Side) => (
          <>
            <SideHead side={side} battle={battle} />
            <Members side={side} pilots={battle.pilots} />
          </>
        )}
      </SideColumns>
      <TurningPoints battle={battle} />
      <div className="grid border-line border-t md:grid-cols-2">
        <ClassTable classes={classes} sides={battle.sides} />
        <TopLosses kills={battle.killmails} />
      </div>
    </>
  );
}
