// Package archive reads killmails from files: EVERef's daily archives, JSON and
// JSON Lines in every form the sources publish, compressed or not, folders of
// them, and standard input.
//
// What must stay true: a broken document never ends a run, it is handed over
// with its bytes; a broken file ends neither the run nor what could be read of
// it before, it is reported at the end by name. Documents are emitted in no
// particular order. Memory is bounded by the number of workers and the largest
// document allowed, not by the size of the input.
package archive
