package battle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/test/sim"
)

func mailsOf(b *battle.Battle) []*killmail.Killmail {
	out := make([]*killmail.Killmail, len(b.Kills))
	for i, k := range b.Kills {
		out[i] = k.Mail
	}
	return out
}

func viewOf(t interface{ Fatal(...any) }, kills []*killmail.Killmail, world battle.World, o battle.ViewOptions) *battle.View {
	v, err := battle.NewView(kills, world, battle.Linked(), o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// bare is a battle without what a view has not: why its kills belong together.
func bare(b battle.Battle) battle.Battle {
	b.Kills, b.Corrected = slices.Clone(b.Kills), 0
	for i := range b.Kills {
		b.Kills[i].Link = battle.Evidence{}
	}
	return b
}

// checkWhole recomputes battles whole with their own sides, and as one set without any.
func checkWhole(t *testing.T, battles []battle.Battle, world battle.World) {
	t.Helper()
	for i := range battles {
		b := &battles[i]
		want := bare(*b)
		for name, o := range map[string]battle.ViewOptions{"own": {Sides: b.Sides}, "found": {}} {
			v := viewOf(t, mailsOf(b), world, o)
			checkDamage(t, v)
			checkPresence(t, v)
			got := v.Battle
			got.Profile = want.Profile
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("battle at %v with %d kills, %s sides (-formed +viewed):\n%.2000s", b.Start, len(b.Kills), name, diff)
			}
		}
	}
}

func TestViewOfAWholeBattleIsTheBattle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, b := range form(t, drawHistory(t), drawParams(t)) {
			for _, o := range []battle.ViewOptions{{Sides: b.Sides}, {}} {
				got := viewOf(t, mailsOf(&b), testWorld{}, o).Battle
				got.Profile = b.Profile
				if diff := cmp.Diff(bare(b), got); diff != "" {
					t.Fatalf("(-formed +viewed):\n%s", diff)
				}
			}
		}
	})
}

func TestViewOfSimulatedBattles(t *testing.T) {
	t.Parallel()
	world, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	battles, err := battle.Form(sim.Day(4, 3000).Mails(), world, battle.Linked())
	if err != nil {
		t.Fatal(err)
	}
	if len(battles) < 100 {
		t.Fatalf("got %d battles, too few", len(battles))
	}
	checkWhole(t, battles, world)
	checkParts(t, battles, world)
}

func TestRealViewsOfBattles(t *testing.T) {
	t.Parallel()
	world := loadWorld(t)
	battles, err := battle.Form(day(t, sunday), world, battle.Linked())
	if err != nil {
		t.Fatal(err)
	}
	checkWhole(t, battles, world)
	checkParts(t, battles, world)
}

// figures is what corrections do not change: who stands where, and what was lost.
func figures(b battle.Battle) battle.Battle {
	b = bare(b)
	b.Sides = slices.Clone(b.Sides)
	for i := range b.Sides {
		s := &b.Sides[i]
		s.Confidence, s.ThirdParty, s.Members = 0, false, slices.Clone(s.Members)
		for j := range s.Members {
			m := &s.Members[j]
			m.Confidence, m.TogetherWith, m.Against = 0, battle.Evidence{}, battle.Evidence{}
		}
	}
	return b
}

// TestViewOfCorrectedBattle holds the figures where a person decided on sides, which
// are all that is known of it where they are given, and where the corrections are.
func TestViewOfCorrectedBattle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), battle.Linked()
		p.Corrections = drawCorrections(t, kills)
		for n := rapid.IntRange(0, 2).Draw(t, "corporations"); n > 0; n-- {
			p.Corrections.Entities = append(p.Corrections.Entities, battle.EntityCorrection{
				Verb: battle.Exclude, In: kills[0].ID,
				Entity: eve.Entity{Type: eve.Corporation, ID: 98_000_000 + 10*rapid.Int64Range(0, 3).Draw(t, "alliance") + int64(n)},
			})
		}
		for _, b := range form(t, kills, p) {
			got := viewOf(t, mailsOf(&b), testWorld{}, battle.ViewOptions{Sides: b.Sides}).Battle
			if diff := cmp.Diff(figures(b), figures(got)); diff != "" {
				t.Fatalf("(-formed +viewed):\n%s", diff)
			}
			found, err := battle.NewView(mailsOf(&b), testWorld{}, p, battle.ViewOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(figures(b), figures(found.Battle)); diff != "" {
				t.Fatalf("the sides found with the corrections (-formed +viewed):\n%s", diff)
			}
		}
	})
}

