package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// putPartial lists what a batch only names.
func putPartial(ctx context.Context, q *query.Queries, b store.Batch) error {
	for _, p := range b.Partial {
		err := q.PutEnrichment(ctx, query.PutEnrichmentParams{
			KillmailID: p.KillmailID, Hash: clean(p.Hash), Source: p.Source, Live: p.Live, HasZkb: p.HasZkb, Reason: clean(p.Reason),
			Body:  append([]byte{}, p.Body...), // never nil
			DueAt: millis(p.Due), Now: millis(b.Now),
		})
		if err != nil {
			return fmt.Errorf("put enrichment of killmail %d: %w", p.KillmailID, err)
		}
	}
	return nil
}

// Enrichment implements store.Enrichments.
func (s *Store) Enrichment(ctx context.Context, killmailID int64) (store.Enrichment, error) {
	row, err := s.q().Enrichment(ctx, killmailID)
	return enrichmentOf(row), found(fmt.Sprintf("enrichment of killmail %d", killmailID), err)
}

// BeginEnrichment implements store.Enrichments.
func (s *Store) BeginEnrichment(ctx context.Context, killmailID int64, now, until time.Time) (store.Enrichment, error) {
	var row query.Enrichment
	op := fmt.Sprintf("begin enrichment of killmail %d", killmailID)
	err := s.inTx(ctx, op, func(_ *sql.Tx, q *query.Queries) (err error) {
		row, err = q.BeginEnrichment(ctx, query.BeginEnrichmentParams{KillmailID: killmailID, Now: millis(now), Until: millis(until)})
		if errors.Is(err, sql.ErrNoRows) {
			row, err = q.Enrichment(ctx, killmailID)
		}
		if errors.Is(err, sql.ErrNoRows) {
			return store.ErrNotFound
		}
		return err
	})
	return enrichmentOf(row), err
}

// ClaimEnrichments implements store.Enrichments.
func (s *Store) ClaimEnrichments(ctx context.Context, now, until time.Time, limit int) ([]store.Enrichment, error) {
	due, err := s.q().EnrichmentsDue(ctx, millis(now)) // spares the writer when there is nothing, as is usual
	if err != nil {
		return nil, fmt.Errorf("claim enrichments: %w", err)
	}
	if due == 0 {
		return nil, nil
	}
	var rows []query.Enrichment
	err = s.inTx(ctx, "claim enrichments", func(_ *sql.Tx, q *query.Queries) (err error) {
		rows, err = q.ClaimEnrichments(ctx, query.ClaimEnrichmentsParams{Now: millis(now), Until: millis(until), Most: int32(limit)})
		return err
	})
	out := make([]store.Enrichment, len(rows))
	for i, row := range rows {
		out[i] = enrichmentOf(row)
	}
	return out, err
}

// EndEnrichment implements store.Enrichments.
func (s *Store) EndEnrichment(ctx context.Context, e store.EnrichmentEnd, now time.Time) error {
	return s.inTx(ctx, fmt.Sprintf("end enrichment of killmail %d", e.KillmailID), func(_ *sql.Tx, q *query.Queries) error {
		return q.EndEnrichment(ctx, query.EndEnrichmentParams{
			KillmailID: e.KillmailID, Revision: e.Revision, State: string(e.State), Reason: clean(e.Reason),
			Attempts: int64(e.Attempts), DueAt: millis(e.Due), Now: millis(now),
		})
	})
}

// EnrichmentCounts implements store.Enrichments.
func (s *Store) EnrichmentCounts(ctx context.Context) (map[store.EnrichmentState]store.EnrichmentCount, error) {
	rows, err := s.q().CountEnrichments(ctx)
	if err != nil {
		return nil, fmt.Errorf("count enrichments: %w", err)
	}
	out := make(map[store.EnrichmentState]store.EnrichmentCount, len(rows))
	for _, r := range rows {
		out[store.EnrichmentState(r.State)] = store.EnrichmentCount{N: r.N, Oldest: fromMillis(r.Oldest)}
	}
	return out, nil
}

// PruneEnrichments implements store.Enrichments.
func (s *Store) PruneEnrichments(ctx context.Context, before time.Time) (int, error) {
	var n int64
	err := s.inTx(ctx, "prune enrichments", func(_ *sql.Tx, q *query.Queries) (err error) {
		n, err = q.PruneEnrichments(ctx, millis(before))
		return err
	})
	return int(n), err
}

func enrichmentOf(r query.Enrichment) store.Enrichment {
	return store.Enrichment{
		Partial: store.Partial{
			KillmailID: r.KillmailID, Hash: r.Hash, Source: r.Source, Live: r.Live, Body: r.Body, HasZkb: r.HasZkb,
			Reason: r.Reason, Due: fromMillis(r.DueAt),
		},
		State: store.EnrichmentState(r.State), Attempts: int(r.Attempts), Revision: r.Revision,
		CreatedAt: fromMillis(r.CreatedAt), UpdatedAt: fromMillis(r.UpdatedAt),
	}
}
