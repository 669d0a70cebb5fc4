/**
 * A message of the API as people read one: "battle 12 is not known" becomes
 * "Battle 12 is not known." What begins with a name or a quotation keeps it.
 */
export function sentence(text: string): string {
  const begun = text.replace(/^[a-z]+(?=[\s,:])/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
