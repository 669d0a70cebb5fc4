import type { BattleDetail } from "../../api/model";
import { plural } from "../../eve/count";
import { eveTime } from "../../eve/time";
import { lateKills, reasonWords } from "./coverage";

/** What changed in the stored battle, newest first: late kills, corrections, merges. */
export function Revisions({ battle }: { battle: BattleDetail }) {
  const late = lateKills(battle);
  return (
    <>
      <h2 className="mb-1 font-semibold">Revisions</h2>
      <p className="mb-2 text-muted text-xs">
        Killmails may be posted up to three days late. The address stays; each change is kept here.
        {late > 0 && ` ${plural(late, "killmail")} of this battle came late.`}
      </p>
      <ol reversed className="max-h-64 overflow-y-auto">
        {[...battle.revisions].reverse().map((revision) => (
          <li key={revision.revision} className="border-line border-t py-1.5">
            <span className="num flex gap-2">
              <b className="font-semibold">{revision.revision}</b>
              <time dateTime={revision.at} className="text-muted">
                {eveTime(new Date(revision.at))} EVE
              </time>
              <span className="ml-auto">
                {revision.added > 0 && <span className="text-good">+{revision.added}</span>}{" "}
                {revision.removed > 0 && <span className="text-bad">−{revision.removed}</span>}{" "}
                {plural(revision.kills, "kill")}
              </span>
            </span>
            <span className="text-muted text-xs">{reasonWords(revision.reason)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
