import { useEffect, useRef, useState } from "react";

interface Props {
  /** "" says nothing. */
  text: string;
  /** At most once in this time, milliseconds. */
  every: number;
}

/**
 * For ears alone: says what changes often, at once after a quiet time, else together
 * with what else comes until the next time. What is seen stands beside it.
 */
export function Spoken({ text, every }: Props) {
  const [said, setSaid] = useState(text);
  const last = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (text === said) return;
    const timer = setTimeout(
      () => {
        last.current = performance.now();
        setSaid(text);
      },
      Math.max(0, last.current + every - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [text, said, every]);
  return (
    <span role="status" className="sr-only">
      {said}
    </span>
  );
}
