package zkb

import (
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
)

// Cursor is the place of a reader in the feed. The zero Cursor starts at the
// newest document.
type Cursor struct {
	Sequence int64     // the last number that was seen to
	At       time.Time // when that was; tells a cursor that the feed no longer serves
}

// Batch is what the feed gave since the last batch. The handler stores all of it
// and Cursor in one transaction, or returns an error and gets the same batch again.
//
// A killmail can come again, under a new sequence or after a crash: store it once.
type Batch struct {
	Documents []killmail.Document // in the order of their sequence; each holds its killmail
	Partial   []Partial           // documents that only name their killmail
	Broken    []Broken
	Gaps      []Gap
	Cursor    Cursor
}

func (b *Batch) empty() bool { return b.size()+len(b.Gaps) == 0 }

func (b *Batch) size() int { return len(b.Documents) + len(b.Partial) + len(b.Broken) }

// Partial is a document without the killmail, which ESI gives to whoever knows id and hash.
type Partial struct {
	Sequence int64
	Document killmail.Document // with a Ref
	Raw      []byte            // as it was received
}

// Broken is a document that stayed undecodable after all tries.
type Broken struct {
	Sequence int64
	Err      error
	Raw      []byte // as it was last received
}

// GapReason says why numbers were passed over.
type GapReason string

// The reasons. Numbers of both kinds can be repaired from the feed's history.
const (
	GapHole    GapReason = "hole"    // the feed went on without these numbers
	GapExpired GapReason = "expired" // the feed did not keep them until they were asked for
)

// Gap is a run of numbers, both ends included, that was passed over. A relay has no
// numbers: both are 0.
type Gap struct {
	From, To int64
	Reason   GapReason
	// Since and Until bound the time in which the numbers of an expired gap were
	// published. Zero for holes.
	Since, Until time.Time
}

// Numbers is how many numbers the gap holds.
func (g Gap) Numbers() int64 { return g.To - g.From + 1 }

// addGap joins g to the gap before it where it continues that.
func (b *Batch) addGap(g Gap) {
	if n := len(b.Gaps); n > 0 && b.Gaps[n-1].Reason == g.Reason && b.Gaps[n-1].To+1 == g.From && g.Since.IsZero() {
		b.Gaps[n-1].To = g.To
		return
	}
	b.Gaps = append(b.Gaps, g)
}
