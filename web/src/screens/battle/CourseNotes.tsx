import { TriangleAlert } from "lucide-react";
import { useMemo, useState } from "react";
import type { BattleDetail } from "../../api/model";
import { plural } from "../../eve/count";
import { formatIsk } from "../../eve/isk";
import { eveClock, eveTime } from "../../eve/time";
import { Isk } from "../../eve-ui/Isk";
import { entityName, typeName } from "../../eve-ui/names";
import { SideBadge } from "../../eve-ui/SideBadge";
import { sideWord } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";
import { Column } from "../../ui/Table";
import { lateKills } from "./coverage";
import { timelineSentence } from "./derive";
import { KillLink } from "./KillLink";
import { type MarkedKill, markedKills, marksWords } from "./marks";
import { courseOf } from "./replay";
import { drawnBuckets, losingSides } from "./TimelinePanel";

interface Props {
  /** The whole of it. */
  battle: BattleDetail;
  /** Elsewhere only a part of it is shown. */
  part?: boolean;
  /** What is known to be missing, in sentences. */
  missing?: readonly string[];
  /** Puts the replay just after a killmail. */
  onGo: (killmailId: number) => void;
}

/** The timeline in words: its sentence, its figures as a table, its marks as a list. */
export function CourseNotes({ battle, part, missing = [], onGo }: Props) {
  const [open, setOpen] = useState<"" | "table" | "marks" | "missing">("");
  const late = lateKills(battle);
  const marked = useMemo(() => markedKills(courseOf(battle.killmails).kills), [battle.killmails]);
  if (battle.timeline.buckets.length === 0) return null;
  const toggle = (what: "table" | "marks" | "missing", words: React.ReactNode) => (
    <button
      type="button"
      aria-expanded={open === what}
      onClick={() => setOpen(open === what ? "" : what)}
      className={cx("h-6 hover:underline", what === "missing" ? "text-warn" : "text-accent")}
    >
      {words}
    </button>
  );
  return (
    <div className="border-line border-t bg-panel px-3 py-0.5 text-xs">
      <p className="relative flex flex-wrap gap-x-3 text-muted">
        {/* On a phone the legend of the chart says most of it. */}
        <span className="py-1 max-sm:sr-only">
          {part && "In all: "}
          {timelineSentence(battle)}
        </span>
        {toggle("table", open === "table" ? "Hide the table" : "Show as table")}
        {marked.length > 0 && toggle("marks", marksWords(marked))}
        {late > 0 && <span className="py-1">{plural(late, "killmail")} came late</span>}
        {missing.length > 0 &&
          toggle(
            "missing",
            <>
              <TriangleAlert size={12} aria-hidden className="mr-1 inline" />
              May be incomplete
            </>,
          )}
      </p>
      {open === "missing" && (
        <ul className="list-disc py-1 pl-5">
          {missing.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {open === "table" && <Buckets battle={battle} />}
      {open === "marks" && <Marks marked={marked} onGo={onGo} />}
    </div>
  );
}

function Marks({ marked, onGo }: { marked: readonly MarkedKill[]; onGo: Props["onGo"] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label="Marked losses" tabIndex={0} className="my-2 max-h-72 overflow-auto">
      <ol className="grid gap-x-6 sm:grid-cols-2 lg:grid-cols-3">
        {marked.map(({ kill }) => {
          const time = eveClock(new Date(kill.occurred_at));
          const who = kill.victim.character ?? kill.victim.corporation;
          return (
            <li key={kill.id} className="flex h-7 min-w-0 items-center gap-2 border-line border-b">
              <button
                type="button"
                onClick={() => onGo(kill.id)}
                aria-label={`Replay at ${time}`}
                className="num text-accent hover:underline"
              >
                {time}
              </button>
              <SideBadge side={kill.side} />
              <span className="min-w-0 flex-1 truncate">
                <KillLink id={kill.id} className="hover:underline">
                  {typeName(kill.victim.ship_type)}
                </KillLink>{" "}
                <span className="text-muted">{who && entityName(who)}</span>
              </span>
              <Isk isk={kill.isk} estimated={kill.isk != null && kill.isk_source !== "zkb"} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Buckets({ battle }: { battle: BattleDetail }) {
  const buckets = drawnBuckets(battle);
  const sides = losingSides(battle, buckets);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label="The timeline as a table" tabIndex={0} className="my-2 max-h-72 overflow-auto">
      <table className="num w-full">
        <caption className="sr-only">Losses by time and side</caption>
        <thead>
          <tr className="border-line border-b text-left text-muted">
            <Column>From (EVE)</Column>
            {sides.map((id) => (
              <Column key={id} className="text-right">
                {sideWord(id)} lost
              </Column>
            ))}
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket) => (
            <tr key={bucket.at} className="border-line border-b">
              <th scope="row" className="py-0.5 text-left font-normal">
                {eveTime(new Date(bucket.at))}
              </th>
              {sides.map((id) => (
                <td key={id} className="py-0.5 text-right">
                  {bucket.sides[id]?.ships ?? 0}{" "}
                  <span className="text-muted">({formatIsk(bucket.sides[id]?.isk ?? 0)})</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
