import { X } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "../../../ui/Button";
import { FaultText } from "../../reports/FaultText";
import { idsIn } from "../../reports/form";

interface Props {
  ids: readonly string[];
  onChange: (ids: string[] | undefined) => void;
}

/** Killmails that the link leaves out. */
export function Excluded({ ids, onChange }: Props) {
  const [text, setText] = useState("");
  const [odd, setOdd] = useState<string | null>(null);
  const id = useId();
  const add = () => {
    const read = idsIn(text, "killmail");
    setOdd(read.odd);
    if (read.odd !== null || read.ids.length === 0) return;
    onChange([...new Set([...ids, ...read.ids])]);
    setText("");
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label htmlFor={id} className="label">
        Leave out a killmail
      </label>
      <div className="mt-1 flex gap-1.5">
        <input
          id={id}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setOdd(null);
          }}
          aria-invalid={odd !== null}
          aria-describedby={`${id}-odd`}
          placeholder="Id, or link to the kill"
          autoComplete="off"
          className="h-8 min-w-0 flex-1 rounded-md border border-line bg-panel px-2"
        />
        <Button type="submit" disabled={text.trim() === ""}>
          Leave out
        </Button>
      </div>
      <div id={`${id}-odd`} aria-live="polite" className="mt-1">
        {odd !== null && (
          <FaultText
            fault={{ message: `“${odd}” is no killmail.`, hint: "Give its id, or a link to the kill." }}
          />
        )}
      </div>
      {ids.length > 0 && (
        <ul aria-label="Killmails left out" className="mt-1 flex flex-wrap gap-1">
          {ids.map((each) => (
            <li key={each}>
              <button
                type="button"
                onClick={() => {
                  const rest = ids.filter((other) => other !== each);
                  onChange(rest.length > 0 ? rest : undefined);
                }}
                aria-label={`Take killmail ${each} in again`}
                className="num flex h-6 items-center gap-1 rounded-md border border-line px-1.5 text-xs hover:bg-raised"
              >
                {each}
                <X size={12} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
    </form>
  );
}
