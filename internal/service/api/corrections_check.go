package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// correctedGap is how far in time what is put together may be from the battle.
const correctedGap = 24 * time.Hour

// corrector checks a correction against what is stored.
type corrector struct {
	*Service
	decision battle.Decision
	battle   *store.BattleDetail
	other    *store.BattleDetail // to merge with; nil: none
	standing map[int64]store.Correction
}

// checkCorrection returns a correction that can be saved, and the state of the layer it
// was checked against, or the problem with it.
func (s *Service) checkCorrection(ctx context.Context, id int64, body *CorrectionBody) (store.Correction, int64, error) {
	// First, because what is saved after it makes another state.
	layer, err := s.Store.Layer(ctx, battle.Corrections{})
	if err != nil {
		return store.Correction{}, 0, s.failed(ctx, err, "corrections")
	}
	c := corrector{Service: s, decision: body.decision(), standing: make(map[int64]store.Correction)}
	if c.battle, err = c.correctable(ctx, id, "battle"); err != nil {
		return store.Correction{}, 0, err
	}
	out := store.Correction{BattleID: c.battle.ID, Note: strings.TrimSpace(body.Note), Author: subjectOf(ctx), CreatedAt: s.Now().UTC(), Decision: c.decision}
	ground := battle.Ground{Kills: killsIn(c.battle)}
	if body.MergeWith != nil {
		if c.other, err = c.mergeable(ctx, *body.MergeWith); err != nil {
			return store.Correction{}, 0, err
		}
		out.MergedID, ground.Other = c.other.ID, killsIn(c.other)
	}
	if err := c.checkKillmails(ctx, ground.Kills); err != nil {
		return store.Correction{}, 0, err
	}
	if err := c.checkEntities(); err != nil {
		return store.Correction{}, 0, err
	}
	if r := c.decision.Check(ground, c.before()); r != nil {
		return store.Correction{}, 0, refused(r)
	}
	out.Rules = c.decision.Rules(ground)
	return out, layer.Version, nil
}

// refused turns the refusal of the engine into a problem.
func refused(r *battle.RefusalError) error {
	if r.Standing == 0 {
		return problem(http.StatusUnprocessableEntity, r.Problem, "correct the statements; every one names a verb and, but for exclude, what it is with")
	}
	return problem(http.StatusConflict, fmt.Sprintf("%s: correction %d is in the way", r.Problem, r.Standing),
		fmt.Sprintf("take correction %d back first, and then make this one", r.Standing))
}

// correctable returns a battle with its corrections noted, or the problem with it.
func (c *corrector) correctable(ctx context.Context, id int64, what string) (*store.BattleDetail, error) {
	b, err := c.Store.Battle(ctx, id)
	if err != nil {
		return nil, c.failed(ctx, err, what)
	}
	if !b.PrunedAt.IsZero() {
		return nil, problem(http.StatusConflict, fmt.Sprintf("retention removed the killmails of battle %d", b.ID),
			"it stays as it is: there is nothing left to compute it from")
	}
	return b, c.note(ctx, b.ID)
}

// note remembers the corrections of a battle that are in force.
func (c *corrector) note(ctx context.Context, id int64) error {
	list, err := c.Store.BattleCorrections(ctx, id)
	if err != nil {
		return c.failed(ctx, err, "corrections")
	}
	for _, before := range list {
		if before.InForce() {
			c.standing[before.ID] = before
		}
	}
	return nil
}

// before returns what stands about the battles concerned, oldest first.
func (c *corrector) before() []battle.Standing {
	out := make([]battle.Standing, 0, len(c.standing))
	for _, id := range slices.Sorted(maps.Keys(c.standing)) {
		out = append(out, battle.Standing{ID: id, Decision: c.standing[id].Decision, Rules: c.standing[id].Rules})
	}
	return out
}

func killsIn(b *store.BattleDetail) []int64 {
	out := make([]int64, len(b.Killmails))
	for i := range b.Killmails {
		out[i] = b.Killmails[i].ID
	}
	return out
}

// mergeable returns the battle to merge with, or the problem with it.
func (c *corrector) mergeable(ctx context.Context, id int64) (*store.BattleDetail, error) {
	b, err := c.correctable(ctx, id, "battle to merge with")
	switch {
	case err != nil:
		return nil, err
	case b.ID == c.battle.ID:
		return nil, problem(http.StatusUnprocessableEntity, fmt.Sprintf("battle %d is this battle already", id), "name another one")
	case b.Start.Sub(c.battle.End) > correctedGap || c.battle.Start.Sub(b.End) > correctedGap:
		return nil, farApart(fmt.Sprintf("battle %d", b.ID))
	}
	return b, nil
}

