package fake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
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
	// idsAtOnce is how many ids one request may resolve.
	idsAtOnce = 1000
	// groupWindow is in which a group of routes has its tokens; it floats.
	groupWindow = 15 * time.Minute
)

// esiRoute is what ESI says of a route, by its first word.
type esiRoute struct {
	group  string        // "" shares the errors
	tokens int           // of the group, in groupWindow
	fresh  time.Duration // of the answers; 0: they are not kept
}

// esiRoutes are those of ESI's OpenAPI file that are answered here.
var esiRoutes = map[string]esiRoute{
	"killmails":    {"killmail", 3600, 30 * 24 * time.Hour},
	"status":       {"status", 600, 30 * time.Second},
	"alliances":    {fresh: time.Hour},
	"corporations": {fresh: time.Hour},
	"markets":      {fresh: time.Hour},
}

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
// alliances and corporations, affiliations, market prices, killmails by id and hash,
// and the status of the server. It counts as the real one does: errors on routes
// without a group, beyond which everything is refused with 420, and tokens on the
// others, beyond which their group is refused with 429. Answers carry an ETag and how
// long they are good. It is an http.Handler, and safe for concurrent use. The zero
// value knows nothing.
type ESI struct {
	front
	mu           sync.Mutex
	names        map[int64]Name
	mails        map[string][]byte // by path
	affiliations map[int64]Affiliation
	prices       []byte
	invent       bool      // names for ids it does not know
	window       time.Time // begin of the running error window
	errors       int       // in it
	resolved     int       // ids that were given names
	spent        map[string][]spent
}

// Resolved returns how many ids were given names, each as often as it was asked for.
func (f *ESI) Resolved() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.resolved
}

// Affiliation is where a character belongs.
type Affiliation struct {
	CharacterID   int64 `json:"character_id"`
	CorporationID int64 `json:"corporation_id"`
	AllianceID    int64 `json:"alliance_id,omitempty"`
	FactionID     int64 `json:"faction_id,omitempty"`
}

// Affiliate makes affiliations known; they replace older ones of the same characters.
func (f *ESI) Affiliate(list ...Affiliation) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.affiliations == nil {
		f.affiliations = make(map[int64]Affiliation, len(list))
	}
	for _, a := range list {
		f.affiliations[a.CharacterID] = a
	}
}

// Price is what a type is worth on the market; nil leaves a price out.
type Price struct {
	TypeID   int64    `json:"type_id"`
	Average  *float64 `json:"average_price,omitempty"`
	Adjusted *float64 `json:"adjusted_price,omitempty"`
}

// SetPrices replaces the market prices.
func (f *ESI) SetPrices(list ...Price) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.prices = encode(list)
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

// ServeHTTP answers below /universe/names, /characters/affiliation, /alliances/,
// /corporations/, /killmails/, /markets/prices and /status.
func (f *ESI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	done := f.begin()
	defer done()
	recorded := &recorder{ResponseWriter: w, status: http.StatusOK}
	defer func() { f.note(r, recorded.status) }()

	kind, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	route := esiRoutes[kind]
	status, body, reason := f.answer(r)
	if fault := f.faultFor(r.URL.Path); fault != nil {
		fault.serve(recorded, r, body)
		f.count(route, recorded.status)
		return
	}
	if remain, reset := f.budget(0); remain <= 0 {
		status, reason = statusErrorLimited, "This software has exceeded the error limit for ESI."
		errorHeaders(recorded.Header(), remain, reset)
	} else if wait := f.empty(route); wait > 0 {
		status, reason = http.StatusTooManyRequests, "Too many requests."
		recorded.Header().Set("Retry-After", seconds(wait))
	} else {
		if status == http.StatusOK && route.fresh > 0 && f.unchanged(recorded.Header(), r, route, body) {
			status = http.StatusNotModified
		}
		f.count(route, status)
	}
	f.tell(recorded.Header(), route)
	switch status {
	case http.StatusOK:
		reply(recorded, r, body)
	case http.StatusNotModified:
		recorded.WriteHeader(status)
	default:
		refuse(recorded, status, reason)
	}
}

// unchanged writes how long an answer is good, and reports whether the client has it.
func (f *ESI) unchanged(h http.Header, r *http.Request, route esiRoute, body []byte) bool {
	sum := fnv.New64a()
	_, _ = sum.Write(body)
	etag := fmt.Sprintf(`"%016x"`, sum.Sum64())
	now := time.Now().UTC()
	h.Set("ETag", etag)
	h.Set("Date", now.Format(http.TimeFormat))
	h.Set("Expires", now.Add(route.fresh).Format(http.TimeFormat))
	return r.Header.Get("If-None-Match") == etag
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
	resolve := map[string]func(io.Reader) (int, []byte, string){"universe/names": f.resolve, "characters/affiliation": f.affiliation}[kind+"/"+rest]
	if resolve != nil {
		if r.Method != http.MethodPost {
			return http.StatusMethodNotAllowed, nil, "Method not allowed"
		}
		return resolve(r.Body)
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
	case kind == "markets" && rest == "prices" && f.prices != nil:
		return http.StatusOK, f.prices, ""
	case kind == "killmails" && f.mails[path] != nil:
		return http.StatusOK, f.mails[path], ""
	case kind == "killmails":
		return http.StatusUnprocessableEntity, nil, "Invalid killmail_id and/or killmail_hash"
	case known && (kind == "alliances" && name.Category == "alliance" || kind == "corporations" && name.Category == "corporation"):
		return http.StatusOK, encode(map[string]string{"name": name.Name, "ticker": name.ticker()}), ""
	}
	return http.StatusNotFound, nil, "Not found"
}

// readIDs reads the list of ids in a request; reason says what is wrong with it.
func readIDs(in io.Reader) (ids []int64, reason string) {
	if err := json.NewDecoder(in).Decode(&ids); err != nil {
		return nil, "body is no list of ids"
	}
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	if len(ids) == 0 || len(ids) > idsAtOnce || len(slices.Compact(sorted)) != len(ids) {
		return nil, "1 to 1000 different ids are needed"
	}
	return ids, ""
}

// affiliation answers for /characters/affiliation: all of the characters, or nothing
// when one is unknown.
func (f *ESI) affiliation(in io.Reader) (status int, body []byte, reason string) {
	ids, reason := readIDs(in)
	if reason != "" {
		return http.StatusBadRequest, nil, reason
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]Affiliation, len(ids))
	for i, id := range ids {
		a, known := f.affiliations[id]
		if !known {
			return http.StatusNotFound, nil, "Character not found"
		}
		list[i] = a
	}
	return http.StatusOK, encode(list), ""
}

// resolve answers for /universe/names: all of the ids, or nothing when one is unknown.
func (f *ESI) resolve(in io.Reader) (status int, body []byte, reason string) {
	ids, reason := readIDs(in)
	if reason != "" {
		return http.StatusBadRequest, nil, reason
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
	f.resolved += len(ids)
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
