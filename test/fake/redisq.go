package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Form is how a relay hands packages over.
type Form int

// The forms, oldest first.
const (
	Direct      Form = iota // the package with its killmail, as the answer
	Redirected              // the same, at an address to which the answer points
	WithoutMail             // an address, and there the package without its killmail
)

// RedisQ is a relay of the shape of zKillboard's former RedisQ: it keeps one queue,
// and answers /listen.php?queueID=…&ttw=…. It is an http.Handler, and safe for
// concurrent use. Make it with NewRedisQ.
type RedisQ struct {
	front
	mu      sync.Mutex
	form    Form
	queue   [][]byte
	objects map[string][]byte // waiting to be fetched, by id
	given   int
	more    chan struct{} // closed when something is pushed
	busy    map[string]bool
}

// NewRedisQ returns a relay with an empty queue.
func NewRedisQ(form Form) *RedisQ {
	return &RedisQ{form: form, objects: map[string][]byte{}, more: make(chan struct{}), busy: map[string]bool{}}
}

// Push puts the killmails of R2Z2 documents into the queue. Bodies that are none are
// put there as they are.
func (f *RedisQ) Push(documents ...[]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, document := range documents {
		f.queue = append(f.queue, f.pack(document))
	}
	close(f.more)
	f.more = make(chan struct{})
}

// pack makes a package of a document.
func (f *RedisQ) pack(document []byte) []byte {
	var envelope struct {
		ID   int64                      `json:"killmail_id"`
		Hash string                     `json:"hash"`
		ESI  json.RawMessage            `json:"esi"`
		Zkb  map[string]json.RawMessage `json:"zkb"`
	}
	if json.Unmarshal(document, &envelope) != nil || envelope.ID == 0 {
		return document
	}
	if envelope.Zkb == nil {
		envelope.Zkb = map[string]json.RawMessage{}
	}
	envelope.Zkb["hash"] = encode(envelope.Hash)
	content := map[string]any{"killID": envelope.ID, "zkb": envelope.Zkb}
	if f.form != WithoutMail {
		content["killmail"] = envelope.ESI
	}
	return encode(map[string]any{"package": content})
}

// Left is how many packages wait in the queue or to be fetched.
func (f *RedisQ) Left() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.queue) + len(f.objects)
}

// ServeHTTP answers /listen.php and /object.php.
func (f *RedisQ) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	done := f.begin()
	defer done()
	recorded := &recorder{ResponseWriter: w, status: http.StatusOK}
	defer func() { f.note(r, recorded.status) }()
	switch fault := f.faultFor(r.URL.Path); {
	case fault != nil:
		fault.serve(recorded, r, f.peek(r))
	case blocked(r):
		page(recorded, http.StatusForbidden, "blocked")
	case strings.HasSuffix(r.URL.Path, "/listen.php"):
		f.listen(recorded, r)
	case strings.HasSuffix(r.URL.Path, "/object.php"):
		f.object(recorded, r)
	default:
		page(recorded, http.StatusNotFound, "not found")
	}
}

// peek is what a request would get, for faults that spoil it.
func (f *RedisQ) peek(r *http.Request) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	if body := f.objects[r.URL.Query().Get("objectID")]; body != nil {
		return body
	}
	if len(f.queue) > 0 {
		return f.queue[0]
	}
	return []byte(`{"package":null}`)
}

func (f *RedisQ) listen(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("queueID")
	seconds, err := strconv.Atoi(r.URL.Query().Get("ttw"))
	if id == "" || err != nil || seconds < 1 || seconds > 10 {
		refuse(w, http.StatusBadRequest, "queueID and ttw are needed")
		return
	}
	if !f.enter(id) {
		page(w, http.StatusTooManyRequests, "one request at a time")
		return
	}
	defer f.leave(id)
	next, object := f.next(r, time.Duration(seconds)*time.Second)
	switch {
	case f.form == Direct && next == nil:
		reply(w, r, []byte(`{"package":null}`))
	case f.form == Direct:
		reply(w, r, next)
	default:
		w.Header().Set("Location", "object.php?objectID="+object) // relative to listen.php
		w.WriteHeader(http.StatusFound)
	}
}

func (f *RedisQ) enter(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy[id] {
		return false
	}
	f.busy[id] = true
	return true
}

func (f *RedisQ) leave(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.busy, id)
}

// next takes a package off the queue, waiting for one for some time; nil and "null"
// when none came. With an address, the package waits there.
func (f *RedisQ) next(r *http.Request, wait time.Duration) (body []byte, object string) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		f.mu.Lock()
		more := f.more
		if len(f.queue) > 0 {
			body, f.queue = f.queue[0], f.queue[1:]
			f.given++
			object = fmt.Sprintf("object-%d", f.given)
			if f.form != Direct {
				f.objects[object] = body
			}
			f.mu.Unlock()
			return body, object
		}
		f.mu.Unlock()
		select {
		case <-more:
		case <-timer.C:
			return nil, "null"
		case <-r.Context().Done():
			return nil, "null"
		}
	}
}

// object answers what was put at an address, once and for all.
func (f *RedisQ) object(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("objectID")
	if id == "null" {
		reply(w, r, []byte(`{"package":null}`))
		return
	}
	f.mu.Lock()
	body, there := f.objects[id]
	delete(f.objects, id)
	f.mu.Unlock()
	if !there {
		page(w, http.StatusNotFound, "expired")
		return
	}
	reply(w, r, body)
}

// Expire forgets packages that wait to be fetched.
func (f *RedisQ) Expire() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.objects)
}