// TestViewOfACorporationThatJoined sees pilots of one corporation with and without its
// alliance: both stand on sides, and neither takes the other's killmails.
func TestViewOfACorporationThatJoined(t *testing.T) {
	t.Parallel()
	kills := fight(6, []int64{1, 2}, []int64{3})
	for n := range int64(3) {
		alone := pilotOf(2, 3*n)
		alone.AllianceID = 0
		kills = append(kills, kill(100+n, 300+int(n), nullsec, pilotOf(3, 20+n), alone, pilotOf(1, 0)))
	}
	b := one(t, kills)
	if n := len(b.Sides[0].Members); n != 3 {
		t.Fatalf("side A has %d members, want alliances 1 and 2, and a corporation", n)
	}
	if diff := cmp.Diff(bare(b), viewOf(t, kills, testWorld{}, battle.ViewOptions{Sides: b.Sides}).Battle); diff != "" {
		t.Errorf("(-formed +viewed):\n%s", diff)
	}
}

// checkParts cuts battles in two: what is not counted in one part is in the other.
func checkParts(t *testing.T, battles []battle.Battle, world battle.World) {
	t.Helper()
	for i := range battles {
		b := &battles[i]
		cut := b.Kills[len(b.Kills)/2].Mail.Time
		before := viewOf(t, mailsOf(b), world, battle.ViewOptions{Sides: b.Sides, To: cut.Add(-time.Second)}).Battle
		after := viewOf(t, mailsOf(b), world, battle.ViewOptions{Sides: b.Sides, From: cut}).Battle
		if len(before.Kills)+len(after.Kills) != len(b.Kills) || before.ISKDestroyed+after.ISKDestroyed != b.ISKDestroyed {
			t.Fatalf("battle at %v: %d and %d kills of %d", b.Start, len(before.Kills), len(after.Kills), len(b.Kills))
		}
		for _, side := range b.Sides {
			if side.ID == battle.Unassigned {
				continue // is not listed where it is empty
			}
			x, y := sideNamed(t, &before, side.ID), sideNamed(t, &after, side.ID)
			if x.ISKLost+y.ISKLost != side.ISKLost || x.ISKDestroyed+y.ISKDestroyed != side.ISKDestroyed || x.Kills+y.Kills != side.Kills ||
				x.ShipsLost+y.ShipsLost != side.ShipsLost || x.DamageDone+y.DamageDone != side.DamageDone || x.Pilots+y.Pilots < side.Pilots {
				t.Fatalf("battle at %v, side %s: the parts are\n%+v\n%+v\nof\n%+v", b.Start, side.ID, x, y, side)
			}
		}
	}
}

