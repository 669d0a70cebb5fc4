/** Parts of a table, so that all tables look alike. */

import { cx } from "./cx";

interface Props {
  /** Width, place, and room at the sides. */
  className?: string;
  children: React.ReactNode;
}

/** The row of the columns' names. */
export function HeadRow({ children }: Pick<Props, "children">) {
  return <tr className="label border-line border-b text-left">{children}</tr>;
}

/** The name of a column. */
export function Column({ className, children }: Props) {
  return (
    <th scope="col" className={cx("py-1 font-medium", className)}>
      {children}
    </th>
  );
}

/** A row, parted from the next one. */
export function Row({ children }: Pick<Props, "children">) {
  return <tr className="border-line border-b last:border-b-0">{children}</tr>;
}

/** What a row is about. */
export function RowHead({ className, children }: Props) {
  return (
    <th scope="row" className={cx("py-1 text-left font-normal", className)}>
      {children}
    </th>
  );
}
