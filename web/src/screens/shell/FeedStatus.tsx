import { useQuery } from "@tanstack/react-query";
import { useStreamState } from "../../api/live";
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

function words(feed: Feed): string {
  switch (feed.state) {
    case "live":
      return "Live";
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
  const text = data
    ? isError
      ? "Server unreachable"
      : words(data.feed)
    : isError
      ? "Server unreachable"
      : "…";
  const dot = isError ? "bg-bad" : data ? DOT[data.feed.state] : "bg-line-strong";
  const live = !isError && data?.feed.state === "live";
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap text-muted text-xs" role="status">
      <span className={cx("size-2 rounded-full", dot, live && "live-dot")} aria-hidden />
      {text}
    </span>
  );
}

/** What hinders fresh data, in a line under the top bar; nothing when all is well. */
export function FeedBanner() {
  const { data, isError, dataUpdatedAt } = useQuery(summaryQuery);
  const stream = useStreamState();
  const now = useNow(30_000);
  if (isError || (stream === "retrying" && dataUpdatedAt > 0)) {
    const age = dataUpdatedAt > 0 ? ` What you see is from ${relative(new Date(dataUpdatedAt), now)}.` : "";
    return <Banner tone="bad">The server cannot be reached; the page keeps trying.{age}</Banner>;
  }
  const feed = data?.feed;
  if (feed?.state === "offline") {
    return (
      <Banner tone="warn">
        <strong className="font-semibold">The feed cannot be reached; still trying.</strong>
        {feed.since && ` Since ${eveTime(new Date(feed.since))} EVE.`}
        {feed.hint && ` ${feed.hint[0]?.toUpperCase()}${feed.hint.slice(1)}.`}
        {feed.last_error && <span className="text-muted"> {feed.last_error}</span>}
      </Banner>
    );
  }
  return null;
}

function Banner({ tone, children }: { tone: "bad" | "warn"; children: React.ReactNode }) {
  return (
    <div
      role="alert"
      className={cx(
        "border-b bg-panel px-3 py-1.5 text-sm",
        tone === "bad" ? "border-bad text-bad" : "border-warn text-warn",
      )}
    >
      {children}
    </div>
  );
}