func sideNamed(t *testing.T, b *battle.Battle, id string) battle.Side {
	t.Helper()
	for _, s := range b.Sides {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no side %s: a side that stands in the whole stays in a part of its time", id)
	return battle.Side{}
}

func TestViewNarrowed(t *testing.T) {
	t.Parallel()
	b := one(t, fight(6, []int64{1, 2}, []int64{3})) // a kill every 20 s
	v := viewOf(t, mailsOf(&b), testWorld{}, battle.ViewOptions{
		Sides: b.Sides, From: epoch.Add(40 * time.Second), To: epoch.Add(80 * time.Second), Exclude: []int64{4},
	})
	if got, want := killIDs(v.Battle), []int64{3, 5}; !slices.Equal(got, want) {
		t.Errorf("got kills %v, want %v: both ends belong to the time", got, want)
	}
	none := viewOf(t, mailsOf(&b), testWorld{}, battle.ViewOptions{Sides: b.Sides, From: epoch.Add(time.Hour)})
	if got := none.Battle; len(got.Kills) != 0 || got.PilotCount != 0 || len(got.Sides) != 2 || len(got.Sides[0].Members) != 0 || !got.Start.IsZero() {
		t.Errorf("a view of nothing is %+v", got)
	}
	if d, p := none.Damage(), none.Presence(); len(d.Dealt)+len(d.Taken)+len(d.Dealers)+len(p.Rows)+len(p.Buckets) != 0 {
		t.Errorf("the damage and presence of nothing are %+v and %+v", d, p)
	}
}

func TestViewOverride(t *testing.T) {
	t.Parallel()
	kills := fight(6, []int64{1, 2}, []int64{3})
	corporation := eve.Entity{Type: eve.Corporation, ID: pilotOf(2, 0).CorporationID}
	pilot := eve.Entity{Type: eve.Character, ID: pilotOf(2, 1).CharacterID}
	tests := []struct {
		name     string
		override map[eve.Entity]string
		want     map[string][]int64
	}{
		{"none", nil, map[string][]int64{"A": {1, 2}, "B": {3}}},
		{"an alliance to the other side", map[eve.Entity]string{alliance(2): "B"}, map[string][]int64{"A": {1}, "B": {2, 3}}},
		{"to a side of its own, with a gap", map[eve.Entity]string{alliance(2): "D"}, map[string][]int64{"A": {1}, "B": {3}, "D": {2}}},
		{"to none", map[eve.Entity]string{alliance(2): battle.Unassigned}, map[string][]int64{"A": {1}, "B": {3}, battle.Unassigned: {2}}},
		{"a side that is left empty is gone", map[eve.Entity]string{alliance(3): "A"}, map[string][]int64{"A": {1, 2, 3}}},
		{"somebody who was not there", map[eve.Entity]string{alliance(9): "B"}, map[string][]int64{"A": {1, 2}, "B": {3}}},
		{
			"the nearest counts: pilot, corporation, alliance",
			map[eve.Entity]string{alliance(2): "B", corporation: "C", pilot: "A"},
			map[string][]int64{"A": {1, pilot.ID - 99_000_000}, "B": {2, 3}, "C": {corporation.ID - 99_000_000}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			own := one(t, kills).Sides
			for name, sides := range map[string][]battle.Side{"own": own, "found": nil} {
				v := viewOf(t, kills, testWorld{}, battle.ViewOptions{Sides: sides, Override: tt.override})
				got := sidesOf(v.Battle)
				for _, members := range got {
					slices.Sort(members)
				}
				for _, members := range tt.want {
					slices.Sort(members)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s sides (-want +got):\n%s", name, diff)
				}
				for e := range tt.override {
					if v.Met[e] != (e != alliance(9)) {
						t.Errorf("met %v: %t", e, v.Met[e])
					}
				}
				for _, s := range v.Battle.Sides {
					for _, m := range s.Members {
						if _, told := tt.override[m.Entity]; told && s.ID != battle.Unassigned && m.Confidence != 1 {
							t.Errorf("%v was put on side %s and stands there with confidence %g", m.Entity, s.ID, m.Confidence)
						}
					}
				}
			}
		})
	}
}

func TestViewOverrideMovesFigures(t *testing.T) {
	t.Parallel()
	b := one(t, fight(6, []int64{1, 2}, []int64{3}))
	got := viewOf(t, mailsOf(&b), testWorld{}, battle.ViewOptions{Sides: b.Sides, Override: map[eve.Entity]string{alliance(2): "B"}}).Battle
	was, is := sideNamed(t, &b, "B"), sideNamed(t, &got, "B")
	if is.ShipsLost != was.ShipsLost+3 || is.Pilots <= was.Pilots || got.ISKDestroyed != b.ISKDestroyed || got.PilotCount != b.PilotCount {
		t.Errorf("side B had %+v and has %+v", was, is)
	}
	for _, p := range got.Pilots {
		if want := map[int64]string{1: "A", 2: "B", 3: "B"}[p.AllianceID-99_000_000]; p.Side != want {
			t.Errorf("pilot %d of alliance %d stands on %s, want %s", p.CharacterID, p.AllianceID, p.Side, want)
		}
	}
}

func TestViewDamage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, b := range form(t, drawHistory(t), battle.Linked()) {
			checkDamage(t, viewOf(t, mailsOf(&b), testWorld{}, battle.ViewOptions{Sides: b.Sides}))
			checkPresence(t, viewOf(t, mailsOf(&b), testWorld{}, battle.ViewOptions{Sides: b.Sides}))
		}
	})
}

