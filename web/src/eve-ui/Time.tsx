import { eveDate, eveTime, relative } from "../eve/time";
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

const DAY_MS = 24 * 3_600_000;

/** The same within a day, for lists; of what is older the date tells more. */
export function AgoOrDate({ at, className }: { at: string; className?: string }) {
  const date = new Date(at);
  if (useWithinDay(date)) return <Ago at={at} className={className} />;
  return (
    <time dateTime={at} title={`${eveTime(date)} EVE`} className={className}>
      {eveDate(date)}
    </time>
  );
}

/** The same within a day, beside a date: of what is older it adds nothing. `before` leads to it. */
export function AgoWithinDay({ at, before }: { at: string; before: string }) {
  if (!useWithinDay(new Date(at))) return null;
  return (
    <>
      {before}
      <Ago at={at} />
    </>
  );
}

function useWithinDay(date: Date): boolean {
  return useNow(30_000).getTime() - date.getTime() < DAY_MS;
}
