package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/ruleset"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// ActiveRuleset implements store.Rulesets.
func (s *Store) ActiveRuleset(ctx context.Context) (store.RulesetVersion, error) {
	row, err := s.q().ActiveRuleset(ctx)
	if err != nil {
		return store.RulesetVersion{}, found("active ruleset", err)
	}
	return rulesetVersion(row, row.Activation)
}

// Rulesets implements store.Rulesets.
func (s *Store) Rulesets(ctx context.Context, limit int) ([]store.RulesetVersion, error) {
	active, err := s.q().ActiveRuleset(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return []store.RulesetVersion{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("rulesets: %w", err)
	}
	rows, err := s.q().Rulesets(ctx, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("rulesets: %w", err)
	}
	out := make([]store.RulesetVersion, len(rows))
	for i, r := range rows {
		if out[i], err = rulesetVersion(r, active.Activation); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func rulesetVersion(r query.Ruleset, active int64) (store.RulesetVersion, error) {
	out := store.RulesetVersion{
		Version: r.Version, Note: r.Note, CreatedBy: r.CreatedBy, CreatedAt: fromMillis(r.CreatedAt), Active: r.Activation == active,
	}
	if err := json.Unmarshal([]byte(r.Body), &out.Rules); err != nil {
		return out, fmt.Errorf("ruleset version %d: %w", r.Version, err)
	}
	return out, nil
}

// PutRuleset implements store.Rulesets.
func (s *Store) PutRuleset(ctx context.Context, r store.RulesetVersion) (int64, error) {
	body, err := json.Marshal(r.Rules)
	if err != nil {
		return 0, fmt.Errorf("put ruleset: %w", err)
	}
	var version int64
	err = s.inTx(ctx, "put ruleset", func(_ *sql.Tx, q *query.Queries) error {
		if version, err = q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "ruleset", Value: 1}); err != nil {
			return err
		}
		activation, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "ruleset_activation", Value: 1})
		if err != nil {
			return err
		}
		return q.PutRuleset(ctx, query.PutRulesetParams{
			Version: version, Body: string(body), Note: clean(r.Note), CreatedBy: clean(r.CreatedBy), CreatedAt: millis(r.CreatedAt), Activation: activation,
		})
	})
	return version, err
}

// ActivateRuleset implements store.Rulesets.
func (s *Store) ActivateRuleset(ctx context.Context, version int64) error {
	return s.inTx(ctx, "activate ruleset", func(_ *sql.Tx, q *query.Queries) error {
		activation, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "ruleset_activation", Value: 1})
		if err != nil {
			return err
		}
		n, err := q.ActivateRuleset(ctx, query.ActivateRulesetParams{Version: version, Activation: activation})
		if err == nil && n == 0 {
			err = fmt.Errorf("version %d: %w", version, store.ErrNotFound)
		}
		return err
	})
}

// RejectedSince implements store.Rulesets.
func (s *Store) RejectedSince(ctx context.Context, t time.Time) ([]store.Rejected, error) {
	rows, err := s.q().RejectedSince(ctx, millis(t))
	if err != nil {
		return nil, fmt.Errorf("rejected killmails: %w", err)
	}
	out := make([]store.Rejected, len(rows))
	for i, r := range rows {
		out[i] = store.Rejected{
			KillmailID: r.KillmailID, Time: fromMillis(r.OccurredAt),
			Facts:  ruleset.Facts{SystemID: r.SystemID, Space: eve.Space(r.Space), Pilots: int(r.Pilots)},
			Reason: ruleset.Reason(r.Reason), RulesetVersion: r.RulesetVersion, RejectedAt: fromMillis(r.RejectedAt),
		}
		for _, id := range strings.Fields(r.Entities) {
			n, err := strconv.ParseInt(id, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("rejected killmail %d: entity %q is no id", r.KillmailID, id)
			}
			out[i].Facts.Entities = append(out[i].Facts.Entities, n)
		}
	}
	return out, nil
}

// StoredSince implements store.Rulesets.
func (s *Store) StoredSince(ctx context.Context, t time.Time) ([]int64, error) {
	ids, err := s.q().KillmailsStoredSince(ctx, millis(t))
	if err != nil {
		return nil, fmt.Errorf("stored killmails: %w", err)
	}
	return ids, nil
}

// PruneRejected implements store.Rulesets.
func (s *Store) PruneRejected(ctx context.Context, before time.Time) error {
	return s.inTx(ctx, "prune rejected killmails", func(_ *sql.Tx, q *query.Queries) error {
		_, err := q.PruneRejected(ctx, millis(before))
		return err
	})
}

// putRejected keeps a record of what the ruleset did not accept.
func (s *Store) putRejected(ctx context.Context, tx *sql.Tx, b store.Batch) error {
	if len(b.Rejected) == 0 {
		return nil
	}
	last := make(map[int64]*store.Rejected, len(b.Rejected)) // one killmail may come several times
	for i := range b.Rejected {
		last[b.Rejected[i].KillmailID] = &b.Rejected[i]
	}
	columns := []string{
		"killmail_id", "occurred_at", "system_id", "space", "pilots", "entities", "reason", "ruleset_version", "rejected_at",
	}
	return s.dialect.Upsert(ctx, tx, "rejected_killmails", columns, func(yield func([]any) bool) {
		for _, id := range slices.Sorted(maps.Keys(last)) {
			r := last[id]
			entities := make([]string, len(r.Facts.Entities))
			for i, id := range r.Facts.Entities {
				entities[i] = strconv.FormatInt(id, 10)
			}
			if !yield([]any{
				id, millis(r.Time), r.Facts.SystemID, string(r.Facts.Space), r.Facts.Pilots, strings.Join(entities, " "),
				string(r.Reason), r.RulesetVersion, millis(b.Now),
			}) {
				return
			}
		}
	}, `ON CONFLICT (killmail_id) DO UPDATE SET reason = excluded.reason, ruleset_version = excluded.ruleset_version,
		rejected_at = excluded.rejected_at`)
}