func farApart(what string) error {
	return problem(http.StatusUnprocessableEntity, fmt.Sprintf("%s and the battle are more than %d hours apart", what, correctedGap/time.Hour),
		"make a report of both instead: it can span any time")
}

// checkKillmails sees to it that every killmail is where the statement needs it.
func (c *corrector) checkKillmails(ctx context.Context, kills []int64) error {
	here := make(map[int64]bool, len(kills))
	for _, id := range kills {
		here[id] = true
	}
	var away []int64
	for _, k := range c.decision.Kills {
		joins := k.Verb == battle.Together || k.Verb == battle.Move
		switch {
		case joins && k.With == 0:
			return problem(http.StatusUnprocessableEntity, fmt.Sprintf("killmail %d: %s needs another killmail", k.Kill, k.Verb), "give it in with")
		case joins && !here[k.Kill] && !here[k.With]:
			return problem(http.StatusUnprocessableEntity, fmt.Sprintf("neither killmail %d nor %d is in battle %d", k.Kill, k.With, c.battle.ID),
				"correct the battle that one of them is in; GET /api/v1/battles/by-killmail/{id} finds it")
		case !joins && !here[k.Kill]:
			return notIn(k.Kill, c.battle.ID)
		case !joins && k.With != 0 && !here[k.With]:
			return notIn(k.With, c.battle.ID)
		}
		for _, id := range []int64{k.Kill, k.With} {
			if id != 0 && !here[id] {
				away = append(away, id)
			}
		}
	}
	return c.checkAway(ctx, away)
}

func notIn(killmail, id int64) error {
	return problem(http.StatusUnprocessableEntity, fmt.Sprintf("killmail %d is not in battle %d", killmail, id),
		"it may have moved: reload the battle, or correct the one it is in")
}

// checkAway sees to it that killmails outside of the battle are stored and not far from
// it, and notes the corrections of their battles.
func (c *corrector) checkAway(ctx context.Context, ids []int64) error {
	rows, err := c.Store.Rows(ctx, ids)
	if err != nil {
		return c.failed(ctx, err, "killmails")
	}
	stored := make(map[int64]bool, len(rows))
	seen := map[int64]bool{0: true}
	for i := range rows {
		k := &rows[i]
		stored[k.ID] = true
		if k.Time.Sub(c.battle.End) > correctedGap || c.battle.Start.Sub(k.Time) > correctedGap {
			return farApart(fmt.Sprintf("killmail %d", k.ID))
		}
		if !seen[k.BattleID] {
			seen[k.BattleID] = true
			if err := c.note(ctx, k.BattleID); err != nil {
				return err
			}
		}
	}
	for _, id := range ids {
		if !stored[id] {
			return problem(http.StatusUnprocessableEntity, fmt.Sprintf("killmail %d is not stored", id), "check the id; what was rejected by the ruleset or removed by retention cannot be used")
		}
	}
	return nil
}

// checkEntities sees to it that everybody who is named is in the battle.
func (c *corrector) checkEntities() error {
	present := make(map[eve.Entity]bool)
	for _, b := range []*store.BattleDetail{c.battle, c.other} {
		if b == nil {
			continue
		}
		for i := range b.Sides {
			for _, m := range b.Sides[i].Members {
				present[m.Entity] = true
			}
		}
		for _, p := range b.Members {
			present[eve.Entity{Type: eve.Character, ID: p.CharacterID}] = true
			present[eve.Entity{Type: eve.Corporation, ID: p.CorporationID}] = true
			present[eve.Entity{Type: eve.Alliance, ID: p.AllianceID}] = true
		}
	}
	for _, e := range c.decision.Entities {
		for _, who := range []eve.Entity{e.Entity, e.With} {
			switch {
			case who.IsZero():
			case who.Type == eve.Corporation && !eve.IsPlayerCorporation(who.ID):
				return problem(http.StatusUnprocessableEntity, fmt.Sprintf("corporation %d is no corporation of players and stands on no side", who.ID), "name its pilots")
			case !present[who]:
				return problem(http.StatusUnprocessableEntity, fmt.Sprintf("%s %d is not in battle %d", who.Type, who.ID, c.battle.ID),
					"name an alliance, corporation or pilot of the battle, with its type")
			}
		}
	}
	return nil
}
