package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/store"
)

// Statement changes the database behind the back of a store: SQL that both engines
// understand, without arguments.
type Statement func(t *testing.T, sql string)

// RunVerification holds a store to what Verification promises about damaged data. open
// returns an empty store that is closed when its test ends, and how to damage it.
func RunVerification(t *testing.T, open func(t *testing.T) (store.Store, Statement)) {
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			s, sql := open(t)
			d.run(t, s, sql)
		})
	}
	for name, test := range map[string]func(t *testing.T, s store.Store, sql Statement){
		"what is sound has no findings":           verifySound,
		"a battle that waits is let off":          verifyWaiting,
		"a scope bounds what is looked at":        verifyScope,
		"many steps find what one would":          verifySteps,
		"what retention pruned is no damage":      verifyPruned,
		"two kinds of damage in one battle heal":  verifyTwice,
		"what is no check is refused":             verifyUnknown,
		"samples are spread and days are counted": verifySamples,
		"days and runs are kept":                  verifyResults,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, sql := open(t)
			test(t, s, sql)
		})
	}
}

// checked are all checks of the store.
var checked = []store.Check{
	store.CheckKillmailTime, store.CheckKillmailTwice, store.CheckParticipantCount, store.CheckParticipantPositions,
	store.CheckParticipantOrphans, store.CheckWorkOrphans, store.CheckBattleEmpty, store.CheckBattleSides, store.CheckBattlePilots,
	store.CheckBattleGone, store.CheckBattleTimes, store.CheckBattleTotals, store.CheckBattleReferences, store.CheckBattleRevision,
	store.CheckBattleOrphans, store.CheckTwoBattles, store.CheckRedirects, store.CheckEntityMissing, store.CheckEntityUnresolved,
	store.CheckCounts,
}

// everything is the scope of these tests: what is stored happens at the epoch.
var everything = store.Scope{Now: at(3600)}

// findings runs all checks and returns those that found something.
func findings(t *testing.T, s store.Store, scope store.Scope) map[store.Check][]int64 {
	t.Helper()
	out := make(map[store.Check][]int64)
	for _, c := range checked {
		ids, err := s.Examine(t.Context(), c, scope)
		must(t, err)
		if len(ids) > 0 {
			out[c] = ids
		}
	}
	return out
}

// The killmails of the sound store: two battles at the same time, and one that stands alone.
var (
	battleA = []store.Document{mail(1, 0), mail(2, 10), mail(3, 20)}
	battleB = []store.Document{mail(4, 5), mail(5, 15), mail(6, 25)}
	lonely  = mail(7, 30)
)

// sound stores them and returns the ids of the battles.
func sound(t *testing.T, s store.Store) (a, b int64) {
	t.Helper()
	save(t, s, slices.Concat(battleA, battleB, []store.Document{lonely})...)
	cluster(t, s)
	of := func(killmail int64) int64 {
		id, err := s.BattleOf(t.Context(), killmail)
		must(t, err)
		return id
	}
	return of(1), of(4)
}

// whole is a battle whose sums fit its lists.
func whole(docs ...store.Document) *battle.Battle {
	b := fight(docs...)
	b.Sides[1].ShipsLost = b.ShipsLost
	return b
}

// cluster does what the cluster service would do with the sound store: it takes
// everything off the list and writes those battles that are not as they should be.
func cluster(t *testing.T, s store.Store) {
	t.Helper()
	waiting := work(t, s)
	if len(waiting) == 0 {
		return
	}
	stored := func(docs []store.Document) []store.Document {
		loaded, err := s.Load(t.Context(), ids(docs...))
		must(t, err)
		return slices.DeleteFunc(slices.Clone(docs), func(d store.Document) bool {
			for _, k := range loaded {
				if k.ID == d.Killmail.ID {
					return false
				}
			}
			return true
		})
	}
	all := stored(slices.Concat(battleA, battleB, []store.Document{lonely}))
	c := store.Change{Basis: known(t, s, ids(all...)...), Component: considered(all...), Done: waiting}
	taken := make(map[int64]bool)
	for _, docs := range [][]store.Document{stored(battleA), stored(battleB)} {
		p := put(0, whole(docs...))
		digest := ""
		for _, b := range c.Basis {
			if !taken[b.ID] && slices.ContainsFunc(b.KillmailIDs, func(id int64) bool { return slices.Contains(ids(docs...), id) }) {
				p.ID, digest = b.ID, b.Digest
				break
			}
		}
		if p.ID == 0 {
			p.ID = newIDs(t, s, 1)[0]
		}
		taken[p.ID] = true
		if p.Digest = fmt.Sprint("digest of ", ids(docs...)); p.Digest != digest {
			c.Put = append(c.Put, p)
		}
	}
	apply(t, s, c)
}