type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkDamage holds the damage against the figures of sides, pilots and kills.
func checkDamage(t fatal, v *battle.View) {
	t.Helper()
	d := v.Damage()
	done, structures, taken := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, c := range d.Dealt {
		if c.By != c.To || c.By == battle.Unassigned {
			done[c.By] += c.Damage
			structures[c.By] += c.Structures
		}
	}
	lost := 0
	for _, c := range d.Taken {
		taken[c.Side] += c.Damage
		lost += c.Lost
	}
	for _, s := range v.Battle.Sides {
		if done[s.ID] != s.DamageDone || structures[s.ID] != s.StructureDamage || taken[s.ID] != s.DamageTaken {
			t.Fatalf("side %s: damage %d, %d, %d; the side says %d, %d, %d", s.ID,
				done[s.ID], structures[s.ID], taken[s.ID], s.DamageDone, s.StructureDamage, s.DamageTaken)
		}
	}
	if lost != len(v.Battle.Kills) {
		t.Fatalf("damage was taken on %d kills of %d", lost, len(v.Battle.Kills))
	}
	byPilot, finals := make([]int64, len(v.Battle.Pilots)), make([]int, len(v.Battle.Pilots))
	for i, p := range d.Dealers {
		byPilot[p.Pilot] += p.Damage + p.Structures
		finals[p.Pilot] += p.FinalBlows
		if i > 0 && p.Damage > d.Dealers[i-1].Damage {
			t.Fatalf("dealer %d did more than the one before", i)
		}
	}
	for i, p := range v.Battle.Pilots {
		if byPilot[i] != p.DamageDone+p.StructureDamage || finals[i] != p.FinalBlows {
			t.Fatalf("pilot %d: damage %d and %d final blows; its row says %+v", p.CharacterID, byPilot[i], finals[i], p)
		}
	}
}

// checkPresence holds presence against the table of hulls.
func checkPresence(t fatal, v *battle.View) {
	t.Helper()
	type line struct {
		side  string
		class eve.HullClass
	}
	fielded, lost := map[line]int{}, map[line]int{}
	for _, h := range v.Battle.Hulls {
		if h.Class != eve.ClassCapsule {
			fielded[line{h.Side, h.Class}] += h.Fielded
			lost[line{h.Side, h.Class}] += h.Lost
		}
	}
	p := v.Presence()
	for _, r := range p.Rows {
		if len(r.Present) != len(p.Buckets) || len(r.Lost) != len(p.Buckets) {
			t.Fatalf("side %s, %s: %d and %d figures for %d buckets", r.Side, r.Class, len(r.Present), len(r.Lost), len(p.Buckets))
		}
		key := line{r.Side, r.Class}
		if got, most := r.Lost[len(r.Lost)-1], slices.Max(r.Present); got != lost[key] || most > fielded[key] {
			t.Fatalf("side %s, %s: %d lost at last and %d present at most; the hulls say %d lost of %d", r.Side, r.Class, got, most, lost[key], fielded[key])
		}
		delete(lost, key)
	}
	for key, n := range lost {
		if n > 0 {
			t.Fatalf("side %s, %s: %d lost, but not present", key.side, key.class, n)
		}
	}
}

func TestViewPresence(t *testing.T) {
	t.Parallel()
	shooter, late := pilotOf(1, 0), pilotOf(1, 5)
	kills := []*killmail.Killmail{
		kill(1, 0, nullsec, pilotOf(2, 0), shooter),
		kill(2, 120, nullsec, pilotOf(2, 1), shooter, late),
		kill(3, 300, nullsec, pilotOf(2, 2), late),
		kill(4, 300, nullsec, in(pilotOf(2, 2), pod), late),
		kill(5, 301, nullsec, shooter, pilotOf(2, 3)),
	}
	got := viewOf(t, kills, testWorld{}, battle.ViewOptions{}).Presence()
	want := []battle.PresenceRow{
		{Side: "A", Class: eve.ClassCruiser, Present: []int{1, 0, 1, 0, 0, 2}, Lost: []int{1, 1, 2, 2, 2, 3}},
		{Side: "B", Class: eve.ClassCruiser, Present: []int{1, 1, 2, 2, 2, 2}, Lost: []int{0, 0, 0, 0, 0, 1}},
	}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.Buckets) != 6 || got.Bucket != time.Minute || !got.Buckets[0].Equal(epoch) {
		t.Errorf("got %d buckets of %v from %v", len(got.Buckets), got.Bucket, got.Buckets[0])
	}
}

func BenchmarkViewGiant(b *testing.B) {
	kills := hotFight(3000, 300)
	battles, err := battle.Form(kills, testWorld{}, battle.Linked())
	if err != nil {
		b.Fatal(err)
	}
	whole := largest(battles)
	for name, o := range map[string]battle.ViewOptions{
		"given": {Sides: whole.Sides}, "found": {}, "minute": {Sides: whole.Sides, To: whole.Start.Add(time.Minute)},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				viewOf(b, kills, testWorld{}, o)
			}
		})
	}
	v := viewOf(b, kills, testWorld{}, battle.ViewOptions{})
	b.Run("damage", func(b *testing.B) {
		for b.Loop() {
			v.Damage()
		}
	})
	b.Run("presence", func(b *testing.B) {
		for b.Loop() {
			v.Presence()
		}
	})
}
