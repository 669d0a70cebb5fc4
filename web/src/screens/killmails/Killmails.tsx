import { getRouteApi } from "@tanstack/react-router";
import { Pause, Play } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useStreamState } from "../../api/live";
import type { Killmail } from "../../api/model";
import { plural } from "../../eve/count";
import { formatIsk } from "../../eve/isk";
import { SPACES } from "../../eve/security";
import { Button } from "../../ui/Button";
import { copyPageLink } from "../../ui/copy";
import { cx } from "../../ui/cx";
import { ErrorNotice, Notice } from "../../ui/Notice";
import { Spoken } from "../../ui/Spoken";
import { Toggle } from "../../ui/Toggle";
import { useHotkeys } from "../../ui/useHotkeys";
import { useListKeys } from "../../ui/useListKeys";
import { useTitle } from "../../ui/useTitle";
import { useWide } from "../../ui/useWide";
import { WindowList, type WindowListHandle } from "../../ui/WindowList";
import { type FeedFilters, MIN_ISK_STEPS } from "./filters";
import { COLUMNS, NarrowRow, ROW_NARROW, ROW_WIDE, WideRow } from "./Row";
import { useFeed } from "./useFeed";

const route = getRouteApi("/killmails");
const keyOf = (killmail: Killmail) => killmail.id;

/** How many are held back is told to those who listen at most so often, milliseconds. */
const TELL_MS = 10_000;

const wideHeight = () => ROW_WIDE;
const narrowHeight = () => ROW_NARROW;

/** The live feed of killmails. Pointing at the list or scrolling down holds it still. */
export function Killmails() {
  useTitle("Killmails");
  const search = route.useSearch();
  const filters = useStable(search);
  const navigate = route.useNavigate();
  const wide = useWide("lg");
  const list = useRef<WindowListHandle>(null);
  const [stopped, setStopped] = useState(false);
  const [pointed, setPointed] = useState(false);
  const scrolled = useScrolled();
  const paused = stopped || pointed || scrolled;
  const { rows, held, result } = useFeed(filters, paused);

  useListKeys(list, rows.length, (index) => {
    const killmail = rows[index];
    if (killmail) window.open(killmail.zkillboard_url, "_blank", "noreferrer");
  });
  useHotkeys({ ".": () => setStopped(!stopped), c: () => copyPageLink() });

  const change = (next: FeedFilters) => navigate({ search: next });
  const release = () => {
    setStopped(false);
    setPointed(false);
    window.scrollTo({ top: 0 });
  };
  const filtered = filters.space_type !== undefined || filters.min_isk !== undefined;
  const newer = (
    <div className="sticky top-[calc(var(--head)+1.75rem)] z-20 h-0 text-center">
      {held > 0 && (
        <button
          type="button"
          onClick={release}
          className="num mt-2 rounded-full bg-accent px-3 py-1 font-semibold text-ground text-xs shadow-lg"
        >
          ▲ {held} new
        </button>
      )}
      <Spoken text={held > 0 ? plural(held, "new killmail") : ""} every={TELL_MS} />
    </div>
  );

  return (
    <>
      <div className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-2 border-line border-b px-3 py-1.5">
        <h1 className="font-semibold text-lg">Killmails</h1>
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">Space</legend>
          {SPACES.filter(([key]) => key !== "other" && key !== "void").map(([key, label]) => (
            <Toggle
              key={key}
              pressed={filters.space_type?.includes(key) ?? false}
              onChange={(on) => {
                const rest = (filters.space_type ?? []).filter((space) => space !== key);
                const next = on ? [...rest, key] : rest;
                change({ ...filters, space_type: next.length > 0 ? next : undefined });
              }}
            >
              {label}
            </Toggle>
          ))}
        </fieldset>
        <fieldset className="flex gap-1">
          <legend className="sr-only">Value, at least</legend>
          {MIN_ISK_STEPS.map((step) => (
            <Toggle
              key={step}
              pressed={filters.min_isk === step}
              onChange={(on) => change({ ...filters, min_isk: on ? step : undefined })}
            >
              {formatIsk(step).replace(/\.0+/, "")}+
            </Toggle>
          ))}
        </fieldset>
        <div className="ml-auto flex items-center gap-3">
          <StreamWord paused={paused} />
          <Button
            icon
            aria-pressed={stopped}
            aria-label={stopped ? "Resume the feed" : "Pause the feed"}
            title={`${stopped ? "Resume" : "Pause"} (.)`}
            onClick={() => setStopped(!stopped)}
          >
            {stopped ? <Play size={16} aria-hidden /> : <Pause size={16} aria-hidden />}
          </Button>
        </div>
      </div>
      {wide && rows.length > 0 && <Head />}
      {rows.length === 0 && newer}
      {result.isPending && rows.length === 0 ? (
        <Loading wide={wide} />
      ) : result.isError && rows.length === 0 ? (
        <ErrorNotice what="The killmails" error={result.error} onRetry={() => result.refetch()} />
      ) : rows.length === 0 ? (
        <Notice title={filtered ? "No killmail matches these filters" : "No killmails yet"} role="status">
          {filtered ? (
            <Button onClick={() => change({})}>Drop all filters</Button>
          ) : (
            <p>They appear here as soon as the feed brings them.</p>
          )}
        </Notice>
      ) : (
        // Pointing at the list only holds it still; the key for the same is ".". The button
        // is a part of it: it must not go away under the pointer that reaches for it.
        <div
          onPointerEnter={(event) => event.pointerType === "mouse" && setPointed(true)}
          onPointerLeave={() => setPointed(false)}
        >
          {newer}
          <WindowList
            ref={list}
            items={rows}
            keyOf={keyOf}
            rowHeight={wide ? wideHeight : narrowHeight}
            label="Killmails, newest first"
          >
            {(killmail, index) =>
              wide ? (
                <WideRow killmail={killmail} index={index} />
              ) : (
                <NarrowRow killmail={killmail} index={index} />
              )
            }
          </WindowList>
        </div>
      )}
    </>
  );
}

