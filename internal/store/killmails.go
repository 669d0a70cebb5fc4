package store

import (
	"context"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// Killmails answers questions about stored killmails.
type Killmails interface {
	// Killmail returns one killmail with all attackers in their order, or ErrNotFound.
	Killmail(ctx context.Context, id int64) (*killmail.Killmail, error)
	// Load returns the killmails with these ids, in no order; unknown ids are left out.
	Load(ctx context.Context, ids []int64) ([]*killmail.Killmail, error)
	// InSystem lists the ids of killmails in a system within [from, to].
	InSystem(ctx context.Context, systemID int64, from, to time.Time) ([]int64, error)
	// Between lists the ids of all killmails within [from, to].
	Between(ctx context.Context, from, to time.Time) ([]int64, error)
	// OfCharacter lists the ids of killmails a character is on within [from, to].
	OfCharacter(ctx context.Context, characterID int64, from, to time.Time) ([]int64, error)
	// Recent lists killmails, newest first.
	Recent(ctx context.Context, f KillmailFilter, p Page) ([]KillmailRow, string, error)
	// Rows returns the rows of these killmails, in no order; unknown ids are left out.
	Rows(ctx context.Context, ids []int64) ([]KillmailRow, error)
}

// KillmailFilter narrows Recent. Zero fields do not filter.
type KillmailFilter struct {
	Spaces    []eve.Space
	SystemIDs []int64
	MinISK    eve.ISK
	Since     time.Time
	Until     time.Time
}

// KillmailRow is a killmail as lists show it.
type KillmailRow struct {
	ID            int64
	Hash          string
	Time          time.Time
	SystemID      int64
	Victim        killmail.Party
	DamageTaken   int64
	AttackerCount int
	FinalBlow     killmail.Party // zero when the document names none
	Value         killmail.Value
	NPC           bool
	BattleID      int64 // 0 when in no battle
	StoredAt      time.Time
}
