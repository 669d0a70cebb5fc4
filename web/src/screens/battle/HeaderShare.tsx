import { useState } from "react";
import { getText } from "../../api/client";
import { reportUrl } from "../../api/queries/report";
import { plural } from "../../eve/count";
import { eveClock, eveDate } from "../../eve/time";
import { systemName } from "../../eve-ui/names";
import { copyLink } from "../../ui/copy";
import { toast } from "../../ui/Toast";
import { elsewhere } from "./elsewhere";
import { type Shown, useShown } from "./shown";

const ITEM = "flex h-9 w-full items-center rounded-sm px-2 text-left hover:bg-raised";

/** The ways out of a report: link, text and files of just what is shown, and the same fight elsewhere. */
export function Share() {
  const shown = useShown();
  const { source, told, battle, whole, link } = shown;
  const [text, setText] = useState("");
  const discord = async () => {
    try {
      const written = await getText(reportUrl(told, "text"));
      try {
        await navigator.clipboard.writeText(written);
        toast("Text copied: paste it into Discord");
      } catch {
        setText(written); // without the clipboard (plain http) it is shown, to be copied by hand
      }
    } catch (error) {
      toast(`The text could not be had: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const name =
    source.kind === "battle" ? `battle-${whole.id}` : `report-${eveDate(new Date(whole.started_at))}`;
  const of = partWords(shown);
  return (
    <div className="-m-1.5">
      <button type="button" className={ITEM} onClick={() => copyLink(link())}>
        Copy link to what is shown
      </button>
      <button type="button" className={ITEM} onClick={discord}>
        Copy text for Discord
      </button>
      {text && (
        <textarea
          readOnly
          value={text}
          rows={8}
          aria-label="Text for Discord"
          onFocus={(event) => event.currentTarget.select()}
          className="w-full rounded-md border border-line bg-ground p-2 text-xs"
        />
      )}
      <a className={ITEM} href={reportUrl(told)} download={`${name}.json`}>
        Download JSON
      </a>
      {whole.killmails_removed_at === null && (
        <a className={ITEM} href={reportUrl(told, "export.csv")} download={`${name}.csv`}>
          Download CSV, one row a kill
        </a>
      )}
      {of && <p className="px-2 py-1 text-muted text-xs">Text and files are of what is shown: {of}.</p>}
      <hr className="my-1 border-line" />
      <ul className="max-h-60 overflow-y-auto">
        {elsewhere(whole, battle.killmails).map(({ system, zkillboard, dotlan }) => (
          <li key={system.id} className="flex items-center">
            {whole.systems.length > 1 && (
              <span className="min-w-0 flex-1 truncate px-2 text-muted">{systemName(system)}</span>
            )}
            <External href={zkillboard} system={whole.systems.length > 1 ? systemName(system) : undefined}>
              zKillboard related
            </External>
            <External href={dotlan} system={whole.systems.length > 1 ? systemName(system) : undefined}>
              Dotlan
            </External>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What narrows or changes the figures, in words; "" when nothing does. */
function partWords({ window, standing, cursor, whole }: Shown): string {
  const time = (ms: number) => eveClock(new Date(ms));
  const parts = [
    window && `${time(window.from)} to ${time(window.to)} EVE`,
    standing === "moment" && cursor !== null && `as it stood at ${time(cursor)}`,
    whole.overrides.length > 0 && "with the sides of this link",
    whole.excluded.length > 0 && `without ${plural(whole.excluded.length, "killmail")}`,
  ];
  return parts.filter(Boolean).join(", ");
}

interface ExternalProps {
  href: string | undefined;
  /** Which one is meant where there are several. */
  system: string | undefined;
  children: React.ReactNode;
}

function External({ href, system, children }: ExternalProps) {
  if (!href) return null;
  return (
    <a
      className="flex h-9 shrink-0 items-center rounded-sm px-2 hover:bg-raised"
      href={href}
      target="_blank"
      rel="noreferrer"
    >
      {children}
      {system && <span className="sr-only"> of {system}</span>}
    </a>
  );
}
