import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ApiError } from "../../api/error";
import type { BattleDetail } from "../../api/model";
import { battleQuery } from "../../api/queries/battles";
import { eveDate } from "../../eve/time";
import { systemName } from "../../eve-ui/names";
import { copyPageLink } from "../../ui/copy";
import { ErrorNotice, Notice, StaleNotice } from "../../ui/Notice";
import { useHotkeys } from "../../ui/useHotkeys";
import { useTitle } from "../../ui/useTitle";
import { Composition } from "./Composition";
import { Header } from "./Header";
import { Involved } from "./Involved";
import { Kills } from "./Kills";
import { Removed } from "./Removed";
import { Summary } from "./Summary";
import { TimelinePanel } from "./TimelinePanel";
import { parseTab, TABS, type Tab } from "./tabs";
import { useChange, useLiveBattle } from "./useLiveBattle";

const route = getRouteApi("/battles/$id/{-$tab}");

/** The report of one battle. */
export function Battle() {
  const params = route.useParams();
  const id = Number(params.id);
  const navigate = route.useNavigate();
  const { data: battle, error, isPending, refetch } = useQuery(battleQuery(id));
  const change = useChange(battle);
  useTitle(battle ? title(battle) : "Battle");
  const current: Tab = parseTab(params.tab ?? "") ?? "summary";
  useLiveBattle(id);
  const step = (by: number) => {
    const at = TABS.findIndex(([key]) => key === current);
    const next = TABS[(at + by + TABS.length) % TABS.length]?.[0] ?? "summary";
    navigate({
      params: { id: params.id, tab: next === "summary" ? undefined : next },
      resetScroll: false,
      replace: true,
    });
  };
  useHotkeys({ "[": () => step(-1), "]": () => step(1), c: () => copyPageLink() });

  if (isPending) return <Loading />;
  if (!battle) {
    if (error instanceof ApiError && error.notFound) return <Missing error={error} />;
    return (
      <ErrorNotice page what="The battle" error={error ?? new Error("no answer")} onRetry={() => refetch()} />
    );
  }
  return (
    <>
      {error && <StaleNotice what="The battle" error={error} />}
      <Header battle={battle} change={change} />
      <TimelinePanel battle={battle} />
      <Removed battle={battle} />
      <nav
        aria-label="Parts of the report"
        className="sticky top-(--head) z-20 flex gap-1 overflow-x-auto border-line border-b bg-ground px-2"
      >
        {TABS.map(([key, label]) => (
          <Link
            key={key}
            to="/battles/$id/{-$tab}"
            params={{ id: params.id, tab: key === "summary" ? undefined : key }}
            resetScroll={false}
            replace
            aria-current={key === current ? "page" : undefined}
            className={
              key === current
                ? "flex h-10 items-center border-accent border-b-2 px-3 font-semibold"
                : "flex h-10 items-center border-transparent border-b-2 px-3 text-muted hover:text-text"
            }
          >
            {label}
          </Link>
        ))}
      </nav>
      {current === "summary" && <Summary battle={battle} />}
      {current === "involved" && <Involved battle={battle} />}
      {current === "timeline" && <Kills battle={battle} />}
      {current === "composition" && <Composition battle={battle} />}
    </>
  );
}

function title(battle: BattleDetail): string {
  return `${systemName(battle.systems[0])} ${eveDate(new Date(battle.started_at))}, ${battle.kills} kills`;
}

function Missing({ error }: { error: ApiError }) {
  return (
    <Notice title="No such battle" role="alert" page>
      <p className="text-text">{error.message}</p>
      {error.hint && <p>{error.hint}</p>}
      <p>
        <Link to="/battles" className="text-accent underline">
          To the battles
        </Link>
      </p>
      {error.requestId && <p className="num text-xs">request {error.requestId}</p>}
    </Notice>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the battle">
      <div className="grid gap-2 px-3 pt-4 pb-3">
        <div className="skeleton h-8 w-64" />
        <div className="skeleton h-4 w-80 max-w-full" />
      </div>
      <div className="h-60 border-line border-y bg-panel p-3">
        <div className="skeleton size-full" />
      </div>
      <div className="grid gap-px md:grid-cols-2">
        {["a", "b"].map((side) => (
          <div key={side} className="grid gap-2 p-3">
            <div className="skeleton h-8 w-1/2" />
            <div className="skeleton h-12 w-full" />
            <div className="skeleton h-64 w-full" />
          </div>
        ))}
      </div>
    </div>
  );
}
