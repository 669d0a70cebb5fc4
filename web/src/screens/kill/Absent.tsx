import { Link } from "@tanstack/react-router";
import { ApiError } from "../../api/error";
import type { Absence } from "../../api/queries/killmail";
import { zkillKill } from "../../eve/links";
import { Notice } from "../../ui/Notice";

interface Props {
  id: number;
  why: Absence;
  error: Error | null;
}

const WORDS: Record<Absence, readonly [title: string, ...paragraphs: string[]]> = {
  pending: [
    "The details are on their way",
    "The killmail is known by its id. What was lost, and to whom, is being fetched from CCP.",
    "The page shows it as soon as it is there, mostly within minutes.",
  ],
  unavailable: [
    "CCP does not give the details",
    "The killmail is known by its id, but CCP's API has not answered with what it says.",
  ],
  unknown: ["No such killmail", "It was never stored here, or the rules of this server left it out."],
};

/** A killmail that cannot be shown: not yet, or not at all. */
export function Absent({ id, why, error }: Props) {
  const [title, ...paragraphs] = WORDS[why];
  return (
    <Notice title={title} role={why === "pending" ? "status" : "alert"} page>
      {paragraphs.map((text) => (
        <p key={text}>{text}</p>
      ))}
      <p className="num text-text">Killmail {id}</p>
      <p className="flex flex-wrap justify-center gap-4">
        <a href={zkillKill(id)} target="_blank" rel="noreferrer" className="text-accent underline">
          Look at zKillboard
        </a>
        <Link to="/killmails" className="text-accent underline">
          To the killmails
        </Link>
      </p>
      {why !== "pending" && error instanceof ApiError && error.requestId && (
        <p className="num text-xs">request {error.requestId}</p>
      )}
    </Notice>
  );
}
