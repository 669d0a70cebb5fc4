import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback, useDeferredValue, useEffect, useMemo, useRef } from "react";
import { ApiError } from "../../api/error";
import type { BattleDetail } from "../../api/model";
import {
  type ReportQuery,
  type ReportSource,
  reportQueryString,
  useReport,
  wholeReport,
} from "../../api/queries/report";
import { plural } from "../../eve/count";
import { eveDate } from "../../eve/time";
import { systemName } from "../../eve-ui/names";
import { Behind } from "../../ui/Behind";
import { copyLink } from "../../ui/copy";
import { cx } from "../../ui/cx";
import { ErrorNotice, StaleNotice } from "../../ui/Notice";
import { useHotkeys } from "../../ui/useHotkeys";
import { useStuck } from "../../ui/useStuck";
import { useTitle } from "../../ui/useTitle";
import { CourseNotes } from "./CourseNotes";
import { SidesEditor, useEditorReady } from "./editor/entry";
import { Header } from "./Header";
import { Removed } from "./Removed";
import { ReplayBar } from "./ReplayBar";
import { Loading, Missing, Nothing } from "./ReportStates";
import { ReportTabs, tabLink } from "./ReportTabs";
import { formatMoment } from "./replay";
import { type ReportSearch, reportQueryOf } from "./search";
import { type Shown, ShownContext } from "./shown";
import { shownLink } from "./shownLink";
import { TabContent } from "./TabContent";
import { TimelinePanel, timelineSpan } from "./TimelinePanel";
import { parseTab, TABS, type Tab } from "./tabs";
import { useChange } from "./useChange";
import { useFresh, useLiveBattle } from "./useLiveBattle";
import { useMissing } from "./useMissing";
import { useMoment } from "./useMoment";
import { useReplay, useReplayKeys, useTablesMoment } from "./useReplay";
import { useWindow } from "./useWindow";
import { ViewNotice } from "./ViewNotice";

const battleRoute = getRouteApi("/battles/$id/{-$tab}");
const reportRoute = getRouteApi("/reports/{-$tab}");

/** The report of one stored battle. */
export function BattlePage() {
  const { id, tab } = battleRoute.useParams();
  const search = battleRoute.useSearch();
  const query = useQueryOf(search);
  const source = useMemo<ReportSource>(() => ({ kind: "battle", id: Number(id), query }), [id, query]);
  return <Report key={id} source={source} search={search} tab={parseTab(tab ?? "") ?? "summary"} />;
}

/** A report put together by its address. */
export function ReportPage() {
  const { tab } = reportRoute.useParams();
  const search = reportRoute.useSearch();
  const query = useQueryOf(search);
  const source = useMemo<ReportSource>(() => ({ kind: "report", query }), [query]);
  return <Report source={source} search={search} tab={parseTab(tab ?? "") ?? "summary"} />;
}

