import { toast } from "./Toast";

/** Copies the address of the page and says so. Without the clipboard (plain http) it shows the address. */
export async function copyPageLink(): Promise<void> {
  const link = location.href;
  try {
    await navigator.clipboard.writeText(link);
    toast("Link copied");
  } catch {
    toast(`Copy this link: ${link}`);
  }
}
