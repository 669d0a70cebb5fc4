import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Link2, ListFilter, X } from "lucide-react";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Battle } from "../../api/model";
import { battleKeys, battlesQuery } from "../../api/queries/battles";
import { plural } from "../../eve/count";
import { Button } from "../../ui/Button";
import { copyPageLink } from "../../ui/copy";
import { cx } from "../../ui/cx";
import { ErrorNotice, Notice, StaleNotice } from "../../ui/Notice";
import { useHotkeys } from "../../ui/useHotkeys";
import { useListKeys } from "../../ui/useListKeys";
import { useTitle } from "../../ui/useTitle";
import { useWide } from "../../ui/useWide";
import { WindowList, type WindowListHandle } from "../../ui/WindowList";
import { FilterRail } from "./FilterRail";
import { activeFilters, type BattleFilters, mayMatch, sortOf, toQuery } from "./filters";
import { COLUMNS, NarrowRow, ROW_NARROW, ROW_WIDE, WideRow } from "./Row";
import { SkeletonRows } from "./SkeletonRows";
import { useNewBattles } from "./useNewBattles";

const route = getRouteApi("/battles");
const narrowHeight = () => ROW_NARROW;
const wideHeight = () => ROW_WIDE;

/** The list of battles; the address is its whole state. */
export function Battles() {
  useTitle("Battles");
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const wide = useWide("lg");
  const list = useRef<WindowListHandle>(null);
  const rail = useRef<HTMLDetailsElement>(null);
  const [asOf, setAsOf] = useState(() => new Date());
  const client = useQueryClient();

  // A window counts back from one moment, not from every render, or the pages would not fit together.
  const query = useMemo(() => toQuery(filters, asOf), [filters, asOf]);
  const result = useInfiniteQuery({ ...battlesQuery(query), placeholderData: keepPreviousData });
  const items = useMemo(() => result.data?.pages.flatMap((page) => page.items) ?? [], [result.data]);
  const { fresh, seen } = useNewBattles(items, (battle) => mayMatch(battle, filters));

  const change = (next: BattleFilters) => {
    setAsOf(new Date());
    navigate({ search: next });
  };
  const showNew = () => {
    seen();
    setAsOf(new Date());
    client.resetQueries({ queryKey: battleKeys.lists });
    window.scrollTo({ top: 0 });
  };
  const nameOf = useCallback(
    (key: string, id: number) => {
      const systems = items.flatMap((battle) => battle.systems);
      if (key === "system_id") return systems.find((s) => s.id === id)?.name ?? null;
      if (key === "region_id") return systems.find((s) => s.region?.id === id)?.region?.name ?? null;
      const parties = items.flatMap((battle) => battle.sides.flatMap((side) => side.members));
      return parties.find((party) => `${party.type}_id` === key && party.id === id)?.name ?? null;
    },
    [items],
  );
  const active = activeFilters(filters, nameOf);

  useListKeys(list, items.length, (index) => {
    const battle = items[index];
    if (battle) window.open(battle.zkillboard_url, "_blank", "noreferrer");
  });
  useHotkeys({
    f: () => {
      if (rail.current) rail.current.open = true;
      rail.current?.querySelector<HTMLElement>("select, button, input")?.focus();
    },
    c: () => copyPageLink(),
  });
  const more = useCallback(() => {
    if (result.hasNextPage && !result.isFetchingNextPage) result.fetchNextPage();
  }, [result.hasNextPage, result.isFetchingNextPage, result.fetchNextPage]);
  const row = useCallback(
    (battle: Battle, index: number) =>
      wide ? <WideRow battle={battle} index={index} /> : <NarrowRow battle={battle} index={index} />,
    [wide],
  );

  return (
    <div className="lg:grid lg:grid-cols-[13rem_minmax(0,1fr)]">
      <details
        ref={rail}
        open={wide || undefined}
        className="border-line border-b lg:sticky lg:top-(--head) lg:max-h-[calc(100dvh-var(--head))] lg:self-start lg:overflow-y-auto lg:border-b-0"
      >
        <summary className="flex h-11 items-center gap-2 px-3 lg:hidden">
          <ListFilter size={16} aria-hidden />
          Filters
          {active.length > 0 && <span className="text-accent">{active.length} set</span>}
        </summary>
        <div className="px-3 pt-3 pb-6">
          <FilterRail filters={filters} onChange={change} />
        </div>
      </details>
      <div className="min-w-0 lg:min-h-[calc(100dvh-var(--head))] lg:border-line lg:border-l">
        <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-3 py-1">
          <h1 className="font-semibold text-lg">Battles</h1>
          <ul aria-label="Filters in force" className="flex flex-wrap gap-1">
            {active.map(({ key, label, without }) => (
              <li key={key}>
                <button
                  type="button"
                  onClick={() => change(without)}
                  aria-label={`Remove filter ${label}`}
                  className="flex h-6 items-center gap-1 rounded-md border border-accent px-1.5 text-xs hover:bg-raised"
                >
                  {label}
                  <X size={12} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
          <div className="ml-auto flex items-center gap-2">
            <output className="num text-muted text-xs">{countWords(items.length, result.hasNextPage)}</output>
            <Link to="/reports/new" title="New report (g r)" className="text-accent hover:underline">
              New report
            </Link>
            <Button icon aria-label="Copy link to this list" title="Copy link (c)" onClick={copyPageLink}>
              <Link2 size={16} aria-hidden />
            </Button>
          </div>
        </div>
        {result.isError && items.length > 0 && <StaleNotice what="The list" error={result.error} />}
        {wide && <Head filters={filters} onChange={change} />}
        <div aria-live="polite" className="sticky top-[calc(var(--head)+1.75rem)] z-20 h-0 text-center">
          {fresh > 0 && (
            <button
              type="button"
              onClick={showNew}
              className="mt-2 rounded-full bg-accent px-3 py-1 font-semibold text-ground text-xs shadow-lg"
            >
              ▲ {plural(fresh, "new battle")}
            </button>
          )}
        </div>
        {result.isPending ? (
          <SkeletonRows wide={wide} />
        ) : result.isError && items.length === 0 ? (
          <ErrorNotice what="The battles" error={result.error} onRetry={() => result.refetch()} />
        ) : items.length === 0 ? (
          <Empty active={active} onLoosen={change} />
        ) : (
          <div className={cx(result.isPlaceholderData && "opacity-50")}>
            <WindowList
              ref={list}
              items={items}
              keyOf={battleKey}
              rowHeight={wide ? wideHeight : narrowHeight}
              onEnd={more}
              label="Battles"
            >
              {row}
            </WindowList>
            {result.isFetchingNextPage && <SkeletonRows wide={wide} rows={3} />}
          </div>
        )}
      </div>
    </div>
  );
}

const battleKey = (battle: Battle) => battle.id;

function countWords(shown: number, more: boolean): string {
  if (shown === 0) return "";
  return `${shown}${more ? "+" : ""} ${shown === 1 ? "battle" : "battles"}`;
}

const HEAD = [
  ["Started", "started_at", ""],
  ["System", null, ""],
  ["Sides", null, ""],
  ["Most fielded", null, ""],
  ["Kills", "kills", "text-right"],
  ["ISK destroyed", "isk", "text-right"],
] as const;

function Head({ filters, onChange }: { filters: BattleFilters; onChange: (filters: BattleFilters) => void }) {
  const sort = sortOf(filters);
  return (
    <div
      className={cx(
        COLUMNS,
        "sticky top-(--head) z-10 h-7 border-line border-b bg-ground text-2xs text-muted",
      )}
    >
      {HEAD.map(([label, key, align]) => (
        <div key={label} className={align}>
          {key === null ? (
            label
          ) : (
            <button
              type="button"
              className={cx("hover:text-text", sort.endsWith(key) && "font-semibold text-text")}
              onClick={() => onChange({ ...filters, sort: sort === `-${key}` ? key : `-${key}` })}
            >
              {label}
              {sort === `-${key}` && " ↓"}
              {sort === key && " ↑"}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

function Empty({
  active,
  onLoosen,
}: {
  active: ReturnType<typeof activeFilters>;
  onLoosen: (filters: BattleFilters) => void;
}) {
  if (active.length === 0) {
    return (
      <Notice title="No battles yet" role="status">
        <p>
          Battles appear here as soon as killmails come in from the feed, or are imported with{" "}
          <code className="text-text">battlescope import</code>.
        </p>
      </Notice>
    );
  }
  return (
    <Notice title="No battle matches all of these filters" role="status">
      <p>Loosen one of them:</p>
      <div className="flex flex-wrap justify-center gap-2">
        {active.map(({ key, label, without }) => (
          <Button key={key} onClick={() => onLoosen(without)}>
            Drop “{label}”
          </Button>
        ))}
        {active.length > 1 && <Button onClick={() => onLoosen({})}>Drop all</Button>}
      </div>
    </Notice>
  );
}