/** The same object for the same filters, so that an unchanged address is no new feed. */
function useStable(search: FeedFilters): FeedFilters {
  const key = JSON.stringify(search);
  return useMemo(() => JSON.parse(key) as FeedFilters, [key]);
}

/** Whether the page is scrolled away from its top. */
function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const look = () => setScrolled(window.scrollY > 40);
    look();
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, []);
  return scrolled;
}

function StreamWord({ paused }: { paused: boolean }) {
  const state = useStreamState();
  const words = paused
    ? "Held still"
    : {
        idle: "Connecting",
        connecting: "Connecting",
        open: "Following",
        retrying: "Reconnecting",
        paused: "Asleep",
      }[state];
  return (
    <span className="text-muted text-xs" role="status">
      {words}
    </span>
  );
}

function Head() {
  return (
    <div
      className={cx(
        COLUMNS,
        "sticky top-(--head) z-10 h-7 border-line border-b bg-ground text-2xs text-muted",
      )}
    >
      <span>Time</span>
      <span>Ship</span>
      <span>Victim</span>
      <span>System</span>
      <span>Final blow</span>
      <span className="text-right">Attackers</span>
      <span className="text-right">ISK</span>
      <span>In</span>
    </div>
  );
}

function Loading({ wide }: { wide: boolean }) {
  const rows = Array.from({ length: 14 }, (_, i) => i);
  return (
    <div role="status" aria-label="Loading killmails">
      {rows.map((i) => (
        <div
          key={i}
          style={{ height: wide ? ROW_WIDE : ROW_NARROW }}
          className="grid content-center border-line border-b px-3"
        >
          <div className="skeleton h-4 w-full" />
        </div>
      ))}
    </div>
  );
}
