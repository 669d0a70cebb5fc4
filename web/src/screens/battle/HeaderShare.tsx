import { useState } from "react";
import { getText } from "../../api/client";
import type { BattleDetail } from "../../api/model";
import { type ReportSource, reportUrl } from "../../api/queries/report";
import { copyPageLink } from "../../ui/copy";
import { toast } from "../../ui/Toast";

const ITEM = "flex h-9 w-full items-center rounded-sm px-2 text-left hover:bg-raised";

/** The ways out of a report: links, texts, files and the same fight elsewhere. */
export function Share({ source, battle }: { source: ReportSource; battle: BattleDetail }) {
  const [text, setText] = useState("");
  const discord = async () => {
    try {
      const written = await getText(reportUrl({ ...source, query: {} }, "text"));
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
  return (
    <div className="-m-1.5">
      <button type="button" className={ITEM} onClick={copyPageLink}>
        Copy link to what is shown
      </button>
      {source.kind === "battle" && (
        <button type="button" className={ITEM} onClick={discord}>
          Copy text for Discord
        </button>
      )}
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
      <a className={ITEM} href={reportUrl(source)} download={`battle-${battle.id}.json`}>
        Download JSON
      </a>
      {source.kind === "battle" && (
        <a className={ITEM} href={reportUrl({ ...source, query: {} }, "export.csv")} download>
          Download CSV, one row a kill
        </a>
      )}
      <hr className="my-1 border-line" />
      <External href={battle.links.zkillboard}>zKillboard related</External>
      <External href={battle.links.dotlan}>Dotlan</External>
    </div>
  );
}

function External({ href, children }: { href: string | undefined; children: React.ReactNode }) {
  if (!href) return null;
  return (
    <a className={ITEM} href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
