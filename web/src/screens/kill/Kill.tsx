import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import type { KillmailDetail } from "../../api/model";
import { absence, killmailQuery } from "../../api/queries/killmail";
import { Behind } from "../../ui/Behind";
import { copyPageLink } from "../../ui/copy";
import { ErrorNotice, StaleNotice } from "../../ui/Notice";
import { useHotkeys } from "../../ui/useHotkeys";
import { useTitle } from "../../ui/useTitle";
import { Absent } from "./Absent";
import { Alone } from "./Alone";
import { Attackers } from "./Attackers";
import { BattleStrip } from "./BattleStrip";
import { byDamage, killTitle } from "./derive";
import { Head } from "./Head";
import { Sums } from "./Sums";

const route = getRouteApi("/kills/$id");

const BACK = "ArrowLeft";
const FORTH = "ArrowRight";

/** One killmail: who lost what, where, to whom, and in which battle. */
export function Kill() {
  const params = route.useParams();
  const id = Number(params.id);
  const navigate = route.useNavigate();
  // Whoever steps through a battle keeps what has the focus while the next one is on its way.
  const {
    data: kill,
    error,
    isPending,
    isPlaceholderData: former,
    refetch,
  } = useQuery({ ...killmailQuery(id), placeholderData: keepPreviousData });
  const why = absence(error);
  useTitle(kill ? killTitle(kill) : why ? `Killmail ${id}` : "Killmail");
  useNeighbours(kill);

  const go = (to: number | null | undefined) => {
    if (to == null || former) return false;
    navigate({ params: { id: String(to) }, resetScroll: false });
  };
  useHotkeys({
    c: () => copyPageLink(),
    [BACK]: () => go(kill?.battle?.previous),
    [FORTH]: () => go(kill?.battle?.next),
  });

  if (isPending) return <Loading />;
  if (!kill) {
    if (why) return <Absent id={id} why={why} error={error} />;
    return (
      <ErrorNotice
        page
        what="The killmail"
        error={error ?? new Error("no answer")}
        onRetry={() => refetch()}
      />
    );
  }
  return (
    <Behind old={former}>
      <article>
        {error && <StaleNotice what="The killmail" error={error} />}
        <Head kill={kill} />
        {kill.battle ? <BattleStrip battle={kill.battle} kill={kill.id} /> : <Alone kill={kill} />}
        <Involved kill={kill} />
      </article>
    </Behind>
  );
}

function Involved({ kill }: { kill: KillmailDetail }) {
  const attackers = useMemo(() => byDamage(kill.attackers), [kill.attackers]);
  return (
    <div className={attackers.length < 2 ? undefined : "lg:grid lg:grid-cols-[minmax(0,1fr)_20rem]"}>
      <Sums attackers={attackers} inBattle={kill.battle !== null} />
      <Attackers attackers={attackers} inBattle={kill.battle !== null} />
    </div>
  );
}

/** Fetches the killmails before and after, so that stepping through a battle waits for nothing. */
function useNeighbours(kill: KillmailDetail | undefined): void {
  const client = useQueryClient();
  const previous = kill?.battle?.previous;
  const next = kill?.battle?.next;
  useEffect(() => {
    for (const id of [next, previous]) if (id != null) client.prefetchQuery(killmailQuery(id));
  }, [client, previous, next]);
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the killmail">
      <div className="flex gap-4 px-3 pt-4 pb-3">
        <div className="skeleton size-24 sm:size-32" />
        <div className="grid content-start gap-2">
          <div className="skeleton h-8 w-56" />
          <div className="skeleton h-10 w-48" />
          <div className="skeleton h-4 w-64 max-w-full" />
        </div>
      </div>
      <div className="h-20 border-line border-y bg-panel p-3">
        <div className="skeleton size-full" />
      </div>
      <div className="grid gap-2 p-3">
        {["a", "b", "c", "d", "e", "f"].map((row) => (
          <div key={row} className="skeleton h-10 w-full" />
        ))}
      </div>
    </div>
  );
}
