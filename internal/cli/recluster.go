package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/internal/eve"
)

// reclusterCommand changes the parameters that form the battles.
type reclusterCommand struct {
	Status  reclusterStatus  `cmd:"" help:"Say which profile is in use."`
	Plan    reclusterPlan    `cmd:"" help:"Work out what a profile would change; nothing is written."`
	Apply   reclusterApply   `cmd:"" help:"Put a profile into use for all battles; can be interrupted and taken back."`
	Revert  reclusterRevert  `cmd:"" help:"Take the last change back."`
	Confirm reclusterConfirm `cmd:"" help:"Keep the last change for good."`
}

type reclusterStatus struct{ app.Data }

// Run prints the profile in use.
func (c *reclusterStatus) Run(env *environment) error {
	return withRecluster(env, c.Data, func(ctx context.Context, r *app.Recluster) error {
		s, err := r.Status(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(env.Out, "profile      %s, version %d\n", s.Profile, s.Version)
		if s.Previous != "" {
			fmt.Fprintf(env.Out, "before       %s, until %s; not confirmed\n", s.Previous, eve.FormatTime(s.ChangedAt))
		}
		fmt.Fprintf(env.Out, "made with others  %d battles\nstill to do       %d killmails\n", s.Others, s.Unclustered)
		return nil
	})
}

type profileFlag struct {
	Profile string `help:"Profile of parameters: ${enum}." enum:"linked,classic" default:"linked" placeholder:"PROFILE"`
}

type reclusterPlan struct {
	app.Data
	profileFlag
}

// Run prints the difference.
func (c *reclusterPlan) Run(env *environment) error {
	return withRecluster(env, c.Data, func(ctx context.Context, r *app.Recluster) error {
		p := newProgress(env.Err)
		d, err := r.Plan(ctx, c.Profile, p.Clustering)
		p.end()
		if err != nil {
			return err
		}
		fmt.Fprintf(env.Out, "killmails %8d\nsame      %8d\nchanged   %8d\ncreated   %8d\nremoved   %8d\n", d.Killmails, d.Same, d.Changed, d.Created, d.Removed)
		for _, kind := range slices.Sorted(maps.Keys(d.After)) {
			fmt.Fprintf(env.Out, "  then %-10s %d\n", kind, d.After[kind])
		}
		return nil
	})
}

type reclusterApply struct {
	app.Data
	profileFlag
}

// Run changes the profile.
func (c *reclusterApply) Run(env *environment) error {
	return withRecluster(env, c.Data, func(ctx context.Context, r *app.Recluster) error {
		p := newProgress(env.Err)
		err := r.Apply(ctx, c.Profile, p.Clustering)
		p.end()
		if err == nil {
			fmt.Fprintf(env.Out, "all battles are made with %s now; confirm or revert the change\n", c.Profile)
		}
		return err
	})
}

type reclusterRevert struct{ app.Data }

// Run takes the last change back.
func (c *reclusterRevert) Run(env *environment) error {
	return withRecluster(env, c.Data, func(ctx context.Context, r *app.Recluster) error {
		p := newProgress(env.Err)
		err := r.Revert(ctx, p.Clustering)
		p.end()
		if err == nil {
			fmt.Fprintln(env.Out, "the change is taken back")
		}
		return err
	})
}

type reclusterConfirm struct{ app.Data }

// Run keeps the last change.
func (c *reclusterConfirm) Run(env *environment) error {
	return withRecluster(env, c.Data, func(ctx context.Context, r *app.Recluster) error {
		if err := r.Confirm(ctx); err != nil {
			return err
		}
		fmt.Fprintln(env.Out, "the change is kept")
		return nil
	})
}

// withRecluster opens the data folder for f.
func withRecluster(env *environment, d app.Data, f func(context.Context, *app.Recluster) error) error {
	r, err := app.OpenRecluster(env.ctx, d, env.log)
	if err != nil {
		return err
	}
	return errors.Join(f(env.ctx, r), r.Close())
}
