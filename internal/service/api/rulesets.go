package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/ruleset"
	"github.com/battlescope/battlescope/internal/store"
)

// RulesetBody are the rules that decide which killmails are kept. Empty lists do not filter.
type RulesetBody struct {
	MinPilots      int      `json:"min_pilots" minimum:"1" maximum:"500" doc:"pilots on the killmail, victim included"`
	SystemIDs      []int64  `json:"system_ids" maxItems:"1000" required:"false"`
	Spaces         []string `json:"spaces" enum:"highsec,lowsec,nullsec,wormhole,pochven,abyssal,void" required:"false"`
	AllianceIDs    []int64  `json:"alliance_ids" maxItems:"250" required:"false"`
	CorporationIDs []int64  `json:"corporation_ids" maxItems:"250" required:"false"`
	CharacterIDs   []int64  `json:"character_ids" maxItems:"250" required:"false"`
	IgnoreUnlisted bool     `json:"ignore_unlisted" required:"false" doc:"reject killmails without any of the listed alliances, corporations and characters"`
}

// RulesetView is a stored ruleset.
type RulesetView struct {
	Version   int64       `json:"version" doc:"0: the built-in default"`
	Active    bool        `json:"active"`
	Rules     RulesetBody `json:"rules"`
	Note      string      `json:"note,omitempty"`
	CreatedBy string      `json:"created_by,omitempty"`
	CreatedAt *time.Time  `json:"created_at"`
}

type rulesetOutput struct{ Body RulesetView }

type putRulesetInput struct {
	Body struct {
		Rules RulesetBody `json:"rules"`
		Note  string      `json:"note" maxLength:"500" required:"false" doc:"why, for whoever reads the versions later"`
	}
}

type rulesetsOutput struct {
	Body struct {
		Items []RulesetView `json:"items" doc:"newest first"`
	}
}

type activateInput struct {
	Version int64 `path:"version" minimum:"1"`
}

type dryRunInput struct {
	Body struct {
		Rules RulesetBody `json:"rules"`
	}
}

// DryRun says what a ruleset would have made of the last 24 hours.
type DryRun struct {
	Since         time.Time        `json:"since"`
	Considered    int              `json:"considered"`
	Accepted      int              `json:"accepted"`
	Rejected      map[string]int   `json:"rejected" doc:"by reason"`
	NewlyAccepted DryRunDifference `json:"newly_accepted" doc:"rejected today, accepted by these rules"`
	NewlyRejected DryRunDifference `json:"newly_rejected" doc:"stored today, rejected by these rules"`
}

// DryRunDifference counts killmails that would fare otherwise, with samples.
type DryRunDifference struct {
	Count   int     `json:"count"`
	Samples []int64 `json:"samples" doc:"ids of at most 20 killmails"`
}

type dryRunOutput struct{ Body DryRun }

func (s *Service) registerRulesets(a huma.API) {
	admin := huma.Middlewares{s.adminOnly(a)}
	refused := []int{http.StatusUnauthorized, http.StatusUnprocessableEntity}
	huma.Register(a, huma.Operation{
		OperationID: "get-current-ruleset", Method: http.MethodGet, Path: "/api/v1/rulesets/current", Tags: []string{"Administration"},
		Summary: "The active ruleset", Middlewares: admin, Errors: refused,
	}, s.getRuleset)
	huma.Register(a, huma.Operation{
		OperationID: "put-current-ruleset", Method: http.MethodPut, Path: "/api/v1/rulesets/current", Tags: []string{"Administration"},
		Summary: "Make a new ruleset active", Description: "It acts on killmails that arrive from now on.", Middlewares: admin, Errors: refused,
	}, s.putRuleset)
	huma.Register(a, huma.Operation{
		OperationID: "list-rulesets", Method: http.MethodGet, Path: "/api/v1/admin/rulesets", Tags: []string{"Administration"},
		Summary: "All versions of the ruleset", Middlewares: admin, Errors: refused,
	}, s.listRulesets)
	huma.Register(a, huma.Operation{
		OperationID: "activate-ruleset", Method: http.MethodPost, Path: "/api/v1/admin/rulesets/{version}/activate", Tags: []string{"Administration"},
		Summary: "Make an older ruleset active again", Middlewares: admin, Errors: append(refused, http.StatusNotFound),
	}, s.activateRuleset)
	huma.Register(a, huma.Operation{
		OperationID: "dry-run-ruleset", Method: http.MethodPost, Path: "/api/v1/admin/rulesets/dry-run", Tags: []string{"Administration"},
		Summary: "What a ruleset would have made of the last 24 hours", Middlewares: admin, Errors: refused,
	}, s.dryRun)
}

func (b RulesetBody) rules() ruleset.Ruleset {
	return ruleset.Ruleset{
		MinPilots: b.MinPilots, SystemIDs: b.SystemIDs, Spaces: convert[eve.Space](b.Spaces), AllianceIDs: b.AllianceIDs,
		CorporationIDs: b.CorporationIDs, CharacterIDs: b.CharacterIDs, IgnoreUnlisted: b.IgnoreUnlisted,
	}
}

// valid returns the rules of a request, or the problem with them.
func (b RulesetBody) valid() (ruleset.Ruleset, error) {
	rules := b.rules()
	if err := rules.Validate(); err != nil {
		return rules, problem(http.StatusUnprocessableEntity, err.Error(), "nothing was changed; correct the rules and try again")
	}
	return rules, nil
}