// damage is one kind of it: how it is done, what is found and whether it heals.
type damage struct {
	name  string
	check store.Check
	// sql is run one after the other; {a} and {b} are the ids of the battles.
	sql []string
	// do damages through the store where no SQL is needed.
	do func(t *testing.T, s store.Store)
	// want are the subjects; -1 and -2 stand for the battles.
	want  []int64
	kept  bool // the repair cannot heal it
	stats bool // the damage is in the counts themselves
	after func(t *testing.T, s store.Store, a, b int64)
}

var damages = []damage{
	{name: "killmail before the launch of EVE", check: store.CheckKillmailTime, want: []int64{8}, kept: true, do: func(t *testing.T, s store.Store) {
		t.Helper()
		d := mail(8, 0)
		d.Killmail.Time = store.EveLaunch.Add(-time.Second)
		save(t, s, d)
	}},
	{name: "killmail from the future", check: store.CheckKillmailTime, want: []int64{8}, kept: true, do: func(t *testing.T, s store.Store) {
		t.Helper()
		save(t, s, mail(8, 3600+11*60))
	}},
	{name: "killmail under two times", check: store.CheckKillmailTwice, want: []int64{7}, kept: true, sql: []string{
		`INSERT INTO killmails (killmail_id, occurred_at, system_id, space, hash, moon_id, war_id, victim_character_id, victim_corporation_id,
			victim_alliance_id, victim_faction_id, victim_ship_type_id, damage_taken, attacker_count, final_position, isk, isk_source,
			isk_priced_at, has_zkb, location_id, points, npc, solo, awox, labels, sequence, stored_at)
		SELECT killmail_id, occurred_at + 1000, system_id, space, hash, moon_id, war_id, victim_character_id, victim_corporation_id,
			victim_alliance_id, victim_faction_id, victim_ship_type_id, damage_taken, attacker_count, final_position, isk, isk_source,
			isk_priced_at, has_zkb, location_id, points, npc, solo, awox, labels, sequence, stored_at FROM killmails WHERE killmail_id = 7`,
		copyParticipants("killmail_id, occurred_at + 1000"),
	}},
	{name: "participant lost", check: store.CheckParticipantCount, want: []int64{7}, kept: true, sql: []string{
		"DELETE FROM participants WHERE killmail_id = 7 AND position = 2",
	}},
	{name: "all participants lost", check: store.CheckParticipantCount, want: []int64{7}, kept: true, sql: []string{
		"DELETE FROM participants WHERE killmail_id = 7",
	}},
	{name: "participant misnumbered", check: store.CheckParticipantPositions, want: []int64{7}, kept: true, sql: []string{
		"UPDATE participants SET position = 5 WHERE killmail_id = 7 AND position = 2",
	}},
	{name: "participants without killmail", check: store.CheckParticipantOrphans, want: []int64{999}, sql: []string{
		copyParticipants("999, occurred_at"),
	}},
	{name: "work without killmail", check: store.CheckWorkOrphans, want: []int64{999}, sql: []string{
		"INSERT INTO unclustered (killmail_id, occurred_at) VALUES (999, 1700000000000)",
	}},
	{name: "battle without killmails", check: store.CheckBattleEmpty, want: []int64{-2}, sql: []string{
		"DELETE FROM battle_killmails WHERE battle_id = {b}",
	}, after: func(t *testing.T, s store.Store, _, b int64) {
		t.Helper()
		gone(t, s, b)
	}},
	{name: "battle without sides", check: store.CheckBattleSides, want: []int64{-1}, sql: []string{
		"DELETE FROM battle_sides WHERE battle_id = {a}",
	}},
	{name: "battle without systems", check: store.CheckBattleSides, want: []int64{-1}, sql: []string{
		"DELETE FROM battle_systems WHERE battle_id = {a}",
	}},
	{name: "battle without pilots", check: store.CheckBattlePilots, want: []int64{-2}, sql: []string{
		"DELETE FROM battle_participants WHERE battle_id = {b}",
	}},
	{name: "battle whose killmail is gone", check: store.CheckBattleGone, want: []int64{-1}, sql: []string{
		"DELETE FROM participants WHERE killmail_id = 3", "DELETE FROM killmails WHERE killmail_id = 3",
	}, after: func(t *testing.T, s store.Store, a, _ int64) {
		t.Helper()
		holds(t, s, a, 1, 2)
	}},
	{name: "battle that starts too early", check: store.CheckBattleTimes, want: []int64{-1}, sql: []string{
		"UPDATE battles SET started_at = started_at - 1000 WHERE id = {a}",
	}},
	{name: "battle that ends too late", check: store.CheckBattleTimes, want: []int64{-1}, sql: []string{
		"UPDATE battles SET ended_at = ended_at + 1000, duration = duration + 1000 WHERE id = {a}",
	}},
	{name: "battle with another duration", check: store.CheckBattleTimes, want: []int64{-2}, sql: []string{
		"UPDATE battles SET duration = duration + 1 WHERE id = {b}",
	}},
	{name: "killmail at another time in its battle", check: store.CheckBattleTimes, want: []int64{-1}, sql: []string{
		"UPDATE battle_killmails SET occurred_at = occurred_at + 1 WHERE killmail_id = 2",
	}},
	{name: "kills counted wrong", check: store.CheckBattleTotals, want: []int64{-1}, sql: []string{"UPDATE battles SET kills = kills + 1 WHERE id = {a}"}},
	{name: "pilots counted wrong", check: store.CheckBattleTotals, want: []int64{-1}, sql: []string{"UPDATE battles SET pilots = pilots - 1 WHERE id = {a}"}},
	{name: "ships counted wrong", check: store.CheckBattleTotals, want: []int64{-1}, sql: []string{"UPDATE battles SET ships_lost = ships_lost + 1 WHERE id = {a}"}},
	{name: "capsules counted wrong", check: store.CheckBattleTotals, want: []int64{-1}, sql: []string{"UPDATE battle_sides SET capsules_lost = 1 WHERE battle_id = {a} AND side = 'B'"}},
	{name: "structures counted wrong", check: store.CheckBattleTotals, want: []int64{-1}, sql: []string{"UPDATE battles SET structures_lost = 1 WHERE id = {a}"}},
	{name: "value summed wrong", check: store.CheckBattleTotals, want: []int64{-2}, sql: []string{"UPDATE battles SET isk_destroyed = isk_destroyed + 1 WHERE id = {b}"}},
	{name: "estimate summed wrong", check: store.CheckBattleTotals, want: []int64{-2}, sql: []string{"UPDATE battles SET isk_estimated = 1 WHERE id = {b}"}},
	{name: "unknown values counted wrong", check: store.CheckBattleTotals, want: []int64{-2}, sql: []string{"UPDATE battles SET unknown_values = 1 WHERE id = {b}"}},
	{name: "hull on no side", check: store.CheckBattleReferences, want: []int64{-1}, sql: []string{"UPDATE battle_hulls SET side = 'Z' WHERE battle_id = {a} AND side = 'A'"}},
	{name: "killmail on no side", check: store.CheckBattleReferences, want: []int64{-1}, sql: []string{"UPDATE battle_killmails SET side = 'Z' WHERE killmail_id = 2"}},
	{name: "member on no side", check: store.CheckBattleReferences, want: []int64{-1}, sql: []string{"UPDATE battle_members SET side = 'Z' WHERE battle_id = {a} AND side = 'A'"}},
	{name: "pilot on no side", check: store.CheckBattleReferences, want: []int64{-1}, sql: []string{"UPDATE battle_participants SET side = 'Z' WHERE battle_id = {a} AND position = 0"}},
	{name: "hulls of no pilot", check: store.CheckBattleReferences, want: []int64{-1}, sql: []string{"UPDATE battle_participant_hulls SET character_id = 5 WHERE battle_id = {a} AND character_id = 90001001"}},
	{name: "revision lost", check: store.CheckBattleRevision, want: []int64{-1}, sql: []string{"DELETE FROM battle_revisions WHERE battle_id = {a}"}},
	{name: "rows of no battle", check: store.CheckBattleOrphans, want: []int64{12345, 12346}, sql: []string{
		"INSERT INTO battle_systems (battle_id, system_id, position) VALUES (12345, 30002813, 0)",
		"INSERT INTO battle_hulls (battle_id, side, ship_type_id, position, fielded, lost, isk_lost) VALUES (12345, 'A', 587, 0, 1, 0, 0)",
		"INSERT INTO battle_revisions (battle_id, revision, at, reason, added, removed, kills) VALUES (12346, 1, 0, 'created', 0, 0, 2)",
	}},
	{name: "battle lost but for its lists", check: store.CheckBattleOrphans, want: []int64{-2}, sql: []string{
		"DELETE FROM battles WHERE id = {b}",
	}, after: func(t *testing.T, s store.Store, _, b int64) {
		t.Helper()
		id, err := s.BattleOf(t.Context(), 4)
		must(t, err)
		holds(t, s, id, 4, 5, 6)
		gone(t, s, b)
	}},
	{name: "killmail in two battles", check: store.CheckTwoBattles, want: []int64{3}, sql: []string{
		// Without the key that forbids it.
		"ALTER TABLE battle_killmails RENAME TO kept", "CREATE TABLE battle_killmails AS SELECT * FROM kept", "DROP TABLE kept",
		`INSERT INTO battle_killmails (killmail_id, battle_id, occurred_at, side, link_rule, link_with, link_pilots, link_together, link_against)
		SELECT killmail_id, {b}, occurred_at, side, link_rule, link_with, link_pilots, link_together, link_against FROM battle_killmails WHERE killmail_id = 3`,
		"UPDATE battles SET kills = kills + 1, isk_destroyed = isk_destroyed + 1000000000 WHERE id = {b}",
	}, after: func(t *testing.T, s store.Store, a, b int64) {
		t.Helper()
		holds(t, s, a, 1, 2, 3)
		holds(t, s, b, 4, 5, 6)
	}},
	{name: "redirect to no battle", check: store.CheckRedirects, want: []int64{500}, sql: []string{
		"INSERT INTO battle_redirects (from_id, to_id, at) VALUES (500, 600, 0)",
	}},
	{name: "entities lost", check: store.CheckEntityMissing, want: []int64{90001001, 98000001, 99000002}, sql: []string{
		"DELETE FROM entities WHERE id IN (90001001, 98000001, 99000002)",
	}, after: func(t *testing.T, s store.Store, _, _ int64) {
		t.Helper()
		got, err := s.Unresolved(t.Context(), store.EntityUnnamed, at(7200), 100)
		must(t, err)
		types := make(map[int64]string)
		for _, u := range got {
			types[u.ID] = string(u.Type)
		}
		for id, want := range map[int64]string{90001001: "character", 98000001: "corporation", 99000002: "alliance"} {
			same(t, "type", types[id], want)
		}
	}},
	{name: "names that do not come", check: store.CheckEntityUnresolved, want: []int64{90001001, 98000001}, kept: true, sql: []string{
		"UPDATE entities SET seen_at = seen_at - 90000000, due_at = due_at + 90000000, attempts = 9 WHERE id IN (90001001, 98000001)",
		"UPDATE entities SET state = 'named' WHERE id = 98000001",
	}, after: func(t *testing.T, s store.Store, _, _ int64) {
		t.Helper()
		got, err := s.Unresolved(t.Context(), store.EntityUnnamed, at(7200), 100)
		must(t, err)
		if !slices.ContainsFunc(got, func(u store.Unresolved) bool { return u.ID == 90001001 && u.Attempts == 0 }) {
			t.Errorf("the pilot is not asked for again: %v", got)
		}
	}},
	{name: "killmails counted wrong", check: store.CheckCounts, want: []int64{at(0).UnixMilli()}, stats: true, sql: []string{
		"UPDATE killmail_hours SET killmails = killmails + 1",
	}},
	{name: "value of an hour summed wrong", check: store.CheckCounts, want: []int64{at(0).UnixMilli()}, stats: true, sql: []string{
		"UPDATE killmail_hours SET isk = isk - 5",
	}},
	{name: "hour not counted", check: store.CheckCounts, want: []int64{at(0).UnixMilli()}, stats: true, sql: []string{"DELETE FROM killmail_hours"}},
	{name: "battles counted wrong", check: store.CheckCounts, want: []int64{0}, stats: true, sql: []string{"UPDATE battle_kinds SET battles = 9"}},
}

