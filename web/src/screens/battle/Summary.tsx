import { useMemo } from "react";
import type { BattleDetail, Side } from "../../api/model";
import { Balance } from "./Balance";
import { ClassTable } from "./ClassTable";
import { compareHulls, held } from "./derive";
import { Members } from "./Members";
import { Operations } from "./Operations";
import { SideColumns } from "./SideColumns";
import { SideHead } from "./SideHead";
import { useShown } from "./shown";
import { TopLosses } from "./TopLosses";
import { TurningPoints } from "./TurningPoints";

/** Who fought, how it went, and with what: the first answer. */
export function Summary({ battle }: { battle: BattleDetail }) {
  const { whole, standing } = useShown();
  const classes = useMemo(() => {
    const rows = compareHulls(battle.composition);
    return standing === "whole" ? rows : held(rows, compareHulls(whole.composition));
  }, [battle.composition, whole.composition, standing]);
  return (
    <>
      <Balance sides={battle.sides} />
      <SideColumns sides={battle.sides}>
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
      <Operations battle={battle} />
    </>
  );
}
