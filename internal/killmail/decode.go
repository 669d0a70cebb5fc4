package killmail

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-json"
)

// Document is a killmail with what the source said around it.
type Document struct {
	Killmail *Killmail
	// Sequence is the R2Z2 sequence number, 0 from other sources.
	Sequence int64
	// UploadedAt is when zKillboard published the document; zero from other sources.
	UploadedAt time.Time
	// SequenceUpdated is set when zKillboard rewrote an earlier document in
	// place: the number of that document. 0 otherwise.
	SequenceUpdated int64
}

// DecodeError names the field that makes a document unusable.
type DecodeError struct {
	KillmailID int64 // 0 when the document does not say
	Field      string
	Reason     string
}

func (e *DecodeError) Error() string {
	if e.KillmailID != 0 {
		return fmt.Sprintf("killmail %d: %s: %s", e.KillmailID, e.Field, e.Reason)
	}
	return fmt.Sprintf("killmail: %s: %s", e.Field, e.Reason)
}

// DecodeDocument reads one killmail in any form the sources use: an R2Z2
// document (`esi` + `zkb`), a plain ESI killmail with or without a `zkb` block,
// or an EVERef archive member (ESI killmail + `killmail_hash`). Unknown fields
// are ignored, null and missing are the same. The error is a *DecodeError that
// names the field.
func DecodeDocument(b []byte) (Document, error) {
	var w wireDocument
	if err := json.Unmarshal(b, &w); err != nil {
		return Document{}, &DecodeError{Field: "document", Reason: describe(b, err)}
	}
	esi := &w.wireKillmail
	if w.ESI != nil {
		esi = w.ESI
		if w.KillmailID != 0 && esi.KillmailID == 0 {
			esi.KillmailID = w.KillmailID
		}
		if w.KillmailID != 0 && w.KillmailID != esi.KillmailID {
			return Document{}, &DecodeError{KillmailID: w.KillmailID, Field: "esi.killmail_id",
				Reason: fmt.Sprintf("is %d, but the envelope says %d", esi.KillmailID, w.KillmailID)}
		}
	}
	k, err := esi.killmail()
	if err != nil {
		return Document{}, err
	}
	k.Hash = firstNonEmpty(w.Hash, w.KillmailHash)
	if w.Zkb != nil {
		k.Zkb = w.Zkb.zkb()
		k.Hash = firstNonEmpty(k.Hash, w.Zkb.Hash)
		if k.Zkb.HasValue {
			k.Value = Value{ISK: k.Zkb.TotalValue, Source: ValueZkb}
		}
	}
	if err := validateHash(k); err != nil {
		return Document{}, err
	}
	d := Document{Killmail: k, Sequence: w.SequenceID, SequenceUpdated: w.SequenceUpdated}
	if w.UploadedAt > 0 {
		d.UploadedAt = time.Unix(w.UploadedAt, 0).UTC()
	}
	return d, nil
}

// describe turns a JSON error into words an operator can act on.
func describe(b []byte, err error) string {
	t := bytes.TrimSpace(b)
	switch {
	case len(t) == 0:
		return "is empty"
	case t[0] == '<':
		return "is HTML, not JSON: the source answered with an error page"
	case t[0] != '{':
		return "is not a JSON object"
	case t[len(t)-1] != '}':
		return fmt.Sprintf("is truncated JSON (%d bytes)", len(b))
	}
	return "is not a killmail: " + err.Error()
}

func firstNonEmpty(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}

func validateHash(k *Killmail) error {
	if k.Hash == "" {
		return nil
	}
	if len(k.Hash) != 40 || strings.Trim(k.Hash, "0123456789abcdef") != "" {
		return &DecodeError{KillmailID: k.ID, Field: "hash", Reason: "is not 40 lower-case hexadecimal digits"}
	}
	return nil
}