// copyParticipants copies the participants of the lonely killmail under another key.
func copyParticipants(key string) string {
	return `INSERT INTO participants (killmail_id, occurred_at, position, character_id, corporation_id, alliance_id, faction_id,
			ship_type_id, weapon_type_id, damage, final_blow, security_status)
		SELECT ` + key + `, position, character_id, corporation_id, alliance_id, faction_id,
			ship_type_id, weapon_type_id, damage, final_blow, security_status FROM participants WHERE killmail_id = 7`
}

func (d damage) run(t *testing.T, s store.Store, sql Statement) {
	a, b := sound(t, s)
	for _, text := range d.sql {
		sql(t, strings.NewReplacer("{a}", fmt.Sprint(a), "{b}", fmt.Sprint(b)).Replace(text))
	}
	if d.do != nil {
		d.do(t, s)
	}
	if !d.stats {
		must(t, s.RefreshStats(t.Context())) // the damage is to be found by itself
	}
	want := make([]int64, len(d.want))
	for i, id := range d.want {
		switch id {
		case -1:
			id = a
		case -2:
			id = b
		}
		want[i] = id
	}
	same(t, "findings", findings(t, s, everything), map[store.Check][]int64{d.check: want})

	changed, err := s.Mend(t.Context(), d.check, want, at(7200))
	must(t, err)
	cluster(t, s)
	if d.kept {
		same(t, "findings after a repair that cannot heal", findings(t, s, everything), map[store.Check][]int64{d.check: want})
		if changed > 0 && d.check != store.CheckEntityUnresolved {
			t.Errorf("the repair says that it changed %d rows", changed)
		}
	} else {
		if changed == 0 {
			t.Error("the repair says that it changed nothing")
		}
		same(t, "findings after the repair", findings(t, s, everything), map[store.Check][]int64{})
		_, err := s.Mend(t.Context(), d.check, want, at(7300)) // mending what is sound does no harm
		must(t, err)
		cluster(t, s)
		same(t, "findings after another repair", findings(t, s, everything), map[store.Check][]int64{})
	}
	if d.after != nil {
		d.after(t, s, a, b)
	}
}

