import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState } from "react";
import type { Linked } from "../../api/model";
import { linkQuery } from "../../api/queries/reports";
import { Button } from "../../ui/Button";
import { toast } from "../../ui/Toast";
import { searchOf } from "./address";
import { FaultText, faultFrom } from "./FaultText";
import { type Fault, formOf, type Row } from "./form";

interface Props {
  /** Puts what the link means into the form. */
  onAdd: (rows: Row[], battles: string[]) => void;
}

/** A link of another board, or of this one, and what it leads to here. */
export function PasteLink({ onAdd }: Props) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [linked, setLinked] = useState<Linked | null>(null);
  const client = useQueryClient();
  const latest = useRef(text);
  const field = useId();
  const help = useId();

  const read = async () => {
    setBusy(true);
    setFault(null);
    setLinked(null);
    const answer = await client.fetchQuery(linkQuery(text.trim())).then(
      (linked) => () => setLinked(linked),
      (error) => () => setFault(faultFrom(error)),
    );
    if (latest.current === text) answer(); // else something else stands in the field by now
    setBusy(false);
  };

  return (
    <form
      className="mt-6"
      onSubmit={(event) => {
        event.preventDefault();
        read();
      }}
    >
      <label htmlFor={field} className="font-semibold text-lg">
        Paste a link
      </label>
      <div className="mt-2 flex gap-2">
        <input
          id={field}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            latest.current = event.target.value;
            setFault(null);
            setLinked(null);
          }}
          aria-describedby={help}
          aria-invalid={fault !== null}
          autoComplete="off"
          spellCheck={false}
          placeholder="https://zkillboard.com/related/30001046/202111281000/"
          className="h-9 min-w-0 flex-1 rounded-md border border-line bg-panel px-2"
        />
        <Button type="submit" className="h-9 shrink-0" disabled={busy || text.trim() === ""}>
          Look
        </Button>
      </div>
      <div id={help} aria-live="polite" className="mt-1.5 min-h-5 text-muted text-xs">
        {fault ? (
          <FaultText fault={fault} />
        ) : (
          !linked &&
          "Related kills or a kill of zKillboard, br.evetools, WarBeacon or EVE-KILL, a report of this site, an id, or “Jorund 2021-11-28 10:21”."
        )}
      </div>
      {linked && <Meaning linked={linked} onAdd={onAdd} />}
    </form>
  );
}

const ACTION =
  "inline-flex h-9 items-center rounded-md border border-line bg-panel px-3 hover:border-line-strong hover:bg-raised";

/** The ways a link can be followed, the likeliest first and focused. */
function Meaning({ linked, onAdd }: { linked: Linked } & Props) {
  const first = useRef<HTMLDivElement>(null);
  useEffect(() => first.current?.querySelector("a")?.focus(), []);
  const { battle_id: battle, killmail_id: killmail, report } = linked;
  return (
    <div ref={first} className="flex flex-wrap gap-2">
      {battle !== undefined && (
        <Link
          to="/battles/$id/{-$tab}"
          params={{ id: String(battle) }}
          search={searchOf(linked.query ?? "")}
          className={ACTION}
        >
          {linked.kind === "killmail" ? `Open its battle, ${battle}` : `Open battle ${battle}`}
        </Link>
      )}
      {report && (
        <Link to="/reports/{-$tab}" search={searchOf(report)} className={ACTION}>
          {linked.kind === "report" ? "Open the report" : "Report of everything there and then"}
        </Link>
      )}
      {killmail !== undefined && (
        <Link to="/kills/$id" params={{ id: String(killmail) }} className={ACTION}>
          Open the kill
        </Link>
      )}
      <Button
        className="h-9"
        onClick={() => {
          const rows = report ? formOf(searchOf(report)).rows : [];
          const named = searchOf(report ?? "").battle ?? [];
          onAdd(
            rows.filter((row) => row.system !== ""),
            report ? named : battle === undefined ? [] : [String(battle)],
          );
          toast("Added to the report below");
        }}
      >
        Add to the report below
      </Button>
    </div>
  );
}
