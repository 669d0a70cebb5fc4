import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorNotice } from "../../ui/Notice";

/** The last resort: a screen that failed to load or to render. */
export function RouteError({ error }: ErrorComponentProps) {
  return (
    <ErrorNotice
      page
      what="This page"
      error={error instanceof Error ? error : new Error(String(error))}
      onRetry={() => location.reload()}
    />
  );
}
