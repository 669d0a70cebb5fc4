import { eveTime, relative } from "../eve/time";
import { useNow } from "../ui/useNow";

/** "4m ago", with the EVE time in the tooltip. */
export function Ago({ at, className }: { at: string; className?: string }) {
  const now = useNow(30_000);
  const date = new Date(at);
  return (
    <time dateTime={at} title={`${eveTime(date)} EVE`} className={className}>
      {relative(date, now)}
    </time>
  );
}
