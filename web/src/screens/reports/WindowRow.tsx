import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useEffectEvent, useId, useState } from "react";
import { systemQuery } from "../../api/queries/reports";
import { duration, eveWindow } from "../../eve/time";
import { regionName, systemName } from "../../eve-ui/names";
import { Security } from "../../eve-ui/SystemName";
import { Button } from "../../ui/Button";
import { cx } from "../../ui/cx";
import { FaultText } from "./FaultText";
import { type Fault, type Field, faultOf, type Row, timesOf } from "./form";

interface Props {
  row: Row;
  number: number;
  fault: Fault | null;
  onChange: (changes: Partial<Row>) => void;
  /** null while there is nothing to remove. */
  onRemove: (() => void) | null;
}

const INPUT =
  "mt-1 block h-9 w-full min-w-0 rounded-md border border-line bg-ground px-2 aria-invalid:border-bad";

/** One system and the time looked at there. */
export function WindowRow({ row, number, fault, onChange, onRemove }: Props) {
  const id = useId();
  // The name is looked up when the field is left, not key by key.
  const [name, setName] = useState(row.system);
  const { data: system } = useQuery({ ...systemQuery(name.trim()), enabled: name.trim() !== "" });
  // An id, as addresses have it, becomes the name that people know.
  const title = system?.name;
  const named = useEffectEvent((text: string) => {
    if (row.system !== name) return; // already written over
    onChange({ system: text });
    setName(text);
  });
  useEffect(() => {
    if (title && /^\s*\d+\s*$/.test(name)) named(title);
  }, [title, name]);
  const input = (field: Field, label: string, placeholder: string) => (
    <div className={cx("min-w-0", field === "system" && "max-sm:col-span-2 max-sm:pr-11")}>
      <label htmlFor={`${id}-${field}`} className="label">
        {label}
      </label>
      <input
        id={`${id}-${field}`}
        value={row[field]}
        onChange={(event) => onChange({ [field]: event.target.value })}
        onBlur={() => setName(row.system)}
        placeholder={placeholder}
        aria-invalid={fault?.field === field}
        aria-describedby={`${id}-note`}
        autoComplete="off"
        spellCheck={false}
        className={cx(INPUT, field !== "system" && "num")}
      />
    </div>
  );
  return (
    <li data-row={row.key} className="rounded-md border border-line bg-panel p-3">
      <fieldset className="relative grid grid-cols-2 items-end gap-2 sm:grid-cols-[1fr_1fr_1fr_2.25rem]">
        <legend className="sr-only">System {number}</legend>
        {input("system", "System", "Jorund")}
        {input("from", "From (EVE time)", "2021-11-28 10:00")}
        {input("to", "To (EVE time)", "15:00")}
        <Button
          icon
          aria-label={`Remove system ${number}`}
          title="Remove"
          onClick={onRemove ?? undefined}
          disabled={!onRemove}
          className="h-9 w-9 max-sm:absolute max-sm:top-5 max-sm:right-0"
        >
          <X size={14} aria-hidden />
        </Button>
      </fieldset>
      <div id={`${id}-note`} className="mt-1.5 min-h-4 text-xs">
        {fault ? <FaultText fault={fault} /> : <Understood row={row} name={name.trim()} />}
      </div>
    </li>
  );
}

/** How the row is read: the system in full, and the time. */
function Understood({ row, name }: { row: Row; name: string }) {
  const { data: system, error } = useQuery({ ...systemQuery(name), enabled: name !== "" });
  const { from, to } = timesOf(row);
  const fault = faultOf(row);
  return (
    <span className="num flex flex-wrap gap-x-3 whitespace-normal text-muted">
      {system && name === row.system.trim() && (
        <span>
          <Security system={system} /> <span className="text-text">{systemName(system)}</span>{" "}
          {regionName(system)}
        </span>
      )}
      {error && name !== "" && name === row.system.trim() && (
        <FaultText
          fault={{ message: error.message, hint: "hint" in error ? String(error.hint) : undefined }}
        />
      )}
      {!fault && from && to && (
        <span>
          {eveWindow(from, to)} EVE, {duration((to.getTime() - from.getTime()) / 1000)}
        </span>
      )}
    </span>
  );
}
