import { Link } from "@tanstack/react-router";
import { rowFocus } from "../../ui/useListKeys";

interface Props {
  id: number;
  title?: string;
  className?: string;
  /** Place in a list walked with j and k. */
  row?: number;
  children: React.ReactNode;
}

/** Leads to the page of one killmail. */
export function KillLink({ id, title, className, row, children }: Props) {
  return (
    <Link
      to="/kills/$id"
      params={{ id: String(id) }}
      title={title}
      className={className}
      {...(row === undefined ? {} : rowFocus(row))}
    >
      {children}
    </Link>
  );
}
