import { Button } from "./Button";
import { sentence } from "./sentence";

interface NoticeProps {
  title: string;
  children?: React.ReactNode;
  role?: "alert" | "status";
  /** The notice is the whole page, so its title is the page's. */
  page?: boolean;
}

/** What a screen shows instead of content: nothing found, or nothing loaded. */
export function Notice({ title, children, role, page }: NoticeProps) {
  const Title = page ? "h1" : "h2";
  return (
    <div role={role} className="mx-auto max-w-xl px-4 py-14 text-center">
      <Title className="mb-1.5 font-semibold text-lg">{title}</Title>
      <div className="flex flex-col items-center gap-3 text-muted">{children}</div>
    </div>
  );
}

/** The parts of an error worth showing; ApiError has this shape. */
interface Failure {
  message: string;
  hint?: string;
  requestId?: string;
}

interface Props {
  what: string;
  error: Failure;
  onRetry?: () => void;
  page?: boolean;
}

/** Says what could not be loaded, why, what helps, and which request to quote. */
export function ErrorNotice({ what, error, onRetry, page }: Props) {
  return (
    <Notice title={`${what} could not be loaded`} role="alert" page={page}>
      <p className="text-text">{sentence(error.message)}</p>
      {error.hint && <p>{sentence(error.hint)}</p>}
      {error.requestId && <p className="num text-xs">request {error.requestId}</p>}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </Notice>
  );
}

/** The same in one line, above content that is shown although it may be old. */
export function StaleNotice({ what, error }: { what: string; error: Failure }) {
  return (
    <p role="alert" className="border-b border-warn/40 bg-panel px-3 py-1.5 text-warn">
      {what} could not be renewed: {error.message}
      {error.hint ? `; ${error.hint}` : ""}
      {error.requestId ? ` (request ${error.requestId})` : ""}. What is shown may be old.
    </p>
  );
}
