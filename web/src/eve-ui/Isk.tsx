import { formatIsk, fullIsk } from "../eve/isk";
import { cx } from "../ui/cx";

interface Props {
  isk: number | null | undefined;
  /** "lost" and "destroyed" give colour and sign, never one alone; nothing at all has neither. */
  sense?: "lost" | "destroyed";
  /** The amount is our estimate from price lists, at least in part. */
  estimated?: boolean;
  className?: string;
}

/** An amount of ISK, short, with the whole amount in the tooltip. */
export function Isk({ isk, sense, estimated, className }: Props) {
  const unknown = isk == null;
  const toned = unknown || isk === 0 ? undefined : sense;
  const sign = toned === "lost" ? "−" : toned === "destroyed" ? "+" : "";
  return (
    <span
      title={`${fullIsk(isk)}${estimated && !unknown ? ", estimated from price lists" : ""}`}
      className={cx(
        "num",
        unknown && "text-muted",
        toned === "lost" && "text-bad",
        toned === "destroyed" && "text-good",
        className,
      )}
    >
      {estimated && !unknown ? "~" : ""}
      {sign}
      {formatIsk(isk)}
    </span>
  );
}
