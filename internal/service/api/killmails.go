package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

// KillmailFilter narrows the killmail list and the live feed alike.
type KillmailFilter struct {
	SpaceType []string `query:"space_type,explode" enum:"kspace,jspace,highsec,lowsec,nullsec,wormhole,pochven,abyssal,void,other"`
	Security  []string `query:"security,explode" enum:"highsec,lowsec,nullsec,wormhole,pochven"`
	SystemID  []int64  `query:"system_id,explode"`
	MinISK    amount   `query:"min_isk" minimum:"0" maximum:"9e16"`
}

// Resolve implements huma.Resolver.
func (f *KillmailFilter) Resolve(huma.Context) []error { return f.MinISK.check("min_isk") }

type recentInput struct {
	KillmailFilter
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
	Cursor string `query:"cursor" maxLength:"200"`
}

type recentOutput struct {
	Body struct {
		Items      []KillmailItem `json:"items" doc:"newest first, by the time of the kill"`
		NextCursor *string        `json:"next_cursor" doc:"null on the last page"`
	}
}

type killmailInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type killmailOutput struct{ Body KillmailView }

func (s *Service) registerKillmails(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "list-recent-killmails", Method: http.MethodGet, Path: "/api/v1/killmails/recent", Tags: []string{"Killmails"},
		Summary: "Recent killmails", Errors: []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, s.listRecent)
	huma.Register(a, huma.Operation{
		OperationID: "get-killmail", Method: http.MethodGet, Path: "/api/v1/killmails/{id}", Tags: []string{"Killmails"},
		Summary: "One killmail with its attackers", Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, s.getKillmail)
}

func (s *Service) listRecent(ctx context.Context, in *recentInput) (*recentOutput, error) {
	f := store.KillmailFilter{Spaces: spaces(in.SpaceType, in.Security), SystemIDs: in.SystemID, MinISK: in.MinISK.isk()}
	rows, next, err := s.Store.Recent(ctx, f, store.Page{Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, s.failed(ctx, err, "list of killmails")
	}
	ids := make(idSet)
	for i := range rows {
		ids.killmail(&rows[i])
	}
	v, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return nil, s.failed(ctx, err, "list of killmails")
	}
	out := &recentOutput{}
	out.Body.Items = make([]KillmailItem, len(rows))
	for i := range rows {
		out.Body.Items[i] = v.killmailItem(&rows[i])
	}
	if next != "" {
		out.Body.NextCursor = &next
	}
	return out, nil
}

func (s *Service) getKillmail(ctx context.Context, in *killmailInput) (*killmailOutput, error) {
	k, err := s.Store.Killmail(ctx, in.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, s.notThere(ctx, in.ID, err)
	}
	if err != nil {
		return nil, s.failed(ctx, err, "killmail")
	}
	b, place, err := s.placeOf(ctx, in.ID)
	if err != nil {
		return nil, s.failed(ctx, err, "killmail")
	}
	ids := make(idSet)
	ids.party(k.Victim.Party)
	for i := range k.Attackers {
		ids.party(k.Attackers[i].Party)
	}
	if b != nil {
		ids.battle(b, listedMembers)
	}
	v, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return nil, s.failed(ctx, err, "killmail")
	}
	return &killmailOutput{v.killmail(k, b, place)}, nil
}

// placeOf returns the battle of a killmail and its place in it; nil when it stands alone,
// or is just moving to another one.
func (s *Service) placeOf(ctx context.Context, id int64) (*store.BattleRow, store.Place, error) {
	battleID, err := s.Store.BattleOf(ctx, id)
	var place store.Place
	if err == nil {
		place, err = s.Store.PlaceIn(ctx, battleID, id)
	}
	var b *store.BattleRow
	if err == nil {
		b, err = s.Store.BattleSummary(ctx, battleID)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, store.Place{}, nil
	}
	return b, place, err
}

// The types of problem that programs tell apart from an id nobody knows.
const (
	problemPending     = "urn:battlescope:killmail-pending"
	problemUnavailable = "urn:battlescope:killmail-unavailable"
)

// notThere says whether a killmail that is not stored is known by its id, and what keeps it.
func (s *Service) notThere(ctx context.Context, id int64, notFound error) error {
	e, err := s.Store.Enrichment(ctx, id)
	what := fmt.Sprintf("killmail %d", id)
	p := s.explain(ctx, notFound, what)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		p = s.explain(ctx, err, what)
	case err != nil:
	case e.State == store.EnrichmentPending || e.State == store.EnrichmentProcessing:
		p = problem(http.StatusNotFound, what+" is known by its id only, its details are pending", "try again in a few minutes; they are fetched from CCP's API")
		p.Type = problemPending
	case e.State == store.EnrichmentFailed:
		p = problem(http.StatusNotFound, what+" is known by its id only, CCP's API does not give its details", "look at it on zKillboard; administrators find the reason among the failed jobs")
		p.Type = problemUnavailable
	}
	p.RequestID = requestID(ctx)
	return p
}

// esiURL is where CCP serves the killmail.
func esiURL(k *killmail.Killmail) string {
	if k.Hash == "" {
		return ""
	}
	return fmt.Sprintf("https://esi.evetech.net/killmails/%d/%s/", k.ID, k.Hash)
}
