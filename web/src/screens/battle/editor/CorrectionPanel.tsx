import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import type { Side } from "../../../api/model";
import { battleKeys } from "../../../api/queries/battles";
import { administratorQuery, correctionsQuery, saveCorrection } from "../../../api/queries/corrections";
import { Button } from "../../../ui/Button";
import { toast } from "../../../ui/Toast";
import { FaultText, faultFrom } from "../../reports/FaultText";
import { idsIn } from "../../reports/form";
import { CorrectionList } from "./CorrectionList";
import { correctionOf, splitOf } from "./correction";
import { ExtentFields, type ShownPart } from "./ExtentFields";
import type { Overrides } from "./overrides";

interface Props {
  battle: number;
  inferred: readonly Side[];
  overrides: Overrides;
  excluded: readonly string[];
  /** All killmails of the battle. */
  killmails: readonly number[];
  part: ShownPart | null;
  /** What the link held is the battle's now; `split`: the part shown as well. */
  onSaved: (split: boolean) => void;
}

/** Makes what is in the link a correction for everybody, and shows those that were made. */
export function CorrectionPanel({ battle, ...edits }: Props) {
  const [open, setOpen] = useState(false);
  const corrections = useQuery(correctionsQuery(battle));
  const standing = corrections.data?.filter(({ active }) => active).length ?? 0;
  return (
    <details
      className="self-start rounded-md border border-line"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex min-h-9 items-center gap-2 px-3 py-1 hover:bg-hover">
        <span className="font-semibold">Correct it for everybody</span>
        <span className="ml-auto text-muted text-xs">
          {standing === 0 ? "no corrections" : `${standing} in force`}
        </span>
      </summary>
      {open && (
        <div className="grid gap-4 border-line border-t p-3">
          <Save battle={battle} {...edits} />
          {corrections.error && <FaultText fault={faultFrom(corrections.error)} />}
          {corrections.data && <CorrectionList battle={battle} corrections={corrections.data} />}
        </div>
      )}
    </details>
  );
}

function Save({ battle, inferred, overrides, excluded, killmails, part, onSaved }: Props) {
  const administrator = useQuery(administratorQuery);
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const [split, setSplit] = useState(false);
  const [merge, setMerge] = useState("");
  const id = useId();
  const other = idsIn(merge, "battle");
  const odd = other.odd !== null || other.ids.length > 1;
  const apart = split && part ? splitOf(killmails, part.killmails) : [];
  const extent = { apart, mergeWith: other.ids[0] === undefined ? undefined : Number(other.ids[0]) };
  const save = useMutation({
    mutationFn: () => saveCorrection(battle, correctionOf(inferred, overrides, excluded, note, extent)),
    onSuccess: () => {
      toast("Saved. The battle is recomputed within moments");
      setNote("");
      setSplit(false);
      setMerge("");
      onSaved(extent.apart.length > 0);
      client.invalidateQueries({ queryKey: battleKeys.detail(battle) });
    },
  });
  if (administrator.isPending) return <p className="text-muted">Asking who you are…</p>;
  if (administrator.error) return <FaultText fault={faultFrom(administrator.error)} />;
  if (!administrator.data) return <NotAdministrator battle={battle} />;
  const changes = changeWords(overrides.size, excluded.length, apart.length, other.ids[0]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <label htmlFor={id} className="label">
        Why (everybody can read it)
      </label>
      <textarea
        id={id}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        maxLength={500}
        rows={2}
        required
        className="mt-1 block w-full rounded-md border border-line bg-panel px-2 py-1"
      />
      <ExtentFields part={part} split={split} onSplit={setSplit} merge={merge} onMerge={setMerge} odd={odd} />
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button type="submit" disabled={changes === "" || odd || save.isPending}>
          Save as correction
        </Button>
        <span className="min-w-0 flex-1 basis-48 text-muted text-xs">
          {changes === ""
            ? "Move somebody, split or merge first. What the link holds becomes the correction."
            : `${changes}. Kills that come late respect it.`}
        </span>
      </div>
      <div role="alert" className="mt-1">
        {save.error && <FaultText fault={faultFrom(save.error)} />}
      </div>
    </form>
  );
}

/** What would be saved, in a sentence without its end; empty when nothing would. */
function changeWords(moved: number, left: number, apart: number, other: string | undefined): string {
  const parts: string[] = [];
  if (moved > 0) parts.push(`${moved} moved`);
  if (left > 0) parts.push(`${left} taken out of the battle`);
  if (apart > 0) parts.push("split in two");
  if (other !== undefined) parts.push(`merged with battle ${other}`);
  return parts.join(", ");
}

function NotAdministrator({ battle }: { battle: number }) {
  return (
    <div className="grid gap-1 text-xs">
      <p>
        Your link shows the sides your way to everyone who opens it. To change the battle itself, this browser
        has to be the administrator's.
      </p>
      <p>
        A part of the time has a link of its own, too, and several battles are one in a{" "}
        <Link to="/reports/new" search={{ battle: [String(battle)] }} className="text-accent underline">
          custom report
        </Link>
        .
      </p>
      <p className="text-muted">
        Whoever runs this server finds a link that works once in what the server prints at its start
        (/auth/admin?token=…). Open it in this browser, then come back here; the link of this page keeps what
        you moved.
      </p>
    </div>
  );
}
