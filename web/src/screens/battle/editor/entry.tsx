/** The way into the sides editor: what of it is there before it is opened. */

import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ListPlus, PencilLine } from "lucide-react";
import { lazy, Suspense, useCallback } from "react";
import { Button } from "../../../ui/Button";
import type { RawSearch } from "../../battles/filters";
import { useShown } from "../shown";

const Editor = lazy(() => import("./Editor").then(({ Editor }) => ({ default: Editor })));

/** Whether the editor is open, which the address says as well. */
function useEditing(): [boolean, (open: boolean) => void] {
  const raw = useSearch({ strict: false }) as RawSearch;
  const navigate = useNavigate();
  const open = useCallback(
    (on: boolean) =>
      void navigate({
        to: ".",
        search: ((before: RawSearch) => ({ ...before, edit: on ? "sides" : undefined })) as never,
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  return [raw.edit === "sides", open];
}

/** Opens and closes the editor; of a custom report, leads back to what it is made of as well. */
export function EditButtons() {
  const [editing, open] = useEditing();
  const { source } = useShown();
  const { window, battle, side, exclude } = source.query;
  return (
    <>
      {source.kind === "report" && (
        <Link
          to="/reports/new"
          search={{ window, battle, side, exclude }}
          className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-panel px-2.5 hover:border-line-strong hover:bg-raised"
        >
          <ListPlus size={14} aria-hidden />
          Systems and times
        </Link>
      )}
      <Button
        aria-expanded={editing}
        aria-controls={editing ? "sides-editor" : undefined}
        onClick={() => open(!editing)}
      >
        <PencilLine size={14} aria-hidden />
        Edit sides
      </Button>
    </>
  );
}

/** The editor when it is open; else a word when the address overrules what was found. */
export function SidesEditor() {
  const [editing, open] = useEditing();
  const { whole, source, change } = useShown();
  if (editing) {
    return (
      <section id="sides-editor" aria-label="Sides editor" className="border-line border-t bg-ground">
        <Suspense fallback={<Opening />}>
          <Editor onClose={() => open(false)} />
        </Suspense>
      </section>
    );
  }
  const put = source.query.side?.length ?? 0;
  const left = source.query.exclude?.length ?? 0;
  if (!whole.edited || put + left === 0) return null;
  return (
    <div role="note" className="flex flex-wrap gap-x-4 border-line border-t bg-panel px-3 py-1.5 text-xs">
      <p>
        This link shows {words(put, left)}.{" "}
        {source.kind === "battle" && "The stored battle is not changed by it. "}
        <button type="button" onClick={() => open(true)} className="text-accent hover:underline">
          See what
        </button>{" "}
        or{" "}
        <button
          type="button"
          onClick={() => change({ side: undefined, exclude: undefined })}
          className="text-accent hover:underline"
        >
          show it as found
        </button>
      </p>
    </div>
  );
}

function words(put: number, left: number): string {
  const parts: string[] = [];
  if (put > 0) parts.push(`${put} ${put === 1 ? "party" : "parties"} put on another side by hand`);
  if (left > 0) parts.push(`${left} ${left === 1 ? "killmail" : "killmails"} left out`);
  return parts.join(" and ");
}

function Opening() {
  return (
    <div role="status" aria-label="Opening the editor" className="grid h-80 gap-2 p-3">
      <div className="skeleton h-8 w-64" />
      <div className="skeleton size-full" />
    </div>
  );
}
