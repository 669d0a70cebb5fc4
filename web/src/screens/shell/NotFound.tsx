import { Link } from "@tanstack/react-router";
import { Notice } from "../../ui/Notice";

export function NotFound() {
  return (
    <Notice title="Nothing at this address" page>
      <title>Not found · BattleScope</title>
      <p>The link may be cut off, or it belongs to a part of BattleScope that this server does not have.</p>
      <p className="flex gap-4">
        <Link to="/battles" className="text-accent underline">
          Battles
        </Link>
        <Link to="/killmails" className="text-accent underline">
          Killmails
        </Link>
      </p>
    </Notice>
  );
}