func verifySound(t *testing.T, s store.Store, _ Statement) {
	same(t, "findings in an empty store", findings(t, s, everything), map[store.Check][]int64{})
	c, err := s.Coverage(t.Context(), everything)
	must(t, err)
	same(t, "coverage of an empty store", c, store.Coverage{})
	sound(t, s)
	same(t, "findings", findings(t, s, everything), map[store.Check][]int64{})
	c, err = s.Coverage(t.Context(), everything)
	must(t, err)
	same(t, "coverage", c, store.Coverage{Killmails: 7, Battles: 2, First: at(0), FirstStored: at(0)})
}

func verifyWaiting(t *testing.T, s store.Store, sql Statement) {
	_, b := sound(t, s)
	sql(t, "UPDATE battles SET kills = 99")
	save(t, s, mail(1, 0, worth(20e6), sequence(5))) // the new value makes work
	same(t, "findings", findings(t, s, everything), map[store.Check][]int64{store.CheckBattleTotals: {b}})
	waits, err := s.Waiting(t.Context(), []int64{7, 1})
	must(t, err)
	same(t, "one of them waits", waits, true)
	waits, err = s.Waiting(t.Context(), []int64{7, 2})
	must(t, err)
	same(t, "none of them waits", waits, false)
}

func verifyScope(t *testing.T, s store.Store, sql Statement) {
	a, b := sound(t, s)
	sql(t, "UPDATE battles SET kills = 99")
	sql(t, "DELETE FROM participants WHERE killmail_id IN (1, 7) AND position = 2")
	for _, c := range []struct {
		name  string
		scope store.Scope
		want  map[store.Check][]int64
		cover store.Coverage
	}{
		{"all", everything, map[store.Check][]int64{store.CheckBattleTotals: {a, b}, store.CheckParticipantCount: {1, 7}},
			store.Coverage{Killmails: 7, Battles: 2, First: at(0), FirstStored: at(0)}},
		{"from the second battle on", store.Scope{Since: at(5), Now: at(3600)},
			map[store.Check][]int64{store.CheckBattleTotals: {b}, store.CheckParticipantCount: {7}},
			store.Coverage{Killmails: 6, Battles: 1, First: at(5), FirstStored: at(0)}},
		{"up to it", store.Scope{Until: at(5), Now: at(3600)},
			map[store.Check][]int64{store.CheckBattleTotals: {a}, store.CheckParticipantCount: {1}},
			store.Coverage{Killmails: 1, Battles: 1, First: at(0), FirstStored: at(0)}},
		{"another day", store.Scope{Since: at(86400), Until: at(2 * 86400), Now: at(3600)}, map[store.Check][]int64{},
			store.Coverage{FirstStored: at(0)}},
	} {
		same(t, c.name, findings(t, s, c.scope), c.want)
		got, err := s.Coverage(t.Context(), c.scope)
		must(t, err)
		same(t, "coverage of "+c.name, got, c.cover)
	}
}

