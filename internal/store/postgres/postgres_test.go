package postgres_test

import (
	"context"
	"testing"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/internal/store/storetest"
	"github.com/battlescope/battlescope/test/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }

func TestConformance(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, migrated(t), postgres.Options{}).Store })
}

// migrated returns the URL of a database with the schema of this binary.
func migrated(t testing.TB) string {
	return servers.PostgresLike(t, "migrated", func(ctx context.Context, dsn string) error {
		db, err := postgres.Open(ctx, dsn, postgres.Options{Migrate: true})
		if err != nil {
			return err
		}
		return db.Close()
	})
}

// open opens a database that is closed with the test.
func open(t testing.TB, dsn string, opts postgres.Options) *postgres.Database {
	t.Helper()
	db, err := postgres.Open(context.Background(), dsn, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

// trySave stores a killmail of March 2026.
func trySave(t *testing.T, db *postgres.Database, id int64) error {
	t.Helper()
	k := &killmail.Killmail{
		ID: id, Time: march, SystemID: 30002813, Victim: killmail.Victim{Party: killmail.Party{CharacterID: 90_000_001, ShipTypeID: 587}},
		Attackers: []killmail.Attacker{{Party: killmail.Party{CharacterID: 90_000_002, ShipTypeID: 587}, FinalBlow: true}},
	}
	_, err := db.Store.Save(t.Context(), store.Batch{Documents: []store.Document{{Document: killmail.Document{Killmail: k}}}, Now: march})
	return err
}

func save(t *testing.T, db *postgres.Database, id int64) {
	t.Helper()
	if err := trySave(t, db, id); err != nil {
		t.Fatal(err)
	}
}
