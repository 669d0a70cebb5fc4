import { X } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { Button } from "./Button";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  children: React.ReactNode;
}

/** A modal dialog on the browser's own element: focus trap, Escape and inert page come with it. */
export function Dialog({ open, onClose, title, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (open && dialog && !dialog.open) dialog.showModal();
    if (!open) dialog?.close();
  }, [open]);
  return (
    // The dialog itself is only hit beside its content, on the backdrop; Escape does the same by key.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the browser closes a modal dialog by Escape
    <dialog
      ref={ref}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
      aria-labelledby={heading}
      className="m-auto w-[min(92vw,32rem)] rounded-md border border-line-strong bg-panel p-0 text-text"
    >
      <div className="p-4">
        <div className="mb-3 flex items-center justify-between">
          <h2 id={heading} className="text-lg font-semibold">
            {title}
          </h2>
          <Button icon aria-label="Close" onClick={onClose}>
            <X size={16} aria-hidden />
          </Button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
