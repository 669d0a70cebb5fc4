import type { BattleDetail, Side } from "../../api/model";
import { ClassTable } from "./ClassTable";
import { compareHulls } from "./derive";
import { Members } from "./Members";
import { SideColumns } from "./SideColumns";
import { SideHead } from "./SideHead";
import { TopLosses } from "./TopLosses";
import { TurningPoints } from "./TurningPoints";

/** Who fought, how it went, and with what: the first answer. */
export function Summary({ battle }: { battle: BattleDetail }) {
  const classes = compareHulls(battle.composition);
  return (
    <>
      <SideColumns sides={battle.sides}>
        {(side: Side) => (
          <>
            <SideHead side={side} />
            <Members side={side} />
          </>
        )}
      </SideColumns>
      <TurningPoints points={battle.turning_points} />
      <div className="grid border-line border-t md:grid-cols-2">
        <ClassTable classes={classes} sides={battle.sides} />
        <TopLosses kills={battle.killmails} />
      </div>
    </>
  );
}
