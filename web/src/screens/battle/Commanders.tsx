import { useMemo } from "react";
import type { Pilot, Side } from "../../api/model";
import { EntityName } from "../../eve-ui/EntityName";
import { useShown } from "./shown";
import { commanders } from "./topPilots";

/** Named one by one, at most. */
const SHOWN = 3;

/** Who flew a flag cruiser, the hull of fleet commanders; nothing where nobody was seen in one. */
export function Commanders({ side, pilots }: { side: Side; pilots: readonly Pilot[] }) {
  const { whole } = useShown();
  const found = useMemo(() => commanders(pilots, side.id), [pilots, side.id]);
  const ever = useMemo(() => commanders(whole.pilots, side.id), [whole.pilots, side.id]);
  // In a replay the line is there before they are, so that it moves nothing.
  if (ever.length === 0) return null;
  return (
    <p className="mt-2 flex h-6 items-center gap-x-1.5 overflow-hidden whitespace-nowrap text-xs">
      <span className="text-muted" title="A hull without guns that hardly anybody but fleet commanders flies">
        In a Monitor<span className="hidden @lg:inline">, as fleet commanders are</span>:
      </span>
      {found.length === 0 && <span className="text-muted">nobody yet</span>}
      {found.slice(0, SHOWN).map(({ pilot, lost }, at) => (
        <span key={pilot.character?.id} className="inline-flex min-w-0 gap-1">
          {at > 0 && <span className="mr-0.5 text-muted leading-6">·</span>}
          {pilot.character && <EntityName entity={pilot.character} link className="leading-6" />}
          {lost && <span className="text-bad leading-6">lost</span>}
        </span>
      ))}
      {found.length > SHOWN && <span className="shrink-0 text-muted">+{found.length - SHOWN}</span>}
    </p>
  );
}
