import { useState } from "react";
import { type ImageKind, imageSize, imageUrl, monogram } from "../eve/images";
import { cx } from "../ui/cx";

interface Props {
  kind: ImageKind;
  id: number;
  name: string | null | undefined;
  /** Side length in CSS pixels. */
  size: number;
  className?: string;
}

/** Pictures that failed once are not asked for again while scrolling. */
const failed = new Set<string>();
/** Those that came once come at once: nothing stands in for them. */
const came = new Set<string>();

/**
 * A portrait, logo or icon from CCP's image server. Until it has come, and for
 * good when it does not, a monogram stands in its place. Decorative: the name is
 * always beside it or on the element around it.
 */
export function Picture({ kind, id, name, size, className }: Props) {
  const src = imageUrl(kind, id, imageSize(size));
  const [loaded, setLoaded] = useState(came.has(src) ? src : "");
  const [broken, setBroken] = useState("");
  return (
    <span
      aria-hidden
      data-kind={kind}
      style={{ width: size, height: size, "--hue": (id * 47) % 360, fontSize: Math.max(9, size * 0.4) }}
      className={cx(
        "relative inline-grid shrink-0 place-items-center overflow-hidden rounded-sm",
        loaded !== src && "monogram",
        className,
      )}
    >
      {loaded !== src && (name ? monogram(name) : <Emblem kind={kind} />)}
      {broken !== src && !failed.has(src) && (
        <img
          src={src}
          srcSet={`${src} 1x, ${imageUrl(kind, id, imageSize(size, 2))} 2x`}
          width={size}
          height={size}
          alt=""
          loading={loaded === src ? "eager" : "lazy"}
          decoding="async"
          onLoad={() => {
            came.add(src);
            setLoaded(src);
          }}
          onError={() => {
            failed.add(src);
            setBroken(src);
          }}
          className={cx("absolute inset-0", loaded !== src && "opacity-0")}
        />
      )}
    </span>
  );
}

const EMBLEMS: Record<ImageKind, string> = {
  character:
    "M8 8.2A3.1 3.1 0 1 0 8 2a3.1 3.1 0 0 0 0 6.2Zm0 1.3c-3 0-5.5 1.7-5.5 4.5h11c0-2.8-2.5-4.5-5.5-4.5Z",
  corporation: "M8 1.8 13.4 5v6L8 14.2 2.6 11V5Zm0 3L5.2 6.4v3.2L8 11.2l2.8-1.6V6.4Z",
  alliance: "M8 1.6 13.6 3.6v4.2c0 3.2-2.3 5.4-5.6 6.6-3.3-1.2-5.6-3.4-5.6-6.6V3.6Zm0 3.2L5 8l3 3.2L11 8Z",
  faction: "M8 1.6 13.6 3.6v4.2c0 3.2-2.3 5.4-5.6 6.6-3.3-1.2-5.6-3.4-5.6-6.6V3.6Z",
  type: "M8 2 13 13.5 8 11 3 13.5Z",
  render: "M8 2 13 13.5 8 11 3 13.5Z",
};

/** Stands in where not even a name is known. */
function Emblem({ kind }: { kind: ImageKind }) {
  return (
    <svg viewBox="0 0 16 16" className="size-[64%] opacity-70" aria-hidden="true">
      <path fill="currentColor" fillRule="evenodd" d={EMBLEMS[kind]} />
    </svg>
  );
}
