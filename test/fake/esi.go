package fake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
)

const (
	// statusErrorLimited is ESI's own status for a client that has used up its errors.
	statusErrorLimited = 420
	// errorsAllowed is how many errors a client has in errorWindow.
	errorsAllowed = 100
	errorWindow   = time.Minute
	// namesAtOnce is how many ids one request may resolve.
	namesAtOnce = 1000
)

// Name is what ESI calls an id.
type Name struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Category string `json:"category"` // character, corporation, alliance or faction
	// Ticker of a corporation or alliance; when empty, one is made of the name.
	Ticker string `json:"ticker,omitempty"`
}

// ReadNames reads names as JSON Lines, compressed with gzip or not.
func ReadNames(in io.Reader) ([]Name, error) {
	buffered := bufio.NewReader(in)
	in = buffered
	if head, _ := buffered.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		unzip, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("names: %w", err)
		}
		in = unzip
	}
	var names []Name
	for dec := json.NewDecoder(in); ; {
		var n Name
		if err := dec.Decode(&n); errors.Is(err, io.EOF) {
			return names, nil
		} else if err != nil {
			return nil, fmt.Errorf("names: after %d names: %w", len(names), err)
		}
		names = append(names, n)
	}
}

// ESI answers like CCP's API, for what BattleScope asks: names of ids, tickers of
// alliances and corporations, killmails by id and hash, and the status of the
// server. It counts errors and refuses everything with 420 when they are used up, as
// the real one does. It is an http.Handler, and safe for concurrent use. The zero
// value knows nothing.
type ESI struct {
	front
	mu     sync.Mutex
	names  map[int64]Name
	mails  map[string][]byte // by path
	invent bool              // names for ids it does not know
	window time.Time         // begin of the running error window
	errors int               // in it
}

// NewESI returns an ESI that knows these names.
func NewESI(names ...Name) *ESI {
	f := new(ESI)
	f.AddNames(names...)
	return f
}

// AddNames makes names known; they replace older ones of the same ids.
func (f *ESI) AddNames(names ...Name) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.names == nil {
		f.names = make(map[int64]Name, len(names))
	}
	for _, n := range names {
		f.names[n.ID] = n
	}
}

// Invent makes up names for ids that are not known, so that a list of names need not
// be complete. Without it, such ids fail as they do at ESI.
func (f *ESI) Invent() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.invent = true
}

// name finds the name of an id.
func (f *ESI) name(id int64) (Name, bool) {
	n, known := f.names[id]
	if known || !f.invent {
		return n, known
	}
	kind := "character"
	switch { // by the ranges of ids; those of 2010 and before are mixed
	case id < 1_000_000:
		kind = "faction"
	case id < 2_000_000, id >= 98_000_000 && id < 99_000_000:
		kind = "corporation"
	case id >= 99_000_000 && id < 100_000_000:
		kind = "alliance"
	}
	return Name{ID: id, Name: fmt.Sprintf("Unnamed %s %d", kind, id), Category: kind}, true
}

// AddKillmail makes a killmail known; body is ESI's document.
func (f *ESI) AddKillmail(id int64, hash string, body []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mails == nil {
		f.mails = make(map[string][]byte)
	}
	f.mails[fmt.Sprintf("/killmails/%d/%s", id, hash)] = body
}

// ServeHTTP answers below /universe/names, /alliances/, /corporations/, /killmails/
// and /status.
func (f *ESI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	done := f.begin()
	defer done()
	recorded := &recorder{ResponseWriter: w, status: http.StatusOK}
	defer func() { f.note(r, recorded.status) }()

	remain, reset := f.budget(0)
	status, body, reason := f.answer(r)
	switch fault := f.faultFor(r.URL.Path); {
	case fault != nil:
		fault.serve(recorded, r, body)
		f.countError(recorded.status)
		return
	case remain <= 0:
		status, reason = statusErrorLimited, "This software has exceeded the error limit for ESI."
	case status != http.StatusOK:
		remain, reset = f.budget(1)
	}
	recorded.Header().Set("X-ESI-Error-Limit-Remain", strconv.Itoa(remain))
	recorded.Header().Set("X-ESI-Error-Limit-Reset", strconv.Itoa(reset))
	if status != http.StatusOK {
		refuse(recorded, status, reason)
		return
	}
	reply(recorded, r, body)
}

