package api_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
)

// gang makes the killmails of two lone pilots, shot one after the other by pilots of one alliance.
func gang(id, system int64, at time.Time, alliance int64, pilots ...int64) []*killmail.Killmail {
	return []*killmail.Killmail{
		lone(10*id, system, at, alliance, pilots...), lone(10*id+1, system, at.Add(time.Minute), alliance, pilots...),
	}
}

func lone(id, system int64, at time.Time, alliance int64, pilots ...int64) *killmail.Killmail {
	k := &killmail.Killmail{
		ID: id, Time: at, SystemID: system, Hash: fmt.Sprintf("%040x", id),
		Victim: killmail.Victim{Party: killmail.Party{CharacterID: 95_000_000 + id, CorporationID: 98_500_000 + id, ShipTypeID: 587}, DamageTaken: 500},
	}
	for i, p := range pilots {
		k.Attackers = append(k.Attackers, killmail.Attacker{
			Party:      killmail.Party{CharacterID: 96_000_000 + p, CorporationID: 98_000_000 + alliance, AllianceID: 99_000_000 + alliance, ShipTypeID: 621},
			DamageDone: 100, FinalBlow: i == 0,
		})
	}
	return k
}

// away returns a system so many stargates from another.
func away(t *testing.T, world *sde.Data, from int64, jumps int) int64 {
	t.Helper()
	seen, ring := map[int64]bool{from: true}, []int64{from}
	for range jumps {
		var next []int64
		for _, id := range ring {
			for _, n := range world.Neighbors(id) {
				if !seen[n] {
					seen[n] = true
					next = append(next, n)
				}
			}
		}
		ring = next
	}
	if len(ring) == 0 {
		t.Fatalf("nothing is %d jumps from %d", jumps, from)
	}
	return slices.Min(ring)
}

func TestOperationOfARoamingCrew(t *testing.T) {
	t.Parallel()
	const tama = 30002813
	world, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := empty(t)
	start := now.Add(-4 * time.Hour)
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	mails := slices.Concat(
		gang(1, tama, at(0), 1, 1, 2, 3, 4),
		gang(2, away(t, world, tama, 4), at(45), 1, 1, 2, 3, 4),
		gang(3, away(t, world, tama, 8), at(100), 1, 1, 2, 3, 5),
		// the same crew after a longer pause, and another one beside the first
		gang(4, tama, at(200), 1, 1, 2, 3, 4),
		gang(5, away(t, world, tama, 5), at(50), 2, 11, 12, 13),
	)
	if err := s.save(t.Context(), mails...); err != nil {
		t.Fatal(err)
	}
	of := func(stop int64) int64 {
		got := into[struct {
			BattleID int64 `json:"battle_id"`
		}](t, s.get(t, fmt.Sprintf("/api/v1/battles/by-killmail/%d", 10*stop)), http.StatusOK)
		return got.BattleID
	}
	type chain struct {
		Items []struct {
			Side    string
			Pilots  int
			Total   int
			Battles []struct {
				ID           int64
				CrewSide     string `json:"crew_side"`
				Follows      *int64
				SharedPilots int `json:"shared_pilots"`
			}
		}
	}
	want := []int64{of(1), of(2), of(3)}
	for _, id := range want {
		got := into[chain](t, s.get(t, fmt.Sprintf("/api/v1/battles/%d/operations", id)), http.StatusOK)
		if len(got.Items) != 1 || got.Items[0].Pilots != 5 || got.Items[0].Total != 3 {
			t.Fatalf("battle %d: got %+v, want one operation of 5 pilots and 3 battles", id, got)
		}
		o := got.Items[0]
		var ids []int64
		for _, b := range o.Battles {
			ids = append(ids, b.ID)
		}
		if !slices.Equal(ids, want) {
			t.Errorf("battle %d: got battles %v, want %v", id, ids, want)
		}
		if first, last := o.Battles[0], o.Battles[2]; first.Follows != nil || last.Follows == nil || *last.Follows != want[1] || last.SharedPilots != 3 {
			t.Errorf("battle %d: got %+v and %+v, want the last to follow the second with 3 pilots", id, first, last)
		}
	}
	for _, alone := range []int64{4, 5} {
		if got := into[chain](t, s.get(t, fmt.Sprintf("/api/v1/battles/%d/operations", of(alone))), http.StatusOK); len(got.Items) != 0 {
			t.Errorf("stop %d: got %+v, want none", alone, got)
		}
	}
	if p := into[api.Problem](t, s.get(t, "/api/v1/battles/999999/operations"), http.StatusNotFound); p.Detail == "" {
		t.Errorf("an unknown battle: got %+v, want a reason", p)
	}
}

// outlining counts how often the outlines of battles are read.
type outlining struct {
	store.Store
	n atomic.Int64
}

func (o *outlining) Outlines(ctx context.Context, from, to time.Time) ([]battle.Outline, error) {
	o.n.Add(1)
	return o.Store.Outlines(ctx, from, to)
}

// TestLongOperation asks for a chain of many battles from its first on, which is not
// read once for every battle of it.
func TestLongOperation(t *testing.T) {
	t.Parallel()
	const tama, stops = 30002813, 20
	o := &outlining{}
	s := empty(t, func(d *api.Deps) {
		o.Store = d.Store.(store.Store)
		d.Store = o
	})
	var mails []*killmail.Killmail
	for stop := range int64(stops) {
		mails = append(mails, gang(1+stop, tama, now.Add(time.Duration(50*(stop-stops))*time.Minute), 1, 1, 2, 3, 4)...)
	}
	if err := s.save(t.Context(), mails...); err != nil {
		t.Fatal(err)
	}
	first := into[struct {
		BattleID int64 `json:"battle_id"`
	}](t, s.get(t, "/api/v1/battles/by-killmail/10"), http.StatusOK).BattleID
	got := into[struct{ Items []api.OperationView }](t, s.get(t, fmt.Sprintf("/api/v1/battles/%d/operations", first)), http.StatusOK)
	if len(got.Items) != 1 || got.Items[0].Total != stops {
		t.Errorf("got %+v, want an operation of %d battles", got, stops)
	}
	if n := o.n.Load(); n > 4 {
		t.Errorf("the outlines were read %d times, want at most 4", n)
	}
}
