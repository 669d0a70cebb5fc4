package ruleset_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/ruleset"
)

const system = 30002813

func party(character, corporation, alliance int64) killmail.Party {
	return killmail.Party{CharacterID: character, CorporationID: corporation, AllianceID: alliance}
}

func mail(victim killmail.Party, attackers ...killmail.Party) *killmail.Killmail {
	k := &killmail.Killmail{ID: 1, SystemID: system, Victim: killmail.Victim{Party: victim}}
	for _, a := range attackers {
		k.Attackers = append(k.Attackers, killmail.Attacker{Party: a})
	}
	return k
}

var (
	pilotA    = party(90_000_001, 98_000_001, 99_000_001)
	pilotB    = party(90_000_002, 98_000_002, 0)
	pilotC    = party(90_000_003, 98_000_001, 99_000_001)
	concord   = party(0, 1_000_125, 0)
	agent     = party(3_000_001, 1_000_125, 0)
	structure = party(0, 98_000_009, 99_000_009)
)

func TestFactsOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		k    *killmail.Killmail
		want ruleset.Facts
	}{
		{"pilots on both sides", mail(pilotA, pilotB, pilotC, concord), ruleset.Facts{
			Pilots: 3, Entities: []int64{1_000_125, 90_000_001, 90_000_002, 90_000_003, 98_000_001, 98_000_002, 99_000_001},
		}},
		{"nobody", mail(killmail.Party{}), ruleset.Facts{}},
		{"agents are no pilots", mail(agent, agent), ruleset.Facts{Entities: []int64{1_000_125, 3_000_001}}},
		{"a structure is no pilot", mail(structure, pilotB), ruleset.Facts{
			Pilots: 1, Entities: []int64{90_000_002, 98_000_002, 98_000_009, 99_000_009},
		}},
	} {
		c.want.SystemID, c.want.Space = system, eve.Lowsec
		if diff := cmp.Diff(c.want, ruleset.FactsOf(c.k, eve.Lowsec)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	fight := mail(pilotA, pilotB, pilotC)
	with := func(change func(*ruleset.Ruleset)) ruleset.Ruleset {
		r := ruleset.Default()
		change(&r)
		return r
	}
	track := func(list func(*ruleset.Ruleset) *[]int64, strict bool, ids ...int64) ruleset.Ruleset {
		return with(func(r *ruleset.Ruleset) { *list(r), r.IgnoreUnlisted = ids, strict })
	}
	alliances := func(r *ruleset.Ruleset) *[]int64 { return &r.AllianceIDs }
	corporations := func(r *ruleset.Ruleset) *[]int64 { return &r.CorporationIDs }
	characters := func(r *ruleset.Ruleset) *[]int64 { return &r.CharacterIDs }
	for _, c := range []struct {
		name  string
		rules ruleset.Ruleset
		k     *killmail.Killmail
		space eve.Space
		want  ruleset.Reason
	}{
		{"default keeps a fight", ruleset.Default(), fight, eve.Lowsec, ruleset.Accepted},
		{"default keeps a loss to NPCs", ruleset.Default(), mail(pilotA, concord), eve.Lowsec, ruleset.Accepted},
		{"default keeps a structure shot by a pilot", ruleset.Default(), mail(structure, pilotA), eve.Lowsec, ruleset.Accepted},
		{"default rejects what no pilot is on", ruleset.Default(), mail(structure, concord), eve.Lowsec, ruleset.TooFew},
		{"just enough pilots", with(func(r *ruleset.Ruleset) { r.MinPilots = 3 }), fight, eve.Lowsec, ruleset.Accepted},
		{"one pilot too few", with(func(r *ruleset.Ruleset) { r.MinPilots = 4 }), fight, eve.Lowsec, ruleset.TooFew},
		{"tracked system", with(func(r *ruleset.Ruleset) { r.SystemIDs = []int64{1, system} }), fight, eve.Lowsec, ruleset.Accepted},
		{"other system", with(func(r *ruleset.Ruleset) { r.SystemIDs = []int64{1} }), fight, eve.Lowsec, ruleset.NotSystem},
		{"tracked space", with(func(r *ruleset.Ruleset) { r.Spaces = []eve.Space{eve.Nullsec, eve.Lowsec} }), fight, eve.Lowsec, ruleset.Accepted},
		{"other space", with(func(r *ruleset.Ruleset) { r.Spaces = []eve.Space{eve.Nullsec} }), fight, eve.Lowsec, ruleset.NotSpace},
		{"space the static data does not know", with(func(r *ruleset.Ruleset) { r.Spaces = []eve.Space{eve.Nullsec} }), fight, eve.Other, ruleset.Accepted},
		{"system and space must both match", with(func(r *ruleset.Ruleset) {
			r.SystemIDs, r.Spaces = []int64{system}, []eve.Space{eve.Nullsec}
		}), fight, eve.Lowsec, ruleset.NotSpace},
		{"entities that only mark", track(alliances, false, 1), fight, eve.Lowsec, ruleset.Accepted},
		{"alliance on it", track(alliances, true, 5, 99_000_001), fight, eve.Lowsec, ruleset.Accepted},
		{"corporation of an attacker", track(corporations, true, 98_000_002), fight, eve.Lowsec, ruleset.Accepted},
		{"the victim", track(characters, true, 90_000_001), fight, eve.Lowsec, ruleset.Accepted},
		{"nobody listed", track(characters, true, 90_000_009), fight, eve.Lowsec, ruleset.Unlisted},
		{"the first rule gives the reason", ruleset.Ruleset{
			MinPilots: 9, SystemIDs: []int64{1}, Spaces: []eve.Space{eve.Void}, CharacterIDs: []int64{1}, IgnoreUnlisted: true,
		}, fight, eve.Lowsec, ruleset.TooFew},
	} {
		if got := c.rules.Decide(ruleset.FactsOf(c.k, c.space)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	ids := func(n int) []int64 {
		return slices.Repeat([]int64{7}, n)
	}
	for _, c := range []struct {
		name  string
		rules ruleset.Ruleset
		want  []string // parts of the error; none: valid
	}{
		{"default", ruleset.Default(), nil},
		{"at every limit", ruleset.Ruleset{
			MinPilots: ruleset.MaxPilots, SystemIDs: ids(ruleset.MaxSystems), AllianceIDs: ids(ruleset.MaxEntities),
			CorporationIDs: ids(ruleset.MaxEntities), CharacterIDs: ids(ruleset.MaxEntities), IgnoreUnlisted: true,
		}, nil},
		{"zero", ruleset.Ruleset{}, []string{"min_pilots is 0"}},
		{"too many pilots", ruleset.Ruleset{MinPilots: ruleset.MaxPilots + 1}, []string{"min_pilots"}},
		{"long lists, all named", ruleset.Ruleset{
			MinPilots: 1, SystemIDs: ids(ruleset.MaxSystems + 1), AllianceIDs: ids(ruleset.MaxEntities + 1),
			CorporationIDs: ids(ruleset.MaxEntities + 1), CharacterIDs: ids(ruleset.MaxEntities + 1),
		}, []string{"system_ids", "alliance_ids", "corporation_ids", "character_ids"}},
		{"no ids", ruleset.Ruleset{MinPilots: 1, SystemIDs: []int64{0}, CharacterIDs: []int64{-1}}, []string{"system_ids", "character_ids"}},
		{"nobody to track", ruleset.Ruleset{MinPilots: 1, IgnoreUnlisted: true}, []string{"ignore_unlisted"}},
	} {
		err := c.rules.Validate()
		if (err == nil) != (len(c.want) == 0) {
			t.Errorf("%s: got %v", c.name, err)
			continue
		}
		for _, part := range c.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not name %s", c.name, err, part)
			}
		}
	}
}
