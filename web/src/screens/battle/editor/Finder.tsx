import { useDeferredValue, useId, useMemo, useState } from "react";
import type { Entity, Pilot } from "../../../api/model";
import { EntityName } from "../../../eve-ui/EntityName";
import { Picture } from "../../../eve-ui/Picture";
import { type EntityKey, keyOf, movable } from "./overrides";
import { SideSelect } from "./SideSelect";

/** Results shown at most. */
const SHOWN = 8;

interface Props {
  pilots: readonly Pilot[];
  sides: readonly string[];
  sideOf: (key: EntityKey) => string;
  onMove: (entity: Entity, side: string) => void;
}

/** Finds a single corporation or pilot, to put it apart from those it belongs to. */
export function Finder({ pilots, sides, sideOf, onMove }: Props) {
  const [text, setText] = useState("");
  const sought = useDeferredValue(text.trim().toLowerCase());
  const entities = useMemo(() => everybody(pilots), [pilots]);
  const hits = useMemo(
    () =>
      sought.length < 2
        ? []
        : entities.filter(
            ({ name, ticker }) => name?.toLowerCase().includes(sought) || ticker?.toLowerCase() === sought,
          ),
    [entities, sought],
  );
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="label">
        Place a single corporation or pilot
      </label>
      <input
        id={id}
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="Name, two letters at least"
        autoComplete="off"
        spellCheck={false}
        className="mt-1 block h-8 w-full rounded-md border border-line bg-panel px-2"
      />
      <p role="status" className={sought.length < 2 ? "sr-only" : "mt-1 text-muted text-xs"}>
        {sought.length >= 2 &&
          (hits.length === 0
            ? "Nobody here is called that."
            : hits.length > SHOWN && `The first ${SHOWN} of ${hits.length}: write more of the name.`)}
      </p>
      {hits.length > 0 && (
        <ul aria-label="Found" className="mt-1 border-line border-t">
          {hits.slice(0, SHOWN).map((entity) => (
            <li key={keyOf(entity)} className="flex h-9 items-center gap-2 border-line border-b">
              <Picture kind={entity.type} id={entity.id} name={entity.name} size={24} />
              <EntityName entity={entity} ticker className="min-w-0 flex-1" />
              <span className="text-muted text-xs">{WORDS[entity.type]}</span>
              <SideSelect
                entity={entity}
                value={sideOf(keyOf(entity))}
                sides={sides}
                onChange={(side) => onMove(entity, side)}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const WORDS = { character: "pilot", corporation: "corporation", alliance: "alliance", faction: "faction" };

/** Alliances first, then corporations, then pilots. */
function everybody(pilots: readonly Pilot[]): Entity[] {
  const kinds = [new Map<number, Entity>(), new Map<number, Entity>(), new Map<number, Entity>()] as const;
  for (const { alliance, corporation, character } of pilots) {
    if (alliance) kinds[0].set(alliance.id, alliance);
    if (corporation && movable(corporation)) kinds[1].set(corporation.id, corporation);
    if (character) kinds[2].set(character.id, character);
  }
  return kinds.flatMap((kind) => [...kind.values()]);
}
