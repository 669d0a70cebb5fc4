package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

// scene is a set of killmails as a report is made of it, with all attackers. Readers
// share it: nothing of it may be changed.
type scene struct {
	kills []*killmail.Killmail
	rows  int // killmails and attackers
	// Of a stored battle: all that is stored of it. Of a custom report: what is not
	// computed, and the sides are nil.
	whole    store.BattleDetail
	evidence map[int64]battle.Evidence // why a killmail belongs to a stored battle
	// Of a custom report:
	sources     *Sources
	corrections battle.Corrections // of those who stand in it
}

// ofBattle returns the scene of a stored battle.
func (s *Service) ofBattle(ctx context.Context, id int64) (*scene, error) {
	key := ""
	if revision, err := s.Store.BattleRevision(ctx, id); err == nil {
		key = fmt.Sprintf("battle:%d:%d", id, revision)
	}
	return s.scenes.get(ctx, key, func(ctx context.Context) (*scene, error) {
		end, err := s.reports.take(ctx)
		if err != nil {
			return nil, err
		}
		defer end()
		d, err := s.Store.Battle(ctx, id)
		if err != nil {
			return nil, s.failed(ctx, err, fmt.Sprintf("battle %d", id))
		}
		if !d.PrunedAt.IsZero() {
			return nil, problem(http.StatusGone, fmt.Sprintf("the killmails of battle %d were removed on %s", d.ID, d.PrunedAt.UTC().Format(time.DateOnly)),
				"its figures as a whole are kept: ask without from, to, side and exclude")
		}
		ids := make([]int64, len(d.Killmails))
		sc := &scene{whole: *d, evidence: make(map[int64]battle.Evidence, len(d.Killmails))}
		for i := range d.Killmails {
			ids[i], sc.evidence[d.Killmails[i].ID] = d.Killmails[i].ID, d.Killmails[i].Link
		}
		if err := s.load(ctx, sc, ids); err != nil {
			return nil, err
		}
		sc.whole.Killmails, sc.whole.Members, sc.whole.Hulls = nil, nil, nil // they are computed
		return sc, nil
	})
}

// seen is a scene that was looked at.
type seen struct {
	*battle.View
	*scene
	look look
}

// see looks at a scene.
func (s *Service) see(ctx context.Context, sc *scene, l look) (*seen, error) {
	end, err := s.reports.take(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	o := l.options()
	o.Sides = sc.whole.Sides
	params := battle.Linked()
	params.Corrections = sc.corrections
	v, err := battle.NewView(sc.kills, s.World, params, o)
	if err != nil {
		return nil, s.failed(ctx, err, "report")
	}
	return &seen{v, sc, l}, nil
}

// detail is what is seen, in the form of a stored battle.
func (v *seen) detail() *store.BattleDetail {
	d, b := v.whole, &v.Battle
	if len(b.Kills) > 0 {
		d.SystemIDs, d.Start, d.End = b.SystemIDs, b.Start, b.End
	} else if w := v.look.window(d.Start, d.End); w != nil {
		d.Start, d.End = w.From, w.To
	}
	d.BattleRow.Kills, d.ShipsLost, d.CapsulesLost, d.StructuresLost = len(b.Kills), b.ShipsLost, b.CapsulesLost, b.StructuresLost
	d.Pilots, d.ISKDestroyed, d.ISKEstimated, d.UnknownValues = b.PilotCount, b.ISKDestroyed, b.ISKEstimated, b.UnknownValues
	d.Sides, d.Hulls, d.Members = b.Sides, b.Hulls, b.Pilots
	d.PilotsPrunedAt = time.Time{} // here they are
	d.Killmails = make([]store.BattleKill, len(b.Kills))
	for i, k := range b.Kills {
		row := store.KillmailRow{
			ID: k.Mail.ID, Hash: k.Mail.Hash, Time: k.Mail.Time, SystemID: k.Mail.SystemID, Victim: k.Mail.Victim.Party,
			DamageTaken: k.Mail.Victim.DamageTaken, AttackerCount: len(k.Mail.Attackers), Value: k.Mail.Value, BattleID: d.ID,
		}
		if blow := k.Mail.FinalBlow(); blow != nil {
			row.FinalBlow = blow.Party
		}
		d.Killmails[i] = store.BattleKill{KillmailRow: row, Side: k.Side, Link: v.evidence[k.Mail.ID]}
	}
	return &d
}

// answer is what is seen, as the API tells it.
func (s *Service) answer(ctx context.Context, v *seen, form string) (*battleOutput, error) {
	d := v.detail()
	ids := make(idSet)
	ids.battle(&d.BattleRow, allMembers)
	if form != summaryOnly {
		ids.detail(d)
	}
	for _, e := range v.look.order {
		ids.add(e.ID)
	}
	names, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return nil, s.failed(ctx, err, "report")
	}
	keepFor(ctx, names.holds(ids))
	out := &battleOutput{}
	if form == summaryOnly {
		out.Body = names.battleSummary(&d.BattleRow)
	} else {
		out.Body = names.battle(d)
	}
	b := &out.Body
	b.Status = string(battle.StatusAt(v.whole.End, s.Now())) // a part is as live as the whole
	b.Window = v.look.window(v.whole.Start, v.whole.End)
	b.Sources = v.sources
	v.look.overruled(names, b, v.Met)
	return out, nil
}

