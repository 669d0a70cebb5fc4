import type { BattleKill, Pilot } from "../../api/model";
import { formatIsk } from "../../eve/isk";
import { Isk } from "../../eve-ui/Isk";
import { entityName, typeName } from "../../eve-ui/names";
import { Popover } from "../../ui/Popover";
import { KillCard } from "./KillCard";
import { KillLink } from "./KillLink";
import { useShown } from "./shown";

interface Props {
  pilot: Pilot;
  /** The most expensive killmail. */
  kill: BattleKill | undefined;
  lost: boolean;
}

/** What a pilot lost, and the way to the killmail of it, or to all of them. */
export function PilotLoss({ pilot, kill, lost }: Props) {
  if (!lost) return <div className="text-right text-2xs text-muted">survived</div>;
  const words = [
    pilot.losses > 1 ? `${pilot.losses} ships` : pilot.losses === 1 ? "ship" : "",
    pilot.podded ? "pod" : "",
  ]
    .filter(Boolean)
    .join(" + ");
  const value = <Isk isk={pilot.isk_lost} sense="lost" />;
  const { character, isk_lost: isk } = pilot;
  if (kill && character && pilot.losses + Number(pilot.podded) > 1) {
    return (
      <Popover
        // It has what is seen in it, for those who speak to the page.
        label={`${entityName(character)} lost ${isk ? `−${formatIsk(isk)}` : "0"} ${words}`}
        title={`Killmails: ${words}`}
        className="num block w-full text-right hover:underline"
        button={
          <>
            {value} <span className="block text-2xs text-muted">{words}</span>
          </>
        }
      >
        {() => <Losses pilot={character.id} />}
      </Popover>
    );
  }
  return (
    <div className="num text-right">
      {kill ? (
        <KillLink
          id={kill.id}
          title={`Killmail of the ${typeName(kill.victim.ship_type)}`}
          className="hover:underline"
        >
          {value}
        </KillLink>
      ) : (
        value
      )}
      <div className="text-2xs text-muted">{words || "lost"}</div>
    </div>
  );
}

/** Everything a pilot lost, ships and capsules, in order. */
function Losses({ pilot }: { pilot: number }) {
  const { battle } = useShown();
  const own = battle.killmails
    .filter((kill) => kill.victim.character?.id === pilot)
    .sort((a, b) => a.occurred_at.localeCompare(b.occurred_at) || a.id - b.id);
  return (
    <ul className="-m-2">
      {own.map((kill) => (
        <li key={kill.id} className="h-11 border-line border-b last:border-b-0">
          <KillCard kill={kill} />
        </li>
      ))}
    </ul>
  );
}
