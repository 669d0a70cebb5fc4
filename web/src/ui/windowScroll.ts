import { flushSync } from "react-dom";

/** Told how far the page is scrolled, pixels, and whether it goes on. */
type Follower = (offset: number, scrolling: boolean) => void;

/** The page rests once it has not been scrolled for so long. */
const REST_MS = 150;

const followers = new Set<Follower>();
let rest: ReturnType<typeof setTimeout> | undefined;

function tell(scrolling: boolean): void {
  const offset = window.scrollY;
  flushSync(() => {
    for (const follower of followers) follower(offset, scrolling);
  });
}

function scrolled(): void {
  clearTimeout(rest);
  rest = setTimeout(() => tell(false), REST_MS);
  tell(true);
}

/**
 * Follows the scrolling of the page. All who do are told one after the other before
 * any of them is drawn, and drawn together: with a listener for each, what one has
 * drawn would be laid out for the next one to measure, several times a frame.
 */
export function followScroll(follower: Follower): () => void {
  if (followers.size === 0) window.addEventListener("scroll", scrolled, { passive: true });
  followers.add(follower);
  return () => {
    followers.delete(follower);
    if (followers.size > 0) return;
    window.removeEventListener("scroll", scrolled);
    clearTimeout(rest);
  };
}
