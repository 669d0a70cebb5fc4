import { ApiError } from "../../api/error";
import { sentence } from "../../ui/sentence";
import type { Fault } from "./form";

/** What the server, or anything on the way to it, complained about. */
export function faultFrom(error: unknown): Fault {
  if (error instanceof ApiError) return { message: error.message, hint: error.hint };
  return { message: error instanceof Error ? error.message : String(error) };
}

/** What is wrong and what to do about it, at the place where it is. */
export function FaultText({ fault }: { fault: Fault }) {
  return (
    <span className="block break-words text-xs">
      <span className="text-bad">{sentence(fault.message)}</span>{" "}
      {fault.hint && <span className="text-muted">{sentence(fault.hint)}</span>}
    </span>
  );
}
