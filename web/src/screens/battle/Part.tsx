import type { UseQueryResult } from "@tanstack/react-query";
import { ErrorNotice, StaleNotice } from "../../ui/Notice";
import { useShown } from "./shown";

interface Props<T> {
  query: UseQueryResult<T>;
  /** "The damage": what it is, for errors. */
  what: string;
  /** It shows the moment of a replay itself. */
  follows?: boolean;
  /** Lines of the skeleton while it is on its way. */
  rows: number;
  children: (data: T) => React.ReactNode;
}

/** A part of the report that comes by itself: while it loads, when it fails, and what a replay does not change. */
export function Part<T>({ query, what, follows, rows, children }: Props<T>) {
  const { data, error, isPending, isPlaceholderData, refetch } = query;
  const { standing } = useShown();
  if (isPending) {
    return (
      <div role="status" aria-label={`Loading: ${what}`} className="grid gap-3 p-3">
        {Array.from({ length: rows }, (_, i) => i).map((i) => (
          <div key={i} className="skeleton h-7 w-full" />
        ))}
      </div>
    );
  }
  if (data === undefined) {
    return <ErrorNotice what={what} error={error ?? new Error("no answer")} onRetry={() => refetch()} />;
  }
  return (
    <>
      {error && <StaleNotice what={what} error={error} />}
      {standing !== "whole" && !follows && (
        <p role="note" className="border-line border-b bg-panel px-3 py-1.5 text-muted text-xs">
          {standing === "moment" && !isPlaceholderData
            ? `${what} is that of the moment of the replay.`
            : `${what} is not that of the moment; it follows where the replay rests.`}
        </p>
      )}
      {children(data)}
    </>
  );
}
