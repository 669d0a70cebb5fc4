import { formatIsk } from "../eve/isk";
import { cx } from "../ui/cx";
import { sideColor, sideLetter } from "./sides";

interface Props {
  /** ISK lost by side, in the order shown. */
  parts: readonly { id: string; isk_lost: number | null }[];
  className?: string;
}

/** One bar, cut in proportion to what each side lost. */
export function SplitBar({ parts, className }: Props) {
  const known = parts.map((p) => ({ id: p.id, isk: p.isk_lost ?? 0 })).filter((p) => p.isk > 0);
  const total = known.reduce((sum, p) => sum + p.isk, 0);
  const words = known.map((p) => `${sideLetter(p.id)} ${formatIsk(p.isk)}`).join(", ");
  return (
    <span
      role="img"
      aria-label={total > 0 ? `ISK lost by side: ${words}` : "ISK lost by side: unknown"}
      title={total > 0 ? `lost by ${words}` : undefined}
      className={cx("flex h-1 w-full gap-px overflow-hidden bg-raised", className)}
    >
      {known.map((p) => (
        <span key={p.id} className={sideColor(p.id).bg} style={{ width: `${(100 * p.isk) / total}%` }} />
      ))}
    </span>
  );
}