/** The API's part of the search, the same object until it says something else. */
function useQueryOf(search: ReportSearch): ReportQuery {
  const query = reportQueryOf(search);
  const words = reportQueryString(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words are the whole query
  return useMemo(() => query, [words]);
}

interface Props {
  source: ReportSource;
  search: ReportSearch;
  tab: Tab;
}

/** One report, whatever it is made of. */
function Report({ source, search, tab }: Props) {
  const view = useReport(source);
  const whole = useReport(wholeReport(source));
  const error = view.error ?? whole.error;
  useTitle(whole.data ? title(whole.data) : "Battle");
  useLiveBattle(source, whole.data !== undefined);
  const ready = useEditorReady();
  useNowIn(source, tab, whole.isPlaceholderData ? undefined : whole.data);
  // Deferred, so that a battle that grows never holds up who uses the page.
  const shown = useDeferredValue(view.data);
  const all = useDeferredValue(whole.data);
  if (shown && all && ready) {
    return (
      <>
        {error && <StaleNotice what="The report" error={error} />}
        <Loaded source={source} search={search} tab={tab} view={shown} whole={all} />
      </>
    );
  }
  if (!error) return <Loading />;
  if (error instanceof ApiError && error.notFound) return <Missing error={error} />;
  return (
    <ErrorNotice
      page
      what="The report"
      error={error}
      onRetry={() => {
        view.refetch();
        whole.refetch();
      }}
    />
  );
}

/** A battle that went into another one has its address: links to the old one lead there. */
function useNowIn(source: ReportSource, tab: Tab, battle: BattleDetail | undefined): void {
  const navigate = useNavigate();
  const id = source.kind === "battle" && battle && battle.id !== source.id ? battle.id : null;
  useEffect(() => {
    if (id === null) return;
    const to = tabLink({ kind: "battle", id, query: {} }, tab);
    navigate({ ...to, search: true, replace: true, resetScroll: false });
  }, [navigate, id, tab]);
}

interface LoadedProps extends Props {
  /** As the address narrows it; for a moment still as it was asked before. */
  view: BattleDetail;
  whole: BattleDetail;
}

function Loaded({ source, search, tab, view, whole }: LoadedProps) {
  const navigate = useNavigate();
  const change = useChange<ReportSearch>();
  const step = (by: number) => {
    const at = TABS.findIndex(([key]) => key === tab);
    const next = TABS[(at + by + TABS.length) % TABS.length]?.[0] ?? "summary";
    navigate({ ...tabLink(source, next), search: true, resetScroll: false, replace: true });
  };
  const span = useMemo(() => timelineSpan(whole), [whole]);
  const { window, brush } = useWindow(search, span, change);
  const { replayer, course } = useReplay(view.killmails, search.at, (at) => change({ at }));
  // Deferred, so that the tables never hold up the line on the chart.
  const moment = useDeferredValue(useTablesMoment(replayer));
  const fresh = useFresh(whole.killmails, reportQueryString(wholeReport(source).query));
  useReplayKeys(replayer, () => {
    if (replayer.state.moment) return replayer.end();
    return window ? brush(null, true) : false;
  });
  const link = useCallback(() => {
    const { moment } = replayer.state;
    return shownLink(location.href, window, span, moment && formatMoment(course, moment));
  }, [replayer, course, window, span]);
  useHotkeys({ "[": () => step(-1), "]": () => step(1), c: () => copyLink(link()) });

  const missing = useMissing(whole);
  // Deferred, so that the tab is lit at once, however long its list is.
  const shownTab = useDeferredValue(tab);
  const panel = useRef<HTMLDivElement>(null);
  const stuck = useStuck(panel);
  const replaying = moment !== null;
  const { battle, standing, told } = useMoment(source, view, course, moment, search.at);
  const shown = useMemo<Shown>(
    () => ({
      source,
      battle,
      whole,
      window: windowOf(view),
      cursor: moment?.at ?? null,
      standing,
      told,
      link,
      fresh,
      change,
    }),
    [source, battle, whole, view, moment, standing, told, link, fresh, change],
  );
  return (
    <ShownContext value={shown}>
      <div className="report" data-bare={span ? undefined : ""} data-replay={replaying ? "" : undefined}>
        <Header />
        <SidesEditor />
        <CourseNotes
          battle={whole}
          part={shown.window !== null || standing !== "whole"}
          missing={missing}
          onGo={(id) => replayer.goTo(id)}
        />
        <div
          ref={panel}
          // Only its parts take the pointer: a row that is put away leaves what lies under it free.
          className="pointer-events-none sticky z-20 *:first:pointer-events-auto"
          style={{ top: "calc(var(--head) - var(--gone))" }}
        >
          <TimelinePanel
            battle={whole}
            window={window}
            onBrush={brush}
            replayer={replayer}
            course={course}
            fresh={fresh.size}
            thin={stuck}
          />
          <div className="flex flex-wrap border-line *:pointer-events-auto lg:border-b lg:bg-ground">
            <ReportTabs source={source} tab={tab} />
            <div
              className={cx(
                "border-line bg-ground px-2 max-lg:w-full max-lg:border-b lg:ml-auto",
                stuck && !replaying && "max-lg:not-focus-within:invisible",
              )}
            >
              <ReplayBar replayer={replayer} course={course} />
            </div>
          </div>
        </div>
        <Removed battle={whole} />
        <ViewNotice
          window={shown.window}
          onWhole={() => brush(null, true)}
          moment={moment}
          last={moment && (course.kills[moment.count - 1] ?? null)}
          standing={standing}
          onEnd={() => replayer.end()}
        />
        {view.kills === 0 && shown.window ? (
          <Nothing onWhole={() => brush(null, true)} />
        ) : (
          <Behind old={shownTab !== tab}>
            <TabContent tab={shownTab} battle={battle} />
          </Behind>
        )}
      </div>
    </ShownContext>
  );
}

function windowOf({ window }: BattleDetail): Shown["window"] {
  return window ? { from: Date.parse(window.from), to: Date.parse(window.to) } : null;
}

function title(battle: BattleDetail): string {
  return `${systemName(battle.systems[0])} ${eveDate(new Date(battle.started_at))}, ${plural(battle.kills, "kill")}`;
}
