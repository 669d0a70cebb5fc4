import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Side } from "../../../api/model";
import { battleKeys } from "../../../api/queries/battles";
import { administratorQuery, correctionsQuery, saveCorrection } from "../../../api/queries/corrections";
import { Button } from "../../../ui/Button";
import { toast } from "../../../ui/Toast";
import { FaultText, faultFrom } from "../../reports/FaultText";
import { CorrectionList } from "./CorrectionList";
import { correctionOf } from "./correction";
import type { Overrides } from "./overrides";

interface Props {
  battle: number;
  inferred: readonly Side[];
  overrides: Overrides;
  excluded: readonly string[];
  onSaved: () => void;
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

function Save({ battle, inferred, overrides, excluded, onSaved }: Props) {
  const administrator = useQuery(administratorQuery);
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const id = useId();
  const save = useMutation({
    mutationFn: () => saveCorrection(battle, correctionOf(inferred, overrides, excluded, note)),
    onSuccess: () => {
      toast("Saved. The battle is recomputed within moments");
      setNote("");
      onSaved();
      client.invalidateQueries({ queryKey: battleKeys.detail(battle) });
    },
  });
  if (administrator.isPending) return <p className="text-muted">Asking who you are…</p>;
  if (administrator.error) return <FaultText fault={faultFrom(administrator.error)} />;
  if (!administrator.data) return <NotAdministrator />;
  const changes = overrides.size + excluded.length;
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
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button type="submit" disabled={changes === 0 || save.isPending}>
          Save as correction
        </Button>
        <span className="min-w-0 flex-1 basis-48 text-muted text-xs">
          {changes === 0
            ? "Move somebody first: the correction is what the link holds."
            : `${overrides.size} moved${excluded.length > 0 ? `, ${excluded.length} taken out of the battle` : ""}. Kills that come late respect it.`}
        </span>
      </div>
      <div role="alert" className="mt-1">
        {save.error && <FaultText fault={faultFrom(save.error)} />}
      </div>
    </form>
  );
}

function NotAdministrator() {
  return (
    <div className="grid gap-1 text-xs">
      <p>
        Your link shows the sides your way to everyone who opens it. To change the battle itself, this browser
        has to be the administrator's.
      </p>
      <p className="text-muted">
        Whoever runs this server finds a link that works once in what the server prints at its start
        (/auth/admin?token=…). Open it in this browser, then come back here; the link of this page keeps what
        you moved.
      </p>
    </div>
  );
}