// verifySteps stores more than one step of a walk takes, many at the same second.
func verifySteps(t *testing.T, s store.Store, sql Statement) {
	var docs []store.Document
	for i := range 4500 {
		docs = append(docs, mail(int64(i+1), min(i, 2000)))
	}
	save(t, s, docs...)
	sql(t, "DELETE FROM unclustered")
	sql(t, "DELETE FROM participants WHERE position = 2 AND killmail_id IN (1, 2000, 2001, 2002, 4500)")
	same(t, "findings", findings(t, s, everything), map[store.Check][]int64{store.CheckParticipantCount: {1, 2000, 2001, 2002, 4500}})
	sql(t, "DELETE FROM killmails WHERE killmail_id IN (1, 2500, 4500)")
	sql(t, "DELETE FROM participants WHERE killmail_id = 1")
	must(t, s.RefreshStats(t.Context()))
	same(t, "findings", findings(t, s, everything), map[store.Check][]int64{
		store.CheckParticipantCount: {2000, 2001, 2002}, store.CheckParticipantOrphans: {2500, 4500},
	})
}

func verifyPruned(t *testing.T, s store.Store, _ Statement) {
	sound(t, s)
	for _, keep := range []bool{true, false} {
		retain(t, s, store.RetentionRule{Horizon: at(60), KeepPilots: keep})
		same(t, "findings", findings(t, s, everything), map[store.Check][]int64{})
	}
}

