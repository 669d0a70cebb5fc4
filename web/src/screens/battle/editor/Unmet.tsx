import { X } from "lucide-react";
import type { BattleDetail, Entity } from "../../../api/model";
import { entityName } from "../../../eve-ui/names";

interface Props {
  overrides: BattleDetail["overrides"];
  onDrop: (entity: Entity) => void;
}

/** Parties the address names that are on no killmail here. */
export function Unmet({ overrides, onDrop }: Props) {
  const unmet = overrides.filter(({ met }) => !met);
  if (unmet.length === 0) return null;
  return (
    <div>
      <h3 className="label">In the link, but on no killmail here</h3>
      <ul className="mt-1 flex flex-wrap gap-1">
        {unmet.map(({ entity }) => (
          <li key={`${entity.type} ${entity.id}`}>
            <button
              type="button"
              onClick={() => onDrop(entity)}
              aria-label={`Take ${entityName(entity)} out of the link`}
              className="flex h-6 items-center gap-1 rounded-md border border-line px-1.5 text-xs hover:bg-raised"
            >
              {entityName(entity)}
              <X size={12} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
