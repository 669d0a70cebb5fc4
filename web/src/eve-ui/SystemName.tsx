import type { SystemRef } from "../api/model";
import { bandWord, formatSecurity, hasOwnName, securityTint } from "../eve/security";

const TINT: Record<string, string> = {
  "sec-10": "text-sec-10",
  "sec-9": "text-sec-9",
  "sec-8": "text-sec-8",
  "sec-7": "text-sec-7",
  "sec-6": "text-sec-6",
  "sec-5": "text-sec-5",
  "sec-4": "text-sec-4",
  "sec-3": "text-sec-3",
  "sec-2": "text-sec-2",
  "sec-1": "text-sec-1",
  "sec-0": "text-sec-0",
};

/** Security in its colour: "0.4", or the word where the number says nothing ("C3", "Pochven"). */
export function Security({ system }: { system: SystemRef }) {
  const { security, security_band: band, wormhole_class: wormhole } = system;
  if (hasOwnName(band) || security === null) {
    return <span className="num font-medium text-sec-0">{wormhole || bandWord(band)}</span>;
  }
  return (
    <span className={`num font-medium ${TINT[securityTint(security)] ?? ""}`}>
      {formatSecurity(security)}
    </span>
  );
}
