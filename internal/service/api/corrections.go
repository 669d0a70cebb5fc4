package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/store"
)

type correctInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body CorrectionBody
}

type correctionOutput struct{ Body CorrectionView }

type correctionsInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type correctionsOutput struct {
	Body struct {
		Items []CorrectionView `json:"items" doc:"newest first, with those taken back"`
	}
}

func (s *Service) registerCorrections(a huma.API) {
	admin := huma.Middlewares{s.adminOnly(a)}
	const path, tag = "/api/v1/battles/{id}/corrections", "Corrections"
	huma.Register(a, huma.Operation{
		OperationID: "list-battle-corrections", Method: http.MethodGet, Path: path, Tags: []string{tag},
		Summary:     "What people corrected in a battle",
		Description: "Corrections of battles that went into this one, and of killmails that are in it now, are among them.",
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, s.listCorrections)
	huma.Register(a, huma.Operation{
		OperationID: "correct-battle", Method: http.MethodPost, Path: path, Tags: []string{tag}, DefaultStatus: http.StatusCreated,
		Summary: "Correct sides, killmails or extent of a battle",
		Description: "The battles concerned are recomputed within moments, and whatever comes later respects the correction. " +
			"An event of the stream tells of each battle that changed.",
		Middlewares: admin, Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, s.correctBattle)
	huma.Register(a, huma.Operation{
		OperationID: "take-back-correction", Method: http.MethodDelete, Path: "/api/v1/corrections/{id}", Tags: []string{tag}, DefaultStatus: http.StatusOK,
		Summary: "Take a correction back", Description: "It stays in the history.", Middlewares: admin,
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, s.takeBackCorrection)
}

func (s *Service) listCorrections(ctx context.Context, in *correctionsInput) (*correctionsOutput, error) {
	list, err := s.Store.BattleCorrections(ctx, in.ID)
	if err != nil {
		return nil, s.failed(ctx, err, "battle")
	}
	ids := make(idSet)
	for i := range list {
		ids.correction(&list[i])
	}
	v, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return nil, s.failed(ctx, err, "corrections")
	}
	out := &correctionsOutput{}
	out.Body.Items = make([]CorrectionView, len(list))
	for i := range list {
		out.Body.Items[i] = v.correction(&list[i])
	}
	return out, nil
}

// correctionAttempts is how often a correction is checked anew because another one was
// saved meanwhile.
const correctionAttempts = 5

func (s *Service) correctBattle(ctx context.Context, in *correctInput) (*correctionOutput, error) {
	var id int64
	var err error
	for range correctionAttempts {
		var c store.Correction
		var layer int64
		if c, layer, err = s.checkCorrection(ctx, in.ID, &in.Body); err != nil {
			return nil, err
		}
		if id, err = s.Store.SaveCorrection(ctx, c, layer); !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	switch {
	case errors.Is(err, store.ErrConflict):
		return nil, problem(http.StatusConflict, "others are correcting battles at this moment", "try again")
	case errors.Is(err, store.ErrNotFound):
		return nil, problem(http.StatusConflict, "some of the killmails were removed at this moment", "reload the battle and try again")
	case err != nil:
		return nil, s.failed(ctx, err, "correction")
	}
	return s.corrected(ctx, id)
}

// corrected tells the cluster service, which looks by itself if the signal is lost, and
// answers with the correction.
func (s *Service) corrected(ctx context.Context, id int64) (*correctionOutput, error) {
	if err := s.Bus.Publish(ctx, bus.BattlesCorrected); err != nil {
		s.Log.WarnContext(ctx, "announce correction", "error", err)
	}
	c, err := s.Store.Correction(ctx, id)
	if err != nil {
		return nil, s.failed(ctx, err, "correction")
	}
	ids := make(idSet)
	ids.correction(&c)
	v, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return nil, s.failed(ctx, err, "correction")
	}
	return &correctionOutput{v.correction(&c)}, nil
}

func (s *Service) takeBackCorrection(ctx context.Context, in *correctionsInput) (*correctionOutput, error) {
	c, err := s.Store.Correction(ctx, in.ID)
	if err != nil {
		return nil, s.failed(ctx, err, "correction")
	}
	stored, err := s.Store.Rows(ctx, c.Rules.Killmails())
	if err != nil {
		return nil, s.failed(ctx, err, "correction")
	}
	if c.InForce() && len(stored) == 0 {
		return nil, problem(http.StatusConflict, "retention removed the killmails of this correction", "the battles stay as they are")
	}
	err = s.Store.TakeBackCorrection(ctx, in.ID, subjectOf(ctx), s.Now().UTC())
	if errors.Is(err, store.ErrConflict) {
		return nil, problem(http.StatusConflict, "this correction was taken back before", "the history of the battle says when and by whom")
	}
	if err != nil {
		return nil, s.failed(ctx, err, "correction")
	}
	return s.corrected(ctx, in.ID)
}
