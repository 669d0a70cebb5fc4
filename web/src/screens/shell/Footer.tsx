import { useQuery } from "@tanstack/react-query";
import { summaryQuery } from "../../api/queries/summary";
import { plural } from "../../eve/count";
import { eveTime } from "../../eve/time";
import { Ago } from "../../eve-ui/Time";

export function Footer() {
  const { data } = useQuery(summaryQuery);
  return (
    <footer className="mt-8 flex flex-wrap justify-between gap-x-6 gap-y-1 border-line border-t px-3 pt-3 pb-10 text-muted text-xs">
      <p>
        {data?.latest_killmail_at ? (
          <>
            Latest killmail {eveTime(new Date(data.latest_killmail_at))} EVE (
            <Ago at={data.latest_killmail_at} />) · {plural(data.killmails, "killmail")} ·{" "}
            {plural(
              Object.values(data.battles).reduce((a, b) => a + b, 0),
              "battle",
            )}
          </>
        ) : (
          data && "No killmails stored yet."
        )}
      </p>
      <p>
        <a href="/api/v1/openapi.json" className="underline">
          API
        </a>{" "}
        · Not affiliated with CCP Games. EVE Online and its imagery are property of CCP hf.
      </p>
    </footer>
  );
}
