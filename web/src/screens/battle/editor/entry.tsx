/** The way into the sides editor: what of it is there before it is opened. */

import { Link, useSearch } from "@tanstack/react-router";
import { ListPlus, PencilLine } from "lucide-react";
import { type ComponentType, useCallback, useEffect, useState } from "react";
import { plural } from "../../../eve/count";
import { Button } from "../../../ui/Button";
import type { RawSearch } from "../../battles/filters";
import { useShown } from "../shown";
import { useChange } from "../useChange";

/** The editor is fetched when it is wanted, and shown only once it is there: what is below it then moves once. */
let Editor: ComponentType<{ onClose: () => void }> | null = null;

async function fetchEditor(): Promise<void> {
  ({ Editor } = await import("./Editor"));
}

/** Whether the page can be shown as its address says: without the editor, or with it fetched. */
export function useEditorReady(): boolean {
  const raw = useSearch({ strict: false }) as RawSearch;
  const wanted = raw.edit === "sides";
  const [, setFetched] = useState(Editor !== null);
  const [broken, setBroken] = useState<unknown>(null);
  useEffect(() => {
    if (wanted && !Editor) fetchEditor().then(() => setFetched(true), setBroken);
  }, [wanted]);
  if (broken) throw broken;
  return !wanted || Editor !== null;
}

/** Whether the editor is open, which the address says as well. */
function useEditing(): [boolean, (open: boolean) => Promise<void>] {
  const raw = useSearch({ strict: false }) as RawSearch;
  const change = useChange();
  const open = useCallback(
    async (on: boolean) => {
      if (on) await fetchEditor().catch(() => {}); // who opens it, tries again and tells
      await change({ edit: on ? "sides" : undefined });
    },
    [change],
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
        onPointerEnter={() => void fetchEditor().catch(() => {})}
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
  if (editing && Editor) {
    return (
      <section id="sides-editor" aria-label="Sides editor" className="border-line border-t bg-ground">
        <Editor onClose={() => open(false)} />
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
  if (put > 0) parts.push(`${plural(put, "party", "parties")} put on another side by hand`);
  if (left > 0) parts.push(`${plural(left, "killmail")} left out`);
  return parts.join(" and ");
}
