package fake

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// EVERef serves daily archives of killmails below /killmails/, as data.everef.net
// does. It packs with gzip under the real names, which end in .bz2: readers go by
// the content. It is an http.Handler, and safe for concurrent use.
type EVERef struct {
	front
	mu   sync.Mutex
	days map[string]map[int64][]byte // YYYY-MM-DD → killmails
}

// Add puts the killmails of R2Z2 documents into the archives of their days.
func (f *EVERef) Add(documents ...[]byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, document := range documents {
		var envelope struct {
			ID   int64          `json:"killmail_id"`
			Hash string         `json:"hash"`
			ESI  map[string]any `json:"esi"`
		}
		decoder := json.NewDecoder(bytes.NewReader(document))
		decoder.UseNumber()
		if err := decoder.Decode(&envelope); err != nil {
			return fmt.Errorf("document %d: %w", i, err)
		}
		at, err := time.Parse(time.RFC3339, fmt.Sprint(envelope.ESI["killmail_time"]))
		if err != nil {
			return fmt.Errorf("document %d: %w", i, err)
		}
		envelope.ESI["killmail_hash"] = envelope.Hash
		day := at.UTC().Format(time.DateOnly)
		if f.days == nil {
			f.days = map[string]map[int64][]byte{}
		}
		if f.days[day] == nil {
			f.days[day] = map[int64][]byte{}
		}
		f.days[day][envelope.ID] = encode(envelope.ESI)
	}
	return nil
}

// ServeHTTP answers /killmails/totals.json and the archives.
func (f *EVERef) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	done := f.begin()
	defer done()
	recorded := &recorder{ResponseWriter: w, status: http.StatusOK}
	defer func() { f.note(r, recorded.status) }()
	body, found := f.answer(r.URL.Path)
	switch fault := f.faultFor(r.URL.Path); {
	case fault != nil:
		fault.serve(recorded, r, body)
	case blocked(r):
		page(recorded, http.StatusForbidden, "blocked")
	case !found:
		page(recorded, http.StatusNotFound, "not found")
	default:
		_, _ = recorded.Write(body)
	}
}

func (f *EVERef) answer(path string) ([]byte, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if path == "/killmails/totals.json" {
		totals := map[string]int{}
		for day, mails := range f.days {
			totals[day] = len(mails)
		}
		return encode(totals), true
	}
	for day, mails := range f.days {
		if path == fmt.Sprintf("/killmails/%s/killmails-%s.tar.bz2", day[:4], day) {
			return pack(mails), true
		}
	}
	return nil, false
}

// pack makes an archive.
func pack(mails map[int64][]byte) []byte {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	archive := tar.NewWriter(zip)
	for id, mail := range mails {
		// Writing to memory fails only when a size is wrong, which the reader will tell.
		_ = archive.WriteHeader(&tar.Header{Name: fmt.Sprintf("killmails/%d.json", id), Size: int64(len(mail)), Mode: 0o644})
		_, _ = archive.Write(mail)
	}
	_ = archive.Close()
	_ = zip.Close()
	return out.Bytes()
}
