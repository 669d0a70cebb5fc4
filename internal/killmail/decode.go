package killmail

import (
	"bytes"
	"fmt"
	"time"

	"github.com/goccy/go-json"
)

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

// DecodeDocument reads what a source says of one killmail, in any of these forms:
//
//   - an R2Z2 document: `esi` with the killmail, `zkb`, sequence number
//   - an element of zKillboard's lists: the ESI killmail with a `zkb` block
//   - a RedisQ package, in its `package` wrapper or bare: `killmail` and `zkb`
//   - a plain ESI killmail
//   - an EVERef archive member: the ESI killmail with `killmail_hash`
//   - each of the first three without the killmail: id and hash, and `zkb` or not
//
// The last gives a Document with a Ref and no Killmail. RedisQ's `{"package":null}`
// says that there is nothing: the Document is empty and there is no error.
//
// Unknown fields are ignored, null and missing are the same, and numbers may be
// written as integers, floats or strings. The error is a *DecodeError that names
// the field.
func DecodeDocument(b []byte) (Document, error) {
	w, err := unmarshal(b)
	if err != nil {
		return Document{}, &DecodeError{Field: "document", Reason: describe(b, err)}
	}
	if w.Package == nil {
		return w.document()
	}
	if string(w.Package) == "null" {
		if w.names() {
			return w.document()
		}
		return Document{}, nil
	}
	inner, err := unmarshal(w.Package)
	if err != nil {
		return Document{}, &DecodeError{Field: "package", Reason: describe(w.Package, err)}
	}
	return inner.document()
}

// unmarshal reads the fields of a document. Most documents are written as they
// should be; the others cost a second pass.
func unmarshal(b []byte) (*wireDocument, error) {
	var w wireDocument
	err := json.Unmarshal(b, &w)
	if err == nil {
		return &w, nil
	}
	straight, ok := straighten(b)
	if !ok {
		return nil, err
	}
	w = wireDocument{}
	return &w, json.Unmarshal(straight, &w)
}

// latestUpload is the last second that JSON can write as a time; later ones are a
// clock's or a unit's mistake.
const latestUpload = 253_402_300_799

// document brings the forms together.
func (w *wireDocument) document() (Document, error) {
	d := Document{Sequence: max(w.SequenceID, w.Sequence), SequenceUpdated: w.SequenceUpdated}
	if w.UploadedAt > 0 && w.UploadedAt <= latestUpload {
		d.UploadedAt = time.Unix(w.UploadedAt, 0).UTC()
	}
	ref := Ref{ID: max(w.KillmailID, w.KillID), Hash: firstNonEmpty(w.Hash, w.KillmailHash)}
	if w.Zkb != nil {
		ref.Zkb = w.Zkb.zkb()
		ref.Hash = firstNonEmpty(ref.Hash, w.Zkb.Hash)
	}
	mail, field := &w.wireKillmail, ""
	switch {
	case w.ESI != nil:
		mail, field = w.ESI, "esi.killmail_id"
	case w.Killmail != nil:
		mail, field = w.Killmail, "killmail.killmail_id"
	case ref.ID > 0 && ref.Hash != "" && w.bare():
		if err := ref.validate(); err != nil {
			return Document{}, err
		}
		d.Ref = &ref
		return d, nil
	}
	if ref.ID != 0 && mail.KillmailID == 0 {
		mail.KillmailID = ref.ID
	}
	if field != "" && ref.ID != 0 && ref.ID != mail.KillmailID {
		return Document{}, &DecodeError{KillmailID: ref.ID, Field: field,
			Reason: fmt.Sprintf("is %d, but the envelope says %d", mail.KillmailID, ref.ID)}
	}
	k, err := mail.killmail()
	if err != nil {
		return Document{}, err
	}
	if err := ref.validate(); err != nil {
		return Document{}, err
	}
	ref.apply(k)
	d.Killmail = k
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
