package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/store"
)

// Recluster changes the parameters that form the battles of a data folder: plan what
// would change, apply it, and then either confirm or revert.
type Recluster struct{ b *backends }

// OpenRecluster opens a data folder. Close it.
func OpenRecluster(ctx context.Context, d Data, log *slog.Logger) (*Recluster, error) {
	b, err := openBackends(ctx, d, Redis{}, log)
	if err != nil {
		return nil, err
	}
	return &Recluster{b}, nil
}

// Close releases the data folder.
func (r *Recluster) Close() error { return r.b.close() }

// EngineStatus says which parameters are in use and what still follows them.
type EngineStatus struct {
	store.EngineState
	Version     int   // of the parameters, in this binary
	Others      int64 // battles made with other parameters
	Unclustered int64 // killmails whose battles are still to be brought up to date
}

// Status returns what is in use.
func (r *Recluster) Status(ctx context.Context) (EngineStatus, error) {
	state, err := r.b.store.Engine(ctx)
	if err != nil {
		return EngineStatus{}, err
	}
	others, err := r.b.store.BattlesNotOf(ctx, state.Profile, battle.ParamsVersion)
	if err != nil {
		return EngineStatus{}, err
	}
	sum, err := r.b.store.Summary(ctx, r.b.now(), r.b.now())
	return EngineStatus{EngineState: state, Version: battle.ParamsVersion, Others: others, Unclustered: sum.Unclustered}, err
}

// Plan works out what a profile would change and writes nothing.
func (r *Recluster) Plan(ctx context.Context, profile string, progress func(done, total int)) (cluster.Difference, error) {
	params, err := r.b.paramsOf(ctx, profile)
	if err != nil {
		return cluster.Difference{}, err
	}
	c, err := r.b.cluster()
	if err != nil {
		return cluster.Difference{}, err
	}
	return c.Plan(ctx, params, progress)
}

// Apply puts a profile into use and brings all battles up to date. The change is
// decided in one transaction that also queues the work: interrupted, any process on
// the data folder carries on. It can be taken back until it is confirmed.
func (r *Recluster) Apply(ctx context.Context, profile string, progress func(done, total int)) error {
	if _, err := battle.Profile(profile); err != nil {
		return fault.Usage(err)
	}
	state, err := r.b.store.Engine(ctx)
	if err != nil {
		return err
	}
	if state.Previous != "" && profile != state.Profile {
		return fault.New(fmt.Sprintf("the change from %s to %s is not confirmed yet", state.Previous, state.Profile),
			"battlescope recluster confirm keeps it, battlescope recluster revert takes it back")
	}
	next := store.EngineState{Profile: profile, Previous: state.Previous, ChangedAt: r.b.now()}
	if profile != state.Profile {
		next.Previous = state.Profile
	}
	return r.change(ctx, next, progress)
}

// Revert puts the profile before the last change back into use.
func (r *Recluster) Revert(ctx context.Context, progress func(done, total int)) error {
	state, err := r.unconfirmed(ctx)
	if err != nil {
		return err
	}
	return r.change(ctx, store.EngineState{Profile: state.Previous, ChangedAt: r.b.now()}, progress)
}

// Confirm keeps the last change for good.
func (r *Recluster) Confirm(ctx context.Context) error {
	state, err := r.unconfirmed(ctx)
	if err != nil {
		return err
	}
	state.Previous = ""
	return r.b.store.SetEngine(ctx, state, false)
}

func (r *Recluster) unconfirmed(ctx context.Context) (store.EngineState, error) {
	state, err := r.b.store.Engine(ctx)
	if err == nil && state.Previous == "" {
		err = fault.New("no change of parameters waits for a decision", "battlescope recluster apply makes one")
	}
	return state, err
}

func (r *Recluster) change(ctx context.Context, next store.EngineState, progress func(done, total int)) error {
	if err := r.b.store.SetEngine(ctx, next, true); err != nil {
		return err
	}
	sum, err := r.b.store.Summary(ctx, r.b.now(), r.b.now())
	if err != nil {
		return err
	}
	c, err := r.b.cluster()
	if err != nil {
		return err
	}
	_, err = c.Drain(ctx, func(done int) { progress(done, int(sum.Unclustered)) })
	if ctx.Err() != nil {
		return errors.Join(fault.New("interrupted; the rest is queued", "battlescope serve or recluster apply carries on"), err)
	}
	return err
}
