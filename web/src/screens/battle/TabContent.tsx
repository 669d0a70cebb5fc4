import { lazy, memo, Suspense, useEffect } from "react";
import type { BattleDetail } from "../../api/model";
import { Involved } from "./Involved";
import { Kills } from "./Kills";
import { Summary } from "./Summary";
import type { Tab } from "./tabs";

// Heavy tabs come by themselves, so that the report opens without them.
const damage = () => import("./Damage");
const composition = () => import("./Composition");
const Damage = lazy(async () => ({ default: (await damage()).Damage }));
const Composition = lazy(async () => ({ default: (await composition()).Composition }));

/** After this the other tabs are fetched, so that they open at once, milliseconds. */
const IDLE_MS = 2_000;

/** What stands under the tabs. */
export const TabContent = memo(function TabContent({ tab, battle }: { tab: Tab; battle: BattleDetail }) {
  useEffect(() => {
    const timer = setTimeout(() => {
      // What fails now is asked for again when it is opened.
      Promise.allSettled([damage(), composition()]);
    }, IDLE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Suspense fallback={<div role="status" aria-label="Loading" className="skeleton m-3 h-96" />}>
      {tab === "summary" && <Summary battle={battle} />}
      {tab === "involved" && <Involved battle={battle} />}
      {tab === "timeline" && <Kills battle={battle} />}
      {tab === "damage" && <Damage battle={battle} />}
      {tab === "composition" && <Composition battle={battle} />}
    </Suspense>
  );
});
