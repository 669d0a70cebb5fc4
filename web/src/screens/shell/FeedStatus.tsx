import { useQuery } from "@tanstack/react-query";
import { usePush, useStreamState } from "../../api/live";
import type { FeedStatus as Feed } from "../../api/model";
import { summaryQuery } from "../../api/queries/summary";
import { duration, eveTime, relative } from "../../eve/time";
import { cx } from "../../ui/cx";
import { useNow } from "../../ui/useNow";

const DOT: Record<Feed["state"], string> = {
  live: "bg-good",
  catching_up: "bg-warn",
  offline: "bg-bad",
  off: "bg-line-strong",
};

const DELAYED =
  "Signals inside the server are interrupted: new killmails and battles appear about a second later. Nothing is lost.";

function words(feed: Feed, delayed: boolean): string {
  switch (feed.state) {
    case "live":
      return delayed ? "Live, delayed" : "Live";
    case "catching_up":
      return feed.lag_s ? `Catching up · ${duration(feed.lag_s)} behind` : "Catching up";
    case "offline":
      return "Feed offline";
    case "off":
      return "Feed off";
  }
}

/** The state of the server's feed, as a dot with its word. */
export function FeedStatus() {
  const { data, isError } = useQuery(summaryQuery);
  const delayed = usePush() === "polling" && !isError && data?.feed.state === "live";
  const text = data
    ? isError
      ? "Server unreachable"
      : words(data.feed, delayed)
    : isError
      ? "Server unreachable"
      : "…";
  const dot = isError ? "bg-bad" : delayed ? "bg-warn" : data ? DOT[data.feed.state] : "bg-line-strong";
  const live = !isError && data?.feed.state === "live";
  return (
    <span
      className="flex min-w-21 items-center justify-end gap-1.5 whitespace-nowrap text-muted text-xs"
      role="status"
      title={delayed ? DELAYED : undefined}
    >
      <span className={cx("size-2 rounded-full", dot, live && "live-dot")} aria-hidden />
      {text}
      {delayed && <span className="sr-only">. {DELAYED}</span>}
    </span>
  );
}

/** What hinders fresh data, in a bar at the bottom that moves nothing; no bar when all is well. */
export function FeedBanner() {
  const { data, isError, dataUpdatedAt } = useQuery(summaryQuery);
  const stream = useStreamState();
  const now = useNow(30_000);
  if (isError || (stream === "retrying" && dataUpdatedAt > 0)) {
    const age = dataUpdatedAt > 0 ? `What you see is from ${relative(new Date(dataUpdatedAt), now)}.` : "";
    return (
      <Banner tone="bad" title="The server cannot be reached; the page keeps trying.">
        {age}
      </Banner>
    );
  }
  const feed = data?.feed;
  if (feed?.state !== "offline") return null;
  return (
    <Banner tone="warn" title="The feed cannot be reached; still trying.">
      {feed.since && `Since ${eveTime(new Date(feed.since))} EVE. `}
      {feed.hint && `${feed.hint.slice(0, 1).toUpperCase()}${feed.hint.slice(1)}. `}
      {feed.last_error && <span className="break-all text-muted">{feed.last_error}</span>}
    </Banner>
  );
}

interface BannerProps {
  tone: "bad" | "warn";
  title: string;
  /** What else there is to know; opens on demand. */
  children: React.ReactNode;
}

function Banner({ tone, title, children }: BannerProps) {
  return (
    <div
      role="alert"
      className={cx(
        "fixed inset-x-0 bottom-14 z-20 border-t bg-panel text-sm sm:bottom-0",
        tone === "bad" ? "border-bad text-bad" : "border-warn text-warn",
      )}
    >
      {children ? (
        <details className="group">
          <summary className="flex min-h-8 list-none items-center gap-2 px-3">
            <strong className="font-semibold">{title}</strong>
            <span className="text-xs underline group-open:hidden">Why?</span>
          </summary>
          <p className="px-3 pb-2 text-text">{children}</p>
        </details>
      ) : (
        <p className="flex min-h-8 items-center px-3 font-semibold">{title}</p>
      )}
    </div>
  );
}
