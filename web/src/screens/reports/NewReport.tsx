import { getRouteApi } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useTitle } from "../../ui/useTitle";
import { formOf, isEmpty, MAX_ROWS, type Row } from "./form";
import { PasteLink } from "./PasteLink";
import { ReportForm } from "./ReportForm";

const route = getRouteApi("/reports/new");

/** Where a report is put together: out of a pasted link, or of systems and times. */
export function NewReport() {
  useTitle("New report");
  const search = route.useSearch();
  const [form, setForm] = useState(() => formOf(search));
  const chosen = useId();
  const add = (rows: Row[], battles: string[]) =>
    setForm((before) => {
      const kept = before.rows.filter((row) => !isEmpty(row));
      const next = 1 + Math.max(0, ...before.rows.map((row) => row.key));
      return {
        ...before,
        rows: [...kept, ...rows.map((row, i) => ({ ...row, key: next + i }))].slice(0, MAX_ROWS),
        battles: [before.battles.trim(), ...battles].filter(Boolean).join(" "),
      };
    });
  return (
    <div className="mx-auto max-w-4xl px-3 pt-4 pb-12">
      <h1 className="font-semibold text-2xl tracking-tight">New report</h1>
      <p className="mt-1 max-w-prose text-muted">
        Any set of kills, seen as one battle. Nothing is stored: the address of the report is the report, so
        it can be shared as it is.
      </p>
      <PasteLink onAdd={add} />
      <section aria-labelledby={chosen} className="mt-8">
        <h2 id={chosen} className="font-semibold text-lg">
          Or choose systems and times
        </h2>
        <ReportForm form={form} onChange={setForm} kept={search} />
      </section>
    </div>
  );
}