func (f *ESI) countError(status int) {
	if status >= 400 {
		f.budget(1)
	}
}

// budget counts errors and returns how many are left and for how many seconds.
func (f *ESI) budget(errors int) (remain, reset int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if now.Sub(f.window) >= errorWindow {
		f.window, f.errors = now, 0
	}
	f.errors += errors
	left := f.window.Add(errorWindow).Sub(now)
	return max(0, errorsAllowed-f.errors), int((left + time.Second - 1) / time.Second)
}

// answer finds what belongs to a request; reason says why there is nothing.
func (f *ESI) answer(r *http.Request) (status int, body []byte, reason string) {
	if blocked(r) {
		return http.StatusForbidden, nil, "User-Agent missing"
	}
	if _, err := time.Parse(time.DateOnly, r.Header.Get("X-Compatibility-Date")); err != nil {
		return http.StatusBadRequest, nil, "X-Compatibility-Date is no date"
	}
	path := strings.TrimSuffix(r.URL.Path, "/")
	kind, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if kind == "universe" && rest == "names" {
		if r.Method != http.MethodPost {
			return http.StatusMethodNotAllowed, nil, "Method not allowed"
		}
		return f.resolve(r.Body)
	}
	if r.Method != http.MethodGet {
		return http.StatusMethodNotAllowed, nil, "Method not allowed"
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	id, _ := strconv.ParseInt(rest, 10, 64)
	switch name, known := f.name(id); {
	case kind == "status":
		return http.StatusOK, []byte(`{"players":0,"server_version":"1","start_time":"2026-01-01T11:00:00Z"}`), ""
	case kind == "killmails" && f.mails[path] != nil:
		return http.StatusOK, f.mails[path], ""
	case kind == "killmails":
		return http.StatusUnprocessableEntity, nil, "Invalid killmail_id and/or killmail_hash"
	case known && (kind == "alliances" && name.Category == "alliance" || kind == "corporations" && name.Category == "corporation"):
		return http.StatusOK, encode(map[string]string{"name": name.Name, "ticker": name.ticker()}), ""
	}
	return http.StatusNotFound, nil, "Not found"
}

// resolve answers for /universe/names: all of the ids, or nothing when one is unknown.
func (f *ESI) resolve(in io.Reader) (status int, body []byte, reason string) {
	var ids []int64
	if err := json.NewDecoder(in).Decode(&ids); err != nil {
		return http.StatusBadRequest, nil, "body is no list of ids"
	}
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	if len(ids) == 0 || len(ids) > namesAtOnce || len(slices.Compact(sorted)) != len(ids) {
		return http.StatusBadRequest, nil, "1 to 1000 different ids are needed"
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	names := make([]Name, len(ids))
	for i, id := range ids {
		name, known := f.name(id)
		if !known {
			return http.StatusNotFound, nil, "Ensure all IDs are valid before resolving."
		}
		name.Ticker = "" // not part of this answer
		names[i] = name
	}
	return http.StatusOK, encode(names), ""
}

// ticker is the one given, or the capitals of the words of the name.
func (n Name) ticker() string {
	if n.Ticker != "" {
		return n.Ticker
	}
	var ticker []rune
	for word := range strings.FieldsSeq(n.Name) {
		for _, r := range word {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				ticker = append(ticker, unicode.ToUpper(r))
				break
			}
		}
	}
	if len(ticker) == 0 {
		return "X"
	}
	return string(ticker[:min(len(ticker), 5)])
}
