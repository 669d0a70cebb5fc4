package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// verifyRunsKept is how many runs of verification are kept.
const verifyRunsKept = 100

// VerifiedDay implements store.Verification.
func (s *Store) VerifiedDay(ctx context.Context, day string) (store.VerifiedDay, error) {
	r, err := s.q().VerifiedDay(ctx, day)
	if err != nil {
		return store.VerifiedDay{}, found("verified day "+day, err)
	}
	return store.VerifiedDay{Day: r.Day, Total: r.Total, Stored: r.Stored, Rejected: r.Rejected, Scheduled: r.Scheduled, CheckedAt: fromMillis(r.CheckedAt)}, nil
}

// PutVerifiedDay implements store.Verification.
func (s *Store) PutVerifiedDay(ctx context.Context, d store.VerifiedDay) error {
	return s.inTx(ctx, "put verified day "+d.Day, func(_ *sql.Tx, q *query.Queries) error {
		return q.PutVerifiedDay(ctx, query.PutVerifiedDayParams{
			Day: d.Day, Total: d.Total, Stored: d.Stored, Rejected: d.Rejected, Scheduled: d.Scheduled, CheckedAt: millis(d.CheckedAt),
		})
	})
}

// PutVerifyRun implements store.Verification.
func (s *Store) PutVerifyRun(ctx context.Context, r store.VerifyRun) (int64, error) {
	var id int64
	err := s.inTx(ctx, "put verify run", func(_ *sql.Tx, q *query.Queries) (err error) {
		id, err = q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "verify_run", Value: 1})
		if err != nil {
			return err
		}
		err = q.PutVerifyRun(ctx, query.PutVerifyRunParams{
			ID: id, StartedAt: millis(r.StartedAt), FinishedAt: millis(r.FinishedAt), Since: millis(r.Since), Until: millis(r.Until),
			Repair: r.Repair, Killmails: r.Killmails, Battles: r.Battles, Neighbourhoods: r.Neighbourhoods, Days: r.Days,
			NotChecked: clean(strings.Join(r.NotChecked, "\n")), Found: int64(r.Found), StillOpen: int64(r.Open),
		})
		if err != nil {
			return err
		}
		for i := range r.Findings {
			if err := putFinding(ctx, q, id, i, &r.Findings[i]); err != nil {
				return err
			}
		}
		if err := q.DropFindings(ctx, id-verifyRunsKept); err != nil {
			return err
		}
		return q.DropVerifyRuns(ctx, id-verifyRunsKept)
	})
	return id, err
}

func putFinding(ctx context.Context, q *query.Queries, run int64, position int, f *store.Finding) error {
	samples := make([]string, len(f.Samples))
	for i, id := range f.Samples {
		samples[i] = strconv.FormatInt(id, 10)
	}
	return q.PutFinding(ctx, query.PutFindingParams{
		RunID: run, Position: int64(position), Name: string(f.Check), Severity: string(f.Severity), State: string(f.State),
		Subject: f.Subject, N: f.Count, NLeft: f.Left, Samples: strings.Join(samples, " "), Detail: clean(f.Detail), Repair: clean(f.Repair),
	})
}

// VerifyRuns implements store.VerifyRuns.
func (s *Store) VerifyRuns(ctx context.Context, limit int) ([]store.VerifyRun, error) {
	var out []store.VerifyRun
	err := s.snapshot(ctx, func(v view) error {
		rows, err := v.q().VerifyRuns(ctx, int32(limit))
		if err != nil || len(rows) == 0 {
			return err
		}
		out = make([]store.VerifyRun, len(rows))
		for i, r := range rows {
			out[i] = verifyRun(r)
		}
		findings, err := v.q().Findings(ctx, rows[0].ID)
		if err != nil {
			return err
		}
		for _, f := range findings {
			finding, err := findingOf(f)
			if err != nil {
				return err
			}
			out[0].Findings = append(out[0].Findings, finding)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("verify runs: %w", err)
	}
	return out, nil
}

func verifyRun(r query.VerifyRun) store.VerifyRun {
	out := store.VerifyRun{
		ID: r.ID, StartedAt: fromMillis(r.StartedAt), FinishedAt: fromMillis(r.FinishedAt), Since: fromMillis(r.Since), Until: fromMillis(r.Until),
		Repair: r.Repair, Killmails: r.Killmails, Battles: r.Battles, Neighbourhoods: r.Neighbourhoods, Days: r.Days,
		Found: int(r.Found), Open: int(r.StillOpen),
	}
	if r.NotChecked != "" {
		out.NotChecked = strings.Split(r.NotChecked, "\n")
	}
	return out
}

func findingOf(r query.VerifyFinding) (store.Finding, error) {
	out := store.Finding{
		Check: store.Check(r.Name), Severity: store.Severity(r.Severity), State: store.FindingState(r.State), Subject: r.Subject,
		Count: r.N, Left: r.NLeft, Samples: []int64{}, Detail: r.Detail, Repair: r.Repair,
	}
	for _, text := range strings.Fields(r.Samples) {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return out, fmt.Errorf("finding %s: sample %q is no id", r.Name, text)
		}
		out.Samples = append(out.Samples, id)
	}
	return out, nil
}
