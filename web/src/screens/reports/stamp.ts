/** Minutes of EVE time as addresses of related kills and windows write them: "202111281000". */

import { eveTime, parseEveTime } from "../../eve/time";

/** null when it is no such minute. */
export function parseStamp(text: string): Date | null {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute] = match;
  return parseEveTime(`${year}-${month}-${day} ${hour}:${minute}`);
}

export function toStamp(at: Date): string {
  return eveTime(at).replace(/\D/g, "");
}
