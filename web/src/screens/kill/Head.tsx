import { Link } from "@tanstack/react-router";
import { Link2 } from "lucide-react";
import type { KillmailDetail } from "../../api/model";
import { count } from "../../eve/count";
import { hullLabel } from "../../eve/hulls";
import { eveClock, eveDate } from "../../eve/time";
import { EntityName } from "../../eve-ui/EntityName";
import { Isk } from "../../eve-ui/Isk";
import { regionName, systemName, typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { Security } from "../../eve-ui/SystemName";
import { AgoWithinDay } from "../../eve-ui/Time";
import { Button, ExternalButton } from "../../ui/Button";
import { copyPageLink } from "../../ui/copy";
import { valueWords } from "./derive";

/** What was lost, by whom, where and when, what it was worth, and the ways out. */
export function Head({ kill }: { kill: KillmailDetail }) {
  const { victim, system } = kill;
  const at = new Date(kill.occurred_at);
  return (
    <header className="flex flex-wrap items-start gap-x-8 gap-y-4 px-3 pt-4 pb-3">
      <div className="flex min-w-0 gap-4">
        <Hull kill={kill} />
        <div className="min-w-0">
          <h1 className="font-semibold text-2xl tracking-tight">
            {typeName(victim.ship_type)}{" "}
            <span className="font-normal text-base text-muted">{hullLabel(kill.class)}</span>
          </h1>
          <Victim kill={kill} />
          <p className="mt-2 flex flex-wrap items-baseline gap-x-2">
            <Security system={system} />
            <Link
              to="/battles"
              search={{ system_id: [system.id] }}
              title="All battles here"
              className="hover:underline"
            >
              {systemName(system)}
            </Link>
            <span className="text-muted">{regionName(system)}</span>
          </p>
          <p className="num flex flex-wrap gap-x-2">
            <time dateTime={kill.occurred_at}>
              {eveDate(at)} {eveClock(at)}
            </time>
            <span className="text-muted">
              EVE
              <AgoWithinDay at={kill.occurred_at} before=" · " />
            </span>
          </p>
        </div>
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-2">
        <Figure label="ISK" below={valueWords(kill)}>
          <Isk isk={kill.isk} estimated={kill.isk_source === "market" || kill.isk_source === "base"} />
        </Figure>
        <Figure label="Damage taken">{count.format(kill.damage_taken)}</Figure>
        <Figure label="Attackers" below={flags(kill).join(", ")}>
          {count.format(kill.attackers.length)}
        </Figure>
      </dl>
      <nav aria-label="This killmail elsewhere" className="flex flex-wrap gap-1.5 md:ml-auto">
        <Button onClick={copyPageLink} title="Copy link (c)">
          <Link2 size={14} aria-hidden />
          Copy link
        </Button>
        <ExternalButton href={kill.zkillboard_url}>Fit on zKillboard</ExternalButton>
        <ExternalButton href={kill.eve_kill_url}>EVE-KILL</ExternalButton>
        {kill.esi_url && <ExternalButton href={kill.esi_url}>ESI</ExternalButton>}
        {kill.dotlan_url && <ExternalButton href={kill.dotlan_url}>Dotlan</ExternalButton>}
      </nav>
    </header>
  );
}

function Hull({ kill }: { kill: KillmailDetail }) {
  const ship = kill.victim.ship_type;
  return (
    <>
      <Picture kind="render" id={ship?.id ?? 0} name={ship?.name} size={128} className="max-sm:hidden" />
      <Picture kind="render" id={ship?.id ?? 0} name={ship?.name} size={80} className="sm:hidden" />
    </>
  );
}

/** The pilot with corporation and alliance; of a structure, its owners. */
function Victim({ kill }: { kill: KillmailDetail }) {
  const { character, corporation, alliance, faction } = kill.victim;
  const orgs = [corporation, alliance, faction].filter((org) => org !== null);
  return (
    <div className="mt-1.5 flex min-w-0 items-center gap-2.5">
      {character && <Picture kind="character" id={character.id} name={character.name} size={48} />}
      <div className="grid min-w-0">
        {character && <EntityName entity={character} link className="font-medium text-lg" />}
        <div className="flex min-w-0 flex-wrap gap-x-3">
          {orgs.map((org) => (
            <span key={org.type} className="flex min-h-6 min-w-0 items-center gap-1.5">
              <Picture kind={org.type} id={org.id} name={org.name} size={20} />
              <EntityName entity={org} link ticker />
            </span>
          ))}
        </div>
        {!character && orgs.length === 0 && <span className="text-muted">nobody is named</span>}
      </div>
    </div>
  );
}

/** What zKillboard and the attackers say of the kind of kill, in words. */
function flags(kill: KillmailDetail): string[] {
  const words: string[] = [];
  if (kill.npc) words.push("all NPCs");
  if (kill.labels.includes("solo")) words.push("solo");
  if (kill.labels.includes("ganked")) words.push("gank");
  if (kill.labels.includes("awox")) words.push("friendly fire");
  if (kill.war_id) words.push("in a war");
  return words;
}

function Figure({ label, below, children }: { label: string; below?: string; children: React.ReactNode }) {
  return (
    <div className="max-w-40">
      <dt className="label">{label}</dt>
      <dd className="num font-semibold text-xl">{children}</dd>
      {below && <dd className="text-2xs text-muted">{below}</dd>}
    </div>
  );
}
