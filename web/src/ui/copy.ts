import { toast } from "./Toast";

/** Copies the address of the page and says so. Without the clipboard (plain http) it shows the address. */
export function copyPageLink(): Promise<void> {
  return copyLink(location.href);
}

/** The same with another address. */
export async function copyLink(link: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(link);
    toast("Link copied");
  } catch {
    toast(`Copy this link: ${link}`);
  }
}