func verifyTwice(t *testing.T, s store.Store, sql Statement) {
	a, _ := sound(t, s)
	sql(t, fmt.Sprintf("DELETE FROM battle_participants WHERE battle_id = %d", a))
	sql(t, fmt.Sprintf("UPDATE battles SET kills = 99 WHERE id = %d", a))
	found := findings(t, s, everything)
	same(t, "findings", found, map[store.Check][]int64{store.CheckBattlePilots: {a}, store.CheckBattleTotals: {a}})
	for c, ids := range found {
		changed, err := s.Mend(t.Context(), c, ids, at(7200))
		must(t, err)
		if changed == 0 {
			t.Errorf("%s: the repair says that it changed nothing", c)
		}
	}
	cluster(t, s)
	same(t, "findings after the repair", findings(t, s, everything), map[store.Check][]int64{})
}

func verifyUnknown(t *testing.T, s store.Store, _ Statement) {
	if _, err := s.Examine(t.Context(), "moon-phase", everything); err == nil || !strings.Contains(err.Error(), "moon-phase") {
		t.Errorf("got %v, want an error that names the check", err)
	}
	changed, err := s.Mend(t.Context(), store.CheckKillmailTime, []int64{1}, at(0))
	must(t, err)
	same(t, "rows changed where nothing can be mended", changed, 0)
}