func rulesetView(v store.RulesetVersion) RulesetView {
	r := v.Rules
	spaces := make([]string, len(r.Spaces))
	for i, s := range r.Spaces {
		spaces[i] = string(s)
	}
	out := RulesetView{
		Version: v.Version, Active: v.Active, Note: v.Note, CreatedBy: v.CreatedBy,
		Rules: RulesetBody{
			MinPilots: r.MinPilots, SystemIDs: list(r.SystemIDs), Spaces: spaces, AllianceIDs: list(r.AllianceIDs),
			CorporationIDs: list(r.CorporationIDs), CharacterIDs: list(r.CharacterIDs), IgnoreUnlisted: r.IgnoreUnlisted,
		},
	}
	if !v.CreatedAt.IsZero() {
		out.CreatedAt = &v.CreatedAt
	}
	return out
}

// list returns a list that is never null in JSON.
func list(ids []int64) []int64 {
	if ids == nil {
		return []int64{}
	}
	return ids
}

func (s *Service) activeRuleset(ctx context.Context) (store.RulesetVersion, error) {
	v, err := s.Store.ActiveRuleset(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return store.RulesetVersion{Rules: ruleset.Default(), Active: true}, nil
	}
	return v, err
}

func (s *Service) getRuleset(ctx context.Context, _ *struct{}) (*rulesetOutput, error) {
	v, err := s.activeRuleset(ctx)
	if err != nil {
		return nil, s.failed(ctx, err, "ruleset")
	}
	return &rulesetOutput{rulesetView(v)}, nil
}

func (s *Service) putRuleset(ctx context.Context, in *putRulesetInput) (*rulesetOutput, error) {
	rules, err := in.Body.Rules.valid()
	if err != nil {
		return nil, err
	}
	v := store.RulesetVersion{Rules: rules, Note: in.Body.Note, CreatedBy: administrator, CreatedAt: s.Now().UTC(), Active: true}
	if v.Version, err = s.Store.PutRuleset(ctx, v); err != nil {
		return nil, s.failed(ctx, err, "ruleset")
	}
	s.announceRuleset(ctx)
	return &rulesetOutput{rulesetView(v)}, nil
}

// announceRuleset tells the ingest services. They look by themselves if the signal is lost.
func (s *Service) announceRuleset(ctx context.Context) {
	if err := s.Bus.Publish(ctx, bus.RulesetChanged); err != nil {
		s.Log.WarnContext(ctx, "announce ruleset", "error", err)
	}
}

func (s *Service) listRulesets(ctx context.Context, _ *struct{}) (*rulesetsOutput, error) {
	versions, err := s.Store.Rulesets(ctx, 100)
	if err != nil {
		return nil, s.failed(ctx, err, "rulesets")
	}
	out := &rulesetsOutput{}
	out.Body.Items = make([]RulesetView, len(versions))
	for i, v := range versions {
		out.Body.Items[i] = rulesetView(v)
	}
	return out, nil
}

func (s *Service) activateRuleset(ctx context.Context, in *activateInput) (*rulesetOutput, error) {
	if err := s.Store.ActivateRuleset(ctx, in.Version); err != nil {
		return nil, s.failed(ctx, err, "ruleset")
	}
	s.announceRuleset(ctx)
	return s.getRuleset(ctx, nil)
}

// dryRunSpan is how far back a dry run looks; records of rejected killmails live longer.
const dryRunSpan = 24 * time.Hour

func (s *Service) dryRun(ctx context.Context, in *dryRunInput) (*dryRunOutput, error) {
	rules, err := in.Body.Rules.valid()
	if err != nil {
		return nil, err
	}
	since := s.Now().UTC().Add(-dryRunSpan)
	run := DryRun{
		Since: since, Rejected: make(map[string]int),
		NewlyAccepted: DryRunDifference{Samples: []int64{}}, NewlyRejected: DryRunDifference{Samples: []int64{}},
	}
	rejected, err := s.Store.RejectedSince(ctx, since)
	if err != nil {
		return nil, s.failed(ctx, err, "dry run")
	}
	for _, r := range rejected {
		if r.Reason == ruleset.TooOld {
			continue // whatever the rules say
		}
		run.try(r.KillmailID, rules.Decide(r.Facts), &run.NewlyAccepted, true)
	}
	ids, err := s.Store.StoredSince(ctx, since)
	if err != nil {
		return nil, s.failed(ctx, err, "dry run")
	}
	kills, err := s.Store.Load(ctx, ids)
	if err != nil {
		return nil, s.failed(ctx, err, "dry run")
	}
	for _, k := range kills {
		space := eve.Space(s.views.system(k.SystemID).SecurityBand)
		run.try(k.ID, rules.Decide(ruleset.FactsOf(k, space)), &run.NewlyRejected, false)
	}
	return &dryRunOutput{run}, nil
}

const dryRunSamples = 20

// try counts one killmail; it differs when acceptance is what it was not before.
func (d *DryRun) try(id int64, reason ruleset.Reason, difference *DryRunDifference, acceptedDiffers bool) {
	d.Considered++
	accepted := reason == ruleset.Accepted
	if accepted {
		d.Accepted++
	} else {
		d.Rejected[string(reason)]++
	}
	if accepted != acceptedDiffers {
		return
	}
	difference.Count++
	if len(difference.Samples) < dryRunSamples {
		difference.Samples = append(difference.Samples, id)
	}
}
