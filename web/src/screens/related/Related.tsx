import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Navigate } from "@tanstack/react-router";
import { ApiError } from "../../api/error";
import { relatedQuery, systemQuery } from "../../api/queries/reports";
import { zkillRelated } from "../../eve/links";
import { eveTime } from "../../eve/time";
import { systemName } from "../../eve-ui/names";
import { ErrorNotice, Notice } from "../../ui/Notice";
import { sentence } from "../../ui/sentence";
import { useTitle } from "../../ui/useTitle";
import { searchOf } from "../reports/address";
import { parseStamp } from "../reports/stamp";

const route = getRouteApi("/related/$system/$time");

/** The address other boards use for a fight: leads on to the battle, or to a report of what is there. */
export function Related() {
  useTitle("Related kills");
  const { system, time } = route.useParams();
  const { data, error, refetch } = useQuery(relatedQuery(Number(system), time));
  if (data?.battle_id) {
    return <Navigate to="/battles/$id/{-$tab}" params={{ id: String(data.battle_id) }} replace />;
  }
  if (data && data.killmails > 0) {
    return <Navigate to="/reports/{-$tab}" search={searchOf(data.report)} replace />;
  }
  if (data) return <Nothing system={Number(system)} time={time} report={data.report} />;
  if (!error) return <Looking />;
  if (error instanceof ApiError && (error.notFound || error.status === 400)) return <Unclear error={error} />;
  return <ErrorNotice page what="What happened there" error={error} onRetry={refetch} />;
}

function Looking() {
  return (
    <Notice title="Looking for the battle" role="status" page>
      <p>Which kills are stored of that system and hour?</p>
    </Notice>
  );
}

interface NothingProps {
  system: number;
  time: string;
  report: string;
}

function Nothing({ system, time, report }: NothingProps) {
  const at = parseStamp(time);
  const { data } = useQuery(systemQuery(String(system)));
  return (
    <Notice title="No kills stored there and then" role="status" page>
      <p>
        Nothing is stored of {data ? systemName(data) : `system ${system}`} within an hour of{" "}
        <b className="num text-text">{at ? eveTime(at) : time}</b> EVE. The day may not have been recorded
        here, or the rules of this server left its kills out.
      </p>
      <p className="flex flex-wrap justify-center gap-4">
        <a
          href={zkillRelated(system, time)}
          target="_blank"
          rel="noreferrer"
          className="text-accent underline"
        >
          Look at zKillboard
        </a>
        <Link to="/reports/new" search={searchOf(report)} className="text-accent underline">
          Choose another time
        </Link>
        <Link to="/battles" search={{ system_id: [system] }} className="text-accent underline">
          Battles of this system
        </Link>
      </p>
    </Notice>
  );
}

function Unclear({ error }: { error: ApiError }) {
  return (
    <Notice title="The address leads nowhere" role="alert" page>
      <p className="text-text">{sentence(error.message)}</p>
      {error.hint && <p>{sentence(error.hint)}</p>}
      <p className="flex gap-4">
        <Link to="/reports/new" className="text-accent underline">
          New report
        </Link>
        <Link to="/battles" className="text-accent underline">
          Battles
        </Link>
      </p>
      {error.requestId && <p className="num text-xs">request {error.requestId}</p>}
    </Notice>
  );
}
