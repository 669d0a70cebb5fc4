import { Link } from "@tanstack/react-router";
import { Notice } from "../../ui/Notice";
import { useTitle } from "../../ui/useTitle";

export function NotFound() {
  useTitle("Not found");
  return (
    <Notice title="Nothing at this address" page>
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
