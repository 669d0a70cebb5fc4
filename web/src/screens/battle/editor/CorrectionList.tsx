import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Correction } from "../../../api/model";
import { battleKeys } from "../../../api/queries/battles";
import { administratorQuery, takeBackCorrection } from "../../../api/queries/corrections";
import { plural } from "../../../eve/count";
import { eveTime } from "../../../eve/time";
import { entityName } from "../../../eve-ui/names";
import { Button } from "../../../ui/Button";
import { cx } from "../../../ui/cx";
import { FaultText, faultFrom } from "../../reports/FaultText";

interface Props {
  battle: number;
  corrections: readonly Correction[];
}

/** Who corrected what, when and why; those taken back stay in the history. */
export function CorrectionList({ battle, corrections }: Props) {
  return (
    <div>
      <h3 className="label">Corrections</h3>
      {corrections.length === 0 && (
        <p className="mt-1 text-muted text-xs">Nobody has corrected this battle.</p>
      )}
      <ol className="mt-1">
        {corrections.map((correction) => (
          <Item key={correction.id} battle={battle} correction={correction} />
        ))}
      </ol>
    </div>
  );
}

/** Statements of a correction shown at once. */
const SHOWN = 5;

function Item({ battle, correction }: { battle: number; correction: Correction }) {
  const { id, author, note, created_at, active, taken_back_at, taken_back_by } = correction;
  const statements = statementsOf(correction);
  return (
    <li className="border-line border-t py-2 text-xs">
      <p className="flex flex-wrap gap-x-2">
        <b className={cx("font-semibold", !active && "text-muted line-through")}>Correction {id}</b>
        <span className="text-muted">
          {author}, <time dateTime={created_at}>{eveTime(new Date(created_at))} EVE</time>
        </span>
      </p>
      {note && <p className="break-words text-sm">{note}</p>}
      <ul className="text-muted">
        {statements.slice(0, SHOWN).map((text) => (
          <li key={text}>{text}</li>
        ))}
        {statements.length > SHOWN && <li>and {statements.length - SHOWN} more</li>}
      </ul>
      {taken_back_at ? (
        <p className="text-muted">
          Taken back by {taken_back_by}, {eveTime(new Date(taken_back_at))} EVE
        </p>
      ) : (
        <TakeBack battle={battle} id={id} />
      )}
    </li>
  );
}

/** For the administrator: a second press takes it back. */
function TakeBack({ battle, id }: { battle: number; id: number }) {
  const { data: administrator } = useQuery(administratorQuery);
  const [sure, setSure] = useState(false);
  const client = useQueryClient();
  const taking = useMutation({
    mutationFn: () => takeBackCorrection(id),
    onSuccess: () => client.invalidateQueries({ queryKey: battleKeys.detail(battle) }),
  });
  if (!administrator) return null;
  return (
    <div className="mt-1 flex flex-wrap items-center gap-2">
      <Button
        className="h-7 text-xs"
        disabled={taking.isPending}
        onBlur={() => setSure(false)}
        onClick={() => (sure ? taking.mutate() : setSure(true))}
      >
        {sure ? `Press again: take correction ${id} back` : "Take back"}
      </Button>
      <span role="alert">{taking.error && <FaultText fault={faultFrom(taking.error)} />}</span>
    </div>
  );
}

const VERBS = { together: "with", move: "with", apart: "not with", exclude: "" };

/** What it says, one sentence each. */
function statementsOf({ sides, killmails, merge_with: merged }: Correction): string[] {
  const statements = sides.map(({ entity, verb, with: other }) =>
    other ? `${entityName(entity)} ${VERBS[verb]} ${entityName(other)}` : `${entityName(entity)} on no side`,
  );
  const split = killmails.filter(({ verb, with: other }) => verb === "apart" && !other).length;
  if (split > 0) statements.push(`${plural(split, "killmail")} split off as a battle of their own`);
  for (const { killmail_id: id, verb, with: other } of killmails) {
    if (verb === "apart" && !other) continue;
    if (verb === "exclude") statements.push(`Killmail ${id} stands alone`);
    else statements.push(`Killmail ${id} ${VERBS[verb]} killmail ${other}`);
  }
  if (merged) statements.push(`One with battle ${merged}`);
  return statements;
}
