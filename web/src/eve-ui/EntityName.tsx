import type { Entity } from "../api/model";
import { zkillEntity } from "../eve/links";
import { cx } from "../ui/cx";
import { entityName } from "./names";

interface Props {
  entity: Entity;
  /** Links to zKillboard. */
  link?: boolean;
  ticker?: boolean;
  className?: string;
}

/** A name on one line, cut when too long; muted while it is only an id. */
export function EntityName({ entity, link, ticker, className }: Props) {
  const name = entityName(entity);
  const classes = cx("truncate", entity.name === null && "text-muted", className);
  const text = (
    <>
      {name}
      {ticker && entity.ticker && <span className="text-muted"> [{entity.ticker}]</span>}
    </>
  );
  if (!link) {
    return (
      <span className={classes} title={name}>
        {text}
      </span>
    );
  }
  return (
    <a
      href={zkillEntity(entity.type, entity.id)}
      target="_blank"
      rel="noreferrer"
      title={`${name} on zKillboard`}
      className={cx(classes, "hover:underline")}
    >
      {text}
    </a>
  );
}