// load fills a scene with killmails.
func (s *Service) load(ctx context.Context, sc *scene, ids []int64) error {
	if len(ids) > maxKillmails {
		return badRequest(fmt.Sprintf("%d killmails are too many for one report, the most is %d", len(ids), maxKillmails), "take shorter windows or fewer of them")
	}
	kills, err := loadMails(ctx, s.Store, ids)
	if err != nil {
		return s.failed(ctx, err, "killmails of the report")
	}
	if kills == nil {
		return badRequest(fmt.Sprintf("the killmails of this report have more than %d attackers", maxRows), "take shorter windows or fewer of them")
	}
	sc.kills = kills
	for _, k := range kills {
		sc.rows += 1 + len(k.Attackers)
	}
	return nil
}

// correct notes what people decided about sides on the killmails of a custom report.
// What was decided in the battles it is made of is counted there; in its windows, what
// was decided about an entity counts once.
func (sc *scene) correct(layer *battle.Corrections, ids, ofBattles []int64) {
	decided := make(map[battle.EntityCorrection]bool)
	for _, e := range layer.Entities {
		if _, here := slices.BinarySearch(ids, e.In); !here {
			continue
		}
		sc.corrections.Entities = append(sc.corrections.Entities, e)
		if _, counted := slices.BinarySearch(ofBattles, e.In); !counted {
			e.In = 0 // the same decision stands there for several killmails
			decided[e] = true
		}
	}
	sc.whole.Corrections += len(decided)
}

// placed fills in where and when the killmails of a custom report are.
func (sc *scene) placed(systemOf func(id int64) (eve.System, bool)) {
	counts := make(map[int64]int)
	d := &sc.whole
	for i, k := range sc.kills {
		if counts[k.SystemID]++; counts[k.SystemID] == 1 {
			d.SystemIDs = append(d.SystemIDs, k.SystemID)
		}
		if i == 0 || k.Time.Before(d.Start) {
			d.Start = k.Time
		}
		if k.Time.After(d.End) {
			d.End = k.Time
		}
	}
	slices.SortFunc(d.SystemIDs, func(a, b int64) int {
		if n := counts[b] - counts[a]; n != 0 {
			return n
		}
		return int(a - b)
	})
	d.UpdatedAt = d.End
	if len(d.SystemIDs) > 0 {
		system, known := systemOf(d.SystemIDs[0])
		if !known {
			system.ID = d.SystemIDs[0]
		}
		d.Space, d.ConstellationID, d.RegionID = eve.SpaceOf(system), system.ConstellationID, system.RegionID
	}
}
