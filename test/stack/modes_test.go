package stack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/fake"
	"github.com/battlescope/battlescope/test/sim"
)

// TestBothModes lets an evening flow in and holds both ways to run to the same: the
// battles of one import, everything pushed to every reader in order and once, names
// for everybody, and nothing that verification would complain of.
func TestBothModes(t *testing.T) {
	t.Parallel()
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			evening(t, mode.start)
		})
	}
}

func evening(t *testing.T, begin func(*testing.T, source) *system) {
	set := recent(600)
	documents := set.R2Z2(7000)
	feed, names := fake.NewR2Z2(fake.Numbered(7000, documents)...), esi(set)
	web, ccp := httptest.NewServer(feed), httptest.NewServer(names)
	t.Cleanup(web.Close)
	t.Cleanup(ccp.Close)
	feed.Publish(1)

	s := begin(t, source{feed: web.URL, esi: ccp.URL, rate: 1_000_000})
	var readers []*reader
	for _, site := range s.sites(t) {
		readers = append(readers, follow(t, func() string { return site }))
	}
	pages := newAudience(t)
	for feed.Publish(50) > 0 {
		s.until(t, "what was published", func(db *sqlstore.Store) bool {
			seq, _, err := db.Cursor(context.Background(), "r2z2")
			return err == nil && seq == feed.Head()
		})
		pages.open(t, s.sites(t))
	}
	s.untilDone(t, feed.Head())
	db := s.open(t)
	defer db.Close()
	sameAsImport(t, db, documents)
	log := outbox(t, db)
	for i, r := range readers {
		until(t, "all events on every stream", func() bool { return r.last() == log[len(log)-1] })
		complete(t, fmt.Sprintf("reader %d", i), r, log, ids(t, documents))
	}
	for _, site := range s.sites(t) {
		until(t, "names of all sides", func() bool { return named(t, site) })
	}
	until(t, "all that changed in the battles that are looked at", pages.upToDate)
	if out, err := s.run(t, "verify-data", "--all", "--feed-url", web.URL); err != nil {
		t.Errorf("verification finds something: %v\n%s", err, out)
	}
	s.stop(t)
}

// recent invents an evening that has just ended, so that all of it is announced.
func recent(n int) sim.Set {
	s := sim.New(sim.Options{Seed: 47, Start: time.Now().UTC().Add(-6 * time.Hour).Truncate(time.Second), Late: -1})
	var set sim.Set
	for k := range s.Kills() {
		if len(set.Kills) == n {
			break
		}
		set.Kills = append(set.Kills, k)
	}
	set.Names = s.Names()
	return set
}

// esi knows everybody of a set.
func esi(set sim.Set) *fake.ESI {
	f := fake.NewESI()
	for _, n := range set.Names {
		f.AddNames(fake.Name{ID: n.Entity.ID, Name: n.Name, Category: string(n.Entity.Type), Ticker: n.Ticker})
	}
	return f
}

// outbox lists the numbers of all events.
func outbox(t *testing.T, db *sqlstore.Store) []int64 {
	t.Helper()
	var out []int64
	for after := int64(0); ; after = out[len(out)-1] {
		events, err := db.EventsAfter(context.Background(), after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return out
		}
		for _, e := range events {
			out = append(out, e.Seq)
		}
	}
}

// complete holds a reader to the log: in order, nothing twice, and every killmail. Of
// several events of one battle a reader may get only the last.
func complete(t *testing.T, who string, r *reader, log []int64, killmails []int64) {
	t.Helper()
	var mails []int64
	before := int64(0)
	for _, e := range r.events() {
		if e.id <= before {
			t.Errorf("%s got event %d after %d", who, e.id, before)
		}
		if !slices.Contains(log, e.id) {
			t.Errorf("%s got event %d, which the store does not know", who, e.id)
		}
		before = e.id
		if e.topic == string(store.TopicKillmail) {
			mails = append(mails, e.about)
		}
	}
	slices.Sort(mails)
	if !slices.Equal(mails, killmails) {
		t.Errorf("%s was told of %d killmails, %d are stored", who, len(mails), len(killmails))
	}
}

// named tells whether all members of the sides in the list of battles have names.
func named(t *testing.T, site string) bool {
	t.Helper()
	resp, err := http.Get(site + "/api/v1/battles?limit=100")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var page struct {
		Items []struct {
			Sides []struct {
				Members []struct {
					Type string
					Name *string
				}
			}
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&page); err != nil || len(page.Items) == 0 {
		t.Fatalf("battles of %s: %v, %d items", site, err, len(page.Items))
	}
	for _, item := range page.Items {
		for _, side := range item.Sides {
			for _, m := range side.Members {
				if m.Name == nil && !strings.Contains(m.Type, "faction") {
					return false
				}
			}
		}
	}
	return true
}
