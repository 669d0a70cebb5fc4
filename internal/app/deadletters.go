package app

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/store"
)

// redeliver tries a dead letter again and drops it when its killmail could be read.
func (b *backends) redeliver(ctx context.Context, id int64) (outcome string, err error) {
	letter, err := b.store.DeadLetter(ctx, id)
	if err != nil {
		return "", err
	}
	doc, err := killmail.DecodeDocument(letter.Body)
	if err == nil {
		doc, err = ingest.Complete(ctx, b.mails(), doc)
	}
	if err != nil {
		return "", fmt.Errorf("dead letter %d: %w", id, err)
	}
	counts, err := b.intake().Save(ctx, ingest.Delivery{Source: "dead letter", Documents: []killmail.Document{doc}})
	if err != nil {
		return "", err
	}
	switch {
	case counts.RejectedTotal() > 0:
		outcome = "rejected"
	case counts.New > 0:
		outcome = "stored"
	default:
		outcome = "known"
	}
	return outcome, b.store.DropDeadLetter(ctx, id)
}

// LetterDesk works on the dead letters of a data folder.
type LetterDesk struct{ b *backends }

// OpenLetterDesk opens a data folder for work on its dead letters. Close it.
func OpenLetterDesk(ctx context.Context, d Data, log *slog.Logger) (*LetterDesk, error) {
	b, err := openBackends(ctx, d, Redis{}, log)
	if err != nil {
		return nil, err
	}
	return &LetterDesk{b}, nil
}

// letterPage is how many letters are read at once.
const letterPage = 200

// Each calls f for every letter, oldest first, without their bodies.
func (l *LetterDesk) Each(ctx context.Context, f func(store.DeadLetterRow) error) error {
	for after := int64(0); ; {
		rows, err := l.b.store.DeadLetters(ctx, after, letterPage)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if err := f(r); err != nil {
				return err
			}
			after = r.ID
		}
	}
}

// Letter returns one letter with its body.
func (l *LetterDesk) Letter(ctx context.Context, id int64) (store.DeadLetterRow, error) {
	return l.b.store.DeadLetter(ctx, id)
}

// AskESI lets Retry fetch killmails that a letter only names.
func (l *LetterDesk) AskESI(cfg ESI, contact string) (err error) {
	if l.b.esi == nil {
		err = l.b.askESI(cfg, contact)
	}
	return err
}

// Retry tries one letter again and returns what became of its killmail.
func (l *LetterDesk) Retry(ctx context.Context, id int64) (string, error) {
	return l.b.redeliver(ctx, id)
}

// Drop deletes one letter.
func (l *LetterDesk) Drop(ctx context.Context, id int64) error {
	return l.b.store.DropDeadLetter(ctx, id)
}

// Close releases the data folder.
func (l *LetterDesk) Close() error { return l.b.close() }
