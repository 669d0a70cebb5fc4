import type { BattleDetail } from "../../api/model";
import { HullTable } from "./HullTable";
import { PresencePanel } from "./PresencePanel";
import { Roles } from "./Roles";

/** What each side brought, when it was there, and what of it was lost. */
export function Composition({ battle }: { battle: BattleDetail }) {
  return (
    <>
      <Roles battle={battle} />
      <PresencePanel battle={battle} />
      <HullTable battle={battle} />
    </>
  );
}
