package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/store"
)

// deadLettersCommand works on documents that could not be read.
type deadLettersCommand struct {
	List  lettersList  `cmd:"" help:"List them."`
	Show  lettersShow  `cmd:"" help:"Print one as it came."`
	Retry lettersRetry `cmd:"" help:"Try to read some or all of them again."`
	Drop  lettersDrop  `cmd:"" help:"Delete some or all of them."`
}

type lettersList struct{ app.Data }

// Run prints a table of the letters.
func (c *lettersList) Run(env *environment) error {
	return withLetters(env, c.Data, func(ctx context.Context, desk *app.LetterDesk) error {
		t := table.NewWriter()
		t.SetOutputMirror(env.Out)
		t.SetStyle(table.StyleLight)
		t.AppendHeader(table.Row{"id", "last seen (EVE)", "seen", "bytes", "source", "reference", "reason"})
		err := desk.Each(ctx, func(r store.DeadLetterRow) error {
			t.AppendRow(table.Row{r.ID, eve.FormatTime(r.UpdatedAt), r.Seen, r.Size, r.Source, r.Reference, r.Reason})
			return nil
		})
		t.Render()
		return err
	})
}

type lettersShow struct {
	app.Data
	ID int64 `arg:"" help:"Id from the list."`
}

// Run prints the bytes of one letter.
func (c *lettersShow) Run(env *environment) error {
	return withLetters(env, c.Data, func(ctx context.Context, desk *app.LetterDesk) error {
		letter, err := desk.Letter(ctx, c.ID)
		if err != nil {
			return noLetter(err)
		}
		_, err = env.Out.Write(letter.Body)
		return err
	})
}

// chosen are the letters a verb works on.
type chosen struct {
	app.Data
	IDs []int64 `arg:"" optional:"" name:"id" help:"Ids from the list."`
	All bool    `help:"All of them."`
}

// each calls f for every chosen letter.
func (c *chosen) each(env *environment, f func(ctx context.Context, desk *app.LetterDesk, id int64) error) error {
	if c.All == (len(c.IDs) > 0) {
		return fault.Usage(fault.New("which letters?", "name their ids, or --all"))
	}
	return withLetters(env, c.Data, func(ctx context.Context, desk *app.LetterDesk) error {
		ids := c.IDs
		if c.All {
			if err := desk.Each(ctx, func(r store.DeadLetterRow) error { ids = append(ids, r.ID); return nil }); err != nil {
				return err
			}
		}
		for _, id := range ids {
			if err := f(ctx, desk, id); err != nil {
				return err
			}
		}
		return nil
	})
}

type lettersRetry struct {
	chosen
	app.ESI
	app.Identity
}

// Run tries letters again. Those that still cannot be read stay.
func (c *lettersRetry) Run(env *environment) error {
	outcomes := make(map[string]int)
	err := c.each(env, func(ctx context.Context, desk *app.LetterDesk, id int64) error {
		if err := desk.AskESI(c.ESI, c.Contact); err != nil {
			return err
		}
		outcome, err := desk.Retry(ctx, id)
		if errors.Is(err, store.ErrNotFound) || ctx.Err() != nil {
			return noLetter(err)
		}
		if err != nil {
			fmt.Fprintf(env.Err, "%v\n", err)
			outcome = "kept"
		}
		outcomes[outcome]++
		return nil
	})
	for _, outcome := range []string{"stored", "known", "rejected", "kept"} {
		fmt.Fprintf(env.Out, "%-9s %8d\n", outcome, outcomes[outcome])
	}
	return err
}

type lettersDrop struct{ chosen }

// Run deletes letters.
func (c *lettersDrop) Run(env *environment) error {
	dropped := 0
	err := c.each(env, func(ctx context.Context, desk *app.LetterDesk, id int64) error {
		if err := desk.Drop(ctx, id); err != nil {
			return noLetter(err)
		}
		dropped++
		return nil
	})
	fmt.Fprintf(env.Out, "dropped   %8d\n", dropped)
	return err
}

func noLetter(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.Wrap(err, "dead letters", "battlescope dead-letters list shows the ids")
	}
	return err
}

// withLetters opens the data folder for f.
func withLetters(env *environment, d app.Data, f func(context.Context, *app.LetterDesk) error) error {
	desk, err := app.OpenLetterDesk(env.ctx, d, env.log)
	if err != nil {
		return err
	}
	return errors.Join(f(env.ctx, desk), desk.Close())
}
