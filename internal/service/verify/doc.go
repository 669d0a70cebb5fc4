// Package verify looks for damage in what is stored: killmails that are in the wrong
// battle or in none, sums that do not fit their lists, rows that refer to nothing, days
// of which something is missing.
//
// A run looks first and repairs only when asked to, and then looks again. Repairs never
// touch killmails and invent nothing: they put killmails on the list of the cluster
// service, entities on that of names, and days on that of repairs from the history, or
// drop rows that belong to nothing. What a run covered and found is kept in the store.
//
// It must not know how anything is stored, nor how battles are formed: the comparison
// with the engine is injected.
package verify
