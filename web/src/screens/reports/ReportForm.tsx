import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { ApiError } from "../../api/error";
import { type ReportQuery, reportQuery } from "../../api/queries/report";
import { systemQuery } from "../../api/queries/reports";
import { Button } from "../../ui/Button";
import type { ReportSearch } from "../battle/search";
import { FaultText, faultFrom } from "./FaultText";
import {
  emptyRow,
  type Fault,
  type Form,
  faultOf,
  idsIn,
  isEmpty,
  MAX_ROWS,
  type Row,
  windowOf,
} from "./form";
import { WindowRow } from "./WindowRow";

interface Props {
  form: Form;
  onChange: (form: Form) => void;
  /** What the address says of sides: it goes along. */
  kept: ReportSearch;
}

interface Faults {
  rows: ReadonlyMap<number, Fault>;
  battles?: Fault;
  exclude?: Fault;
  form?: Fault;
}

const NO_FAULTS: Faults = { rows: new Map() };

/** Systems with their times, battles and killmails left out, and the way to their report. */
export function ReportForm({ form, onChange, kept }: Props) {
  const [faults, setFaults] = useState(NO_FAULTS);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [added, setAdded] = useState<number | null>(null);

  // What was added, or went wrong, is where the next key goes.
  useEffect(() => {
    if (added !== null) box.current?.querySelector<HTMLElement>(`[data-row="${added}"] input`)?.focus();
  }, [added]);
  useEffect(() => {
    if (faults !== NO_FAULTS) box.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [faults]);

  const edit = (key: number, changes: Partial<Row>) => {
    onChange({ ...form, rows: form.rows.map((row) => (row.key === key ? { ...row, ...changes } : row)) });
    const rows = new Map(faults.rows);
    if (rows.delete(key)) setFaults({ ...faults, rows });
  };
  const add = () => {
    const last = form.rows.at(-1);
    const key = 1 + Math.max(0, ...form.rows.map((row) => row.key));
    // Neighbouring systems are fought over at the same time.
    onChange({
      ...form,
      rows: [...form.rows, { ...emptyRow(key), from: last?.from ?? "", to: last?.to ?? "" }],
    });
    setAdded(key);
  };
  const remove = (key: number) => {
    const at = form.rows.findIndex((row) => row.key === key);
    const rows = form.rows.filter((row) => row.key !== key);
    onChange({ ...form, rows: rows.length > 0 ? rows : [emptyRow(key + 1)] });
    setAdded(rows[Math.max(0, at - 1)]?.key ?? key + 1);
  };

  const submit = async () => {
    setBusy(true);
    const { query, faults: found } = await understand(form, (name) => client.fetchQuery(systemQuery(name)));
    const asked = { ...query, side: kept.side };
    let wrong = found;
    if (!wrong) {
      try {
        // The report itself is asked for, so that what is wrong with it is said here; it is there when its page opens.
        await client.fetchQuery(reportQuery({ kind: "report", query: asked }));
      } catch (error) {
        wrong = blame(error, form.rows, query.window ?? []);
      }
    }
    setBusy(false);
    setFaults(wrong ?? NO_FAULTS);
    if (!wrong) navigate({ to: "/reports/{-$tab}", search: asked });
  };

  return (
    <form
      ref={box}
      noValidate
      className="mt-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) submit();
      }}
    >
      <ol className="grid gap-2">
        {form.rows.map((row, i) => (
          <WindowRow
            key={row.key}
            row={row}
            number={i + 1}
            fault={faults.rows.get(row.key) ?? null}
            onChange={(changes) => edit(row.key, changes)}
            onRemove={form.rows.length > 1 || !isEmpty(row) ? () => remove(row.key) : null}
          />
        ))}
      </ol>
      <Button onClick={add} disabled={form.rows.length >= MAX_ROWS} className="mt-2">
        <Plus size={14} aria-hidden />
        Add a system
      </Button>
      <div className="mt-5 grid gap-4 sm:grid-cols-2">
        <ListField
          label="Stored battles taken in"
          help="Ids or links, as many as needed."
          value={form.battles}
          fault={faults.battles}
          onChange={(battles) => onChange({ ...form, battles })}
        />
        <ListField
          label="Killmails left out"
          help="Ids or links of kills that do not belong."
          value={form.exclude}
          fault={faults.exclude}
          onChange={(exclude) => onChange({ ...form, exclude })}
        />
      </div>
      <div className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-2">
        <button
          type="submit"
          aria-disabled={busy}
          className="h-9 rounded-md bg-accent px-4 font-semibold text-ground hover:opacity-90"
        >
          Make the report
        </button>
        <span role="status" className="text-muted">
          {busy && "Putting it together…"}
        </span>
      </div>
      <div role="alert" className="mt-2 text-sm">
        {faults.form && <FaultText fault={faults.form} />}
      </div>
    </form>
  );
}

interface ListFieldProps {
  label: string;
  help: string;
  value: string;
  fault: Fault | undefined;
  onChange: (value: string) => void;
}

function ListField({ label, help, value, fault, onChange }: ListFieldProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="label">
        {label}
      </label>
      <input
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={`${id}-help`}
        aria-invalid={fault !== undefined}
        autoComplete="off"
        spellCheck={false}
        className="mt-1 block h-9 w-full rounded-md border border-line bg-panel px-2"
      />
      <div id={`${id}-help`} className="mt-1 text-muted text-xs">
        {fault ? <FaultText fault={fault} /> : help}
      </div>
    </div>
  );
}

interface Understood {
  query: ReportQuery;
  /** null when nothing is wrong. */
  faults: Faults | null;
}

/** Reads the form; `find` looks up a system by its name or id. */
async function understand(form: Form, find: (name: string) => Promise<{ id: number }>): Promise<Understood> {
  const rows = new Map<number, Fault>();
  const windows = await Promise.all(
    form.rows.map(async (row) => {
      if (isEmpty(row)) return null;
      const fault = faultOf(row);
      if (fault) {
        rows.set(row.key, fault);
        return null;
      }
      try {
        return windowOf((await find(row.system.trim())).id, row);
      } catch (error) {
        rows.set(row.key, { field: "system", ...faultFrom(error) });
        return null;
      }
    }),
  );
  const window = windows.filter((text) => text !== null);
  const battle = idsIn(form.battles, "battle");
  const exclude = idsIn(form.exclude, "killmail");
  const faults: Faults = {
    rows,
    battles: odd(battle.odd, "is no battle", "Give its id, or a link as /battles/12."),
    exclude: odd(exclude.odd, "is no killmail", "Give its id, or a link to the kill."),
    form:
      rows.size === 0 && window.length + battle.ids.length === 0
        ? { message: "The report is of nothing yet.", hint: "Name a system with a time, or a battle." }
        : undefined,
  };
  const wrong = rows.size > 0 || faults.battles || faults.exclude || faults.form;
  return { query: { window, battle: battle.ids, exclude: exclude.ids }, faults: wrong ? faults : null };
}

function odd(word: string | null, what: string, hint: string): Fault | undefined {
  return word === null ? undefined : { message: `“${word}” ${what}.`, hint };
}

/** Puts the server's complaint at the row it names, else at the form. */
function blame(error: unknown, rows: readonly Row[], windows: readonly string[]): Faults {
  const fault = faultFrom(error);
  const named = windows.findIndex((window) => fault.message.includes(window));
  const row = rows.filter((each) => !isEmpty(each))[named];
  if (row) return { rows: new Map([[row.key, fault]]) };
  if (error instanceof ApiError && /^battle\b/.test(fault.message))
    return { rows: new Map(), battles: fault };
  return { rows: new Map(), form: fault };
}
