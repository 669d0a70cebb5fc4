package killmail

import (
	"fmt"
	"strings"
	"time"
)

// Document is what a source hands over about one killmail. It holds the killmail,
// or a Ref to one, or, when the source had nothing to say, neither.
type Document struct {
	Killmail *Killmail // nil when the source only names the killmail
	Ref      *Ref      // names the killmail when there is none; nil otherwise
	// Sequence is the R2Z2 sequence number, 0 from other sources.
	Sequence int64
	// UploadedAt is when zKillboard published the document; zero from other sources.
	UploadedAt time.Time
	// SequenceUpdated is set when zKillboard rewrote an earlier document in
	// place: the number of that document. 0 otherwise.
	SequenceUpdated int64
}

// Ref names a killmail whose content the source left out. ESI gives the content
// to whoever knows id and hash.
type Ref struct {
	ID   int64
	Hash string // 40 hexadecimal digits
	Zkb  *Zkb   // nil when the source has no zKillboard block
}

// Empty reports whether the source had nothing to say.
func (d Document) Empty() bool { return d.Killmail == nil && d.Ref == nil }

// Complete returns the document with the killmail that its Ref names, as ESI gave
// it. Hash, zKillboard block and value come from the Ref. The killmail is changed.
func (d Document) Complete(k *Killmail) (Document, error) {
	if d.Ref == nil || k == nil || k.ID != d.Ref.ID {
		return Document{}, fmt.Errorf("killmail: complete %+v with another killmail", d.Ref)
	}
	d.Ref.apply(k)
	d.Killmail, d.Ref = k, nil
	return d, nil
}

// apply gives a killmail what stood around it.
func (r *Ref) apply(k *Killmail) {
	if r.Hash != "" {
		k.Hash = r.Hash
	}
	if r.Zkb == nil {
		return
	}
	k.Zkb = r.Zkb
	if k.Zkb.HasValue {
		k.Value = Value{ISK: k.Zkb.TotalValue, Source: ValueZkb}
	}
}

// validate checks the hash, where there is one.
func (r *Ref) validate() error {
	if r.Hash == "" {
		return nil
	}
	if len(r.Hash) != 40 || strings.Trim(r.Hash, "0123456789abcdef") != "" {
		return &DecodeError{KillmailID: max(r.ID, 0), Field: "hash", Reason: "is not 40 lower-case hexadecimal digits"}
	}
	return nil
}