func verifySamples(t *testing.T, s store.Store, _ Statement) {
	sound(t, s)
	must2 := func(list []int64, err error) []int64 { must(t, err); return list }
	far := mail(8, 3600*500)
	save(t, s, far)
	same(t, "few", must2(s.SampleKillmails(t.Context(), at(0), at(3600*1000), 2)), []int64{1, 3})
	same(t, "some", must2(s.SampleKillmails(t.Context(), at(0), at(3600*1000), 4)), []int64{1, 2, 3, 7})
	same(t, "all", must2(s.SampleKillmails(t.Context(), at(0), at(3600*1000), 40)), []int64{1, 4, 2, 5, 3, 6, 7, 8})
	same(t, "from within an hour", must2(s.SampleKillmails(t.Context(), at(25), at(3600), 40)), []int64{6, 7})
	same(t, "up to within an hour", must2(s.SampleKillmails(t.Context(), at(0), at(10), 40)), []int64{1, 4})
	same(t, "none there", len(must2(s.SampleKillmails(t.Context(), at(7200), at(7300), 5))), 0)
	_, err := s.Save(t.Context(), store.Batch{Rejected: []store.Rejected{
		{KillmailID: 90, Time: at(4), Reason: "min_pilots", RejectedAt: at(50)}, {KillmailID: 91, Time: at(20), Reason: "min_pilots", RejectedAt: at(50)},
	}, Now: at(50)})
	must(t, err)
	stored, rejected, err := s.DayCount(t.Context(), at(0), at(20))
	must(t, err)
	same(t, "stored", stored, 4)
	same(t, "rejected", rejected, 1)
}

func verifyResults(t *testing.T, s store.Store, _ Statement) {
	if _, err := s.VerifiedDay(t.Context(), "20260301"); err == nil {
		t.Error("a day is known that was never looked at")
	}
	day := store.VerifiedDay{Day: "20260301", Total: 15000, Stored: 14990, Rejected: 3, CheckedAt: at(5)}
	must(t, s.PutVerifiedDay(t.Context(), day))
	day.Stored, day.Scheduled = 14997, 1
	must(t, s.PutVerifiedDay(t.Context(), day))
	got, err := s.VerifiedDay(t.Context(), day.Day)
	must(t, err)
	same(t, "day", got, day)

	runs, err := s.VerifyRuns(t.Context(), 10)
	must(t, err)
	same(t, "runs", len(runs), 0)
	run := store.VerifyRun{
		StartedAt: at(0), FinishedAt: at(9), Since: at(-100), Repair: true, Killmails: 7, Battles: 2, Neighbourhoods: 3, Days: 1,
		NotChecked: []string{"one thing: why", "another"}, Found: 1, Open: 1,
		Findings: []store.Finding{
			{Check: store.CheckBattleTotals, Severity: store.SeverityError, State: store.FindingOpen, Subject: "battle", Count: 20, Left: 2,
				Samples: []int64{1, 2, 3}, Detail: "sums differ", Repair: "written anew"},
			{Check: store.CheckRedirects, Severity: store.SeverityInfo, State: store.FindingRepaired, Subject: "battle", Samples: []int64{}},
		},
	}
	for i := range 102 {
		id, err := s.PutVerifyRun(t.Context(), run)
		must(t, err)
		same(t, "id", id, int64(i+1))
	}
	runs, err = s.VerifyRuns(t.Context(), 1000)
	must(t, err)
	same(t, "runs kept", len(runs), 100)
	run.ID = 102
	same(t, "newest run", runs[0], run)
	run.ID, run.Findings = 101, nil
	same(t, "the one before", runs[1], run)
}
