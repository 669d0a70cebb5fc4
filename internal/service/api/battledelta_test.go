package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// drawView invents a state of a battle: any items of a few, in any order.
func drawView(t *rapid.T, name string) *BattleView {
	ids := rapid.SliceOfNDistinct(rapid.Int64Range(1, 12), 0, 12, rapid.ID[int64])
	figure := rapid.IntRange(0, 2) // few, so that items often stay as they are
	v := &BattleView{
		ID: 7, Kind: "battle", Status: "live", Kills: figure.Draw(t, name+" kills"), StartedAt: time.Unix(0, 0).UTC(),
		Sides: []SideView{}, Overrides: []Override{}, Excluded: []int64{}, Revisions: []RevisionView{},
	}
	for range figure.Draw(t, name+" sides") {
		v.Sides = append(v.Sides, SideView{ID: "A", Pilots: figure.Draw(t, name+" pilots of a side")})
	}
	for _, id := range ids.Draw(t, name+" killmails") {
		v.Killmails = append(v.Killmails, BattleKill{ID: id, Side: fmt.Sprint(figure.Draw(t, name+" side")), OccurredAt: time.Unix(id, 0).UTC()})
	}
	for _, id := range ids.Draw(t, name+" pilots") {
		v.PilotList = append(v.PilotList, PilotView{Character: &Entity{Type: "character", ID: id}, Kills: figure.Draw(t, name+" kills of a pilot")})
	}
	for _, id := range ids.Draw(t, name+" revisions") {
		v.Revisions = append(v.Revisions, RevisionView{Revision: int(id), Kills: figure.Draw(t, name+" kills of a revision")})
	}
	return v
}

func marked(t interface{ Fatal(...any) }, v *BattleView) *battlePrint {
	p, err := printOf(v)
	if err != nil {
		t.Fatal(err)
	}
	v.Mark = p.mark
	kept, err := parsePrint(p.mark, p.bytes()) // as a cache gives it back
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// TestDeltaMakesTheNewState is what the page relies on: the delta between two states,
// as it is sent, makes the one out of the other.
func TestDeltaMakesTheNewState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, now := drawView(t, "before"), drawView(t, "now")
		was, is := marked(t, before), marked(t, now)
		body, err := json.Marshal(delta(was, is, now))
		if err != nil {
			t.Fatal(err)
		}
		var d BattleDelta
		if err := json.Unmarshal(body, &d); err != nil {
			t.Fatal(err)
		}
		got, err := d.Apply(before)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(now, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-now +made by the delta):\n%s", diff)
		}
		if again := marked(t, got); again.mark != now.Mark {
			t.Fatalf("the state made has the mark %s, want %s", again.mark, now.Mark)
		}
		for _, p := range d.Pilots.Put {
			if slices.ContainsFunc(d.Pilots.Changed, func(c PilotView) bool { return c.Character.ID == p.Item.Character.ID }) {
				t.Fatalf("pilot %d comes twice", p.Item.Character.ID)
			}
		}
	})
}

func TestDeltaHoldsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	view := func(ids ...int64) *BattleView {
		v := &BattleView{}
		for _, id := range ids {
			v.Killmails = append(v.Killmails, BattleKill{ID: id})
		}
		return v
	}
	changed := view(1, 2, 3)
	changed.Killmails[1].AttackerCount = 9
	for name, c := range map[string]struct {
		before, now           *BattleView
		removed, changed, put []int64
	}{
		"nothing":  {before: view(1, 2, 3), now: view(1, 2, 3)},
		"one more": {before: view(1, 2), now: view(1, 2, 3), put: []int64{3}},
		"late":     {before: view(1, 3), now: view(1, 2, 3), put: []int64{2}},
		"gone":     {before: view(1, 2, 3), now: view(1, 3), removed: []int64{2}},
		"changed":  {before: view(1, 2, 3), now: changed, changed: []int64{2}},
		"to front": {before: view(1, 2, 3, 4), now: view(4, 1, 2, 3), put: []int64{4}},
		"to end":   {before: view(1, 2, 3, 4), now: view(2, 3, 4, 1), put: []int64{1}},
		"others":   {before: view(1, 2), now: view(3), removed: []int64{1, 2}, put: []int64{3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := delta(marked(t, c.before), marked(t, c.now), c.now).Killmails
			var changed, put []int64
			for _, k := range d.Changed {
				changed = append(changed, k.ID)
			}
			for _, p := range d.Put {
				put = append(put, p.Item.ID)
			}
			if !slices.Equal(d.Removed, c.removed) || !slices.Equal(changed, c.changed) || !slices.Equal(put, c.put) {
				t.Errorf("got removed %v, changed %v, put %v; want %v, %v, %v", d.Removed, changed, put, c.removed, c.changed, c.put)
			}
		})
	}
}

func TestDeltaOfAnotherState(t *testing.T) {
	t.Parallel()
	d := BattleDelta{Base: "a", Mark: "b"}
	if _, err := d.Apply(&BattleView{Mark: "c"}); !errors.Is(err, ErrBase) {
		t.Errorf("got %v, want ErrBase", err)
	}
	d.Killmails.Put = []Put[BattleKill]{{At: 3}}
	if _, err := d.Apply(&BattleView{Mark: "a"}); err == nil {
		t.Error("a place behind the end of the list is taken")
	}
}

func TestPrintOfNonsense(t *testing.T) {
	t.Parallel()
	whole := (&battlePrint{killmails: []itemPrint{{1, 2}}}).bytes()
	for _, b := range [][]byte{nil, whole[:3], whole[:10], whole[:len(whole)-1], {255, 255, 255, 255}} {
		if p, err := parsePrint("x", b); err == nil {
			t.Errorf("%v is read as %+v", b, p)
		}
	}
}
