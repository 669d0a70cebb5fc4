import { useId, useState } from "react";
import { formatIsk, parseIsk } from "../../eve/isk";
import { SPACES } from "../../eve/security";
import { eveTime, parseEveTime } from "../../eve/time";
import { Toggle } from "../../ui/Toggle";
import { type BattleFilters, KINDS, SORTS, sortOf, WINDOWS, type Window } from "./filters";

interface Props {
  filters: BattleFilters;
  onChange: (filters: BattleFilters) => void;
}

const MINIMA = [
  ["min_kills", "Kills", [5, 20, 100]],
  ["min_pilots", "Pilots", [10, 50, 200]],
] as const;

/** The filter rail. Every change goes into the address; nothing is kept here. */
export function FilterRail({ filters, onChange }: Props) {
  return (
    <div className="grid gap-4">
      <Group label="Sort">
        <select
          aria-label="Sort"
          value={sortOf(filters)}
          onChange={(event) =>
            onChange({ ...filters, sort: SORTS.find(([key]) => key === event.target.value)?.[0] })
          }
          className="h-8 w-full rounded-md border border-line bg-panel px-2"
        >
          {SORTS.map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      </Group>
      <Group label="Window">
        {(Object.keys(WINDOWS) as Window[]).map((window) => (
          <Toggle
            key={window}
            pressed={filters.window === window}
            onChange={(on) =>
              onChange({ ...filters, window: on ? window : undefined, since: undefined, until: undefined })
            }
          >
            {window}
          </Toggle>
        ))}
        <TimeField
          label="Since"
          value={filters.since}
          onChange={(since) => onChange({ ...filters, since, window: undefined })}
        />
        <TimeField
          label="Until"
          value={filters.until}
          onChange={(until) => onChange({ ...filters, until, window: undefined })}
        />
      </Group>
      <Group label="Kind">
        {KINDS.map(([key, label]) => (
          <Toggle
            key={key}
            pressed={filters.kind?.includes(key) ?? false}
            onChange={(on) => onChange({ ...filters, kind: toggled(filters.kind, key, on) })}
          >
            {label}
          </Toggle>
        ))}
      </Group>
      <Group label="Space">
        {SPACES.filter(([key]) => key !== "other").map(([key, label]) => (
          <Toggle
            key={key}
            pressed={filters.space_type?.includes(key) ?? false}
            onChange={(on) => onChange({ ...filters, space_type: toggled(filters.space_type, key, on) })}
          >
            {label}
          </Toggle>
        ))}
      </Group>
      {MINIMA.map(([key, label, steps]) => (
        <Group key={key} label={`${label}, at least`}>
          {steps.map((step) => (
            <Toggle
              key={step}
              pressed={filters[key] === step}
              onChange={(on) => onChange({ ...filters, [key]: on ? step : undefined })}
            >
              {step}
            </Toggle>
          ))}
          <AmountField
            label={`${label}, at least`}
            value={filters[key]}
            read={(text) => (/^\d+$/.test(text.trim()) ? Number(text) : null)}
            write={String}
            onChange={(value) => onChange({ ...filters, [key]: value })}
          />
        </Group>
      ))}
      <Group label="ISK, at least">
        {[1e8, 1e9, 1e10].map((step) => (
          <Toggle
            key={step}
            pressed={filters.min_isk === step}
            onChange={(on) => onChange({ ...filters, min_isk: on ? step : undefined })}
          >
            {formatIsk(step).replace(/\.0+/, "")}
          </Toggle>
        ))}
        <AmountField
          label="ISK, at least"
          value={filters.min_isk}
          read={parseIsk}
          write={formatIsk}
          onChange={(min_isk) => onChange({ ...filters, min_isk })}
        />
      </Group>
    </div>
  );
}

function toggled<T>(values: readonly T[] | undefined, value: T, on: boolean): T[] | undefined {
  const rest = (values ?? []).filter((v) => v !== value);
  const next = on ? [...rest, value] : rest;
  return next.length > 0 ? next : undefined;
}

function Group({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="label mb-1.5">{label}</legend>
      <div className="flex flex-wrap gap-1">{children}</div>
    </fieldset>
  );
}

interface FieldProps<T> {
  label: string;
  value: T | undefined;
  onChange: (value: T | undefined) => void;
}

/** Free entry beside the steps: applied on Enter or on leaving the field, marked when unreadable. */
function AmountField({
  label,
  value,
  read,
  write,
  onChange,
}: FieldProps<number> & { read: (text: string) => number | null; write: (value: number) => string }) {
  const shown = value === undefined ? "" : write(value);
  return (
    <Entry
      key={shown}
      label={label}
      placeholder="other"
      initial={shown}
      className="w-12"
      onCommit={(text) => {
        const next = text === "" ? undefined : read(text);
        if (next === null) return false;
        onChange(next);
        return true;
      }}
    />
  );
}

function TimeField({ label, value, onChange }: FieldProps<string>) {
  const shown = value ? eveTime(new Date(value)) : "";
  return (
    <div className="flex w-full items-center gap-2">
      <span className="label w-8">{label}</span>
      <Entry
        key={shown}
        label={`${label}, EVE time`}
        placeholder="2026-11-22 23:41"
        initial={shown}
        className="flex-1"
        onCommit={(text) => {
          const at = text === "" ? undefined : parseEveTime(text);
          if (at === null) return false;
          onChange(at?.toISOString());
          return true;
        }}
      />
    </div>
  );
}

interface EntryProps {
  label: string;
  placeholder: string;
  initial: string;
  className: string;
  /** Takes the text over; false means that it could not be read. */
  onCommit: (text: string) => boolean;
}

function Entry({ label, placeholder, initial, className, onCommit }: EntryProps) {
  const [text, setText] = useState(initial);
  const [bad, setBad] = useState(false);
  const help = useId();
  const commit = () => {
    if (text.trim() === initial) return setBad(false);
    setBad(!onCommit(text.trim()));
  };
  return (
    <>
      <input
        value={text}
        aria-label={label}
        aria-invalid={bad}
        aria-describedby={bad ? help : undefined}
        placeholder={placeholder}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
        className={`num h-7 min-w-0 rounded-md border bg-panel px-1.5 text-xs ${bad ? "border-bad" : "border-line"} ${className}`}
      />
      {bad && (
        <span id={help} role="alert" className="w-full text-2xs text-bad">
          Write it like {placeholder === "other" ? "250 or 1.5b" : placeholder}
        </span>
      )}
    </>
  );
}
