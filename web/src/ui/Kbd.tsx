export function Kbd({ children }: { children: React.ReactNode }) {
  return (
    <kbd className="inline-block min-w-5 rounded-sm border border-b-2 border-line-strong bg-raised px-1 text-center font-sans text-2xs">
      {children}
    </kbd>
  );
}
