import { Link } from "@tanstack/react-router";
import type { ApiError } from "../../api/error";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { sentence } from "../../ui/sentence";

/** Stands in place of the tabs when the part of the time shown is empty. */
export function Nothing({ onWhole }: { onWhole: () => void }) {
  return (
    <Notice title="No losses in this time">
      <p>Widen the window on the timeline, or look at all of it.</p>
      <Button onClick={onWhole}>Show the whole battle</Button>
    </Notice>
  );
}

/** Stands in place of a battle that is not there. */
export function Missing({ error }: { error: ApiError }) {
  return (
    <Notice title="No such battle" role="alert" page>
      <p className="text-text">{sentence(error.message)}</p>
      {error.hint && <p>{sentence(error.hint)}</p>}
      <p>
        <Link to="/battles" className="text-accent underline">
          To the battles
        </Link>
      </p>
      {error.requestId && <p className="num text-xs">request {error.requestId}</p>}
    </Notice>
  );
}

/** The shape of a report that is on its way. */
export function Loading() {
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
