import { useSyncExternalStore } from "react";

/** How long a message stays. */
const SHOWN_MS = 4_000;

let text = "";
let timer: ReturnType<typeof setTimeout> | undefined;
const watchers = new Set<() => void>();

function show(next: string): void {
  text = next;
  for (const job of watchers) job();
}

/** Shows a short message; the next one replaces it. */
export function toast(message: string): void {
  clearTimeout(timer);
  show(message);
  timer = setTimeout(() => show(""), SHOWN_MS);
}

/** Where messages appear; mounted once, by the shell. */
export function Toaster() {
  const message = useSyncExternalStore(
    (job) => {
      watchers.add(job);
      return () => watchers.delete(job);
    },
    () => text,
  );
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-16 z-50 flex justify-center px-3 sm:bottom-6"
    >
      {message && (
        <p className="pointer-events-auto max-w-full wrap-anywhere rounded-md border border-line-strong bg-raised px-3 py-2">
          {message}
        </p>
      )}
    </div>
  );
}
