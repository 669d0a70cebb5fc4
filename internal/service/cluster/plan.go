package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

// announceWithin is how long ago a battle may have ended to appear in the live feed.
const announceWithin = 24 * time.Hour

// plan compares the battles of a component with the stored ones.
func (s *Service) plan(ctx context.Context, component []*killmail.Killmail, basis []store.KnownBattle, battles []battle.Battle) (store.Change, error) {
	now := s.now()
	change := store.Change{
		Basis: basis, Component: make([]store.Considered, len(component)), AnnounceAfter: now.Add(-announceWithin), Now: now,
	}
	for i, k := range component {
		change.Component[i] = store.Considered{ID: k.ID, Value: k.Value}
	}
	known := make([]battle.Known, len(change.Basis))
	digests := make(map[int64]string, len(change.Basis))
	for i, b := range change.Basis {
		known[i] = battle.Known{ID: b.ID, KillmailIDs: b.KillmailIDs, Profile: b.Profile, Version: b.Version}
		digests[b.ID] = b.Digest
	}
	ids, err := s.takeIDs(ctx, known, battles)
	if err != nil {
		return store.Change{}, err
	}
	names := battle.Reconcile(known, battles, ids)
	revived, err := s.tellCorrected(ctx, known, battles, names)
	if err != nil {
		return store.Change{}, err
	}
	for i, n := range names.Named {
		digest, err := digestOf(&battles[i])
		if err != nil {
			return store.Change{}, err
		}
		if digests[n.ID] != digest {
			put := s.put(n, digest, &battles[i])
			put.Revived = revived[n.ID]
			change.Put = append(change.Put, put)
		}
	}
	for _, r := range names.Removed {
		change.Remove = append(change.Remove, store.RemoveBattle{ID: r.ID, Redirect: r.RedirectTo, Reason: string(r.Reason)})
	}
	return change, nil
}

// takeIDs reserves as many ids as Reconcile will ask for.
func (s *Service) takeIDs(ctx context.Context, known []battle.Known, battles []battle.Battle) (func() int64, error) {
	need := 0
	battle.Reconcile(known, battles, func() int64 { need++; return 0 })
	ids, err := s.store.NewBattleIDs(ctx, need)
	if err != nil {
		return nil, err
	}
	return func() int64 {
		id := ids[0]
		ids = ids[1:]
		return id
	}, nil
}

func (s *Service) put(n battle.Named, digest string, b *battle.Battle) store.PutBattle {
	system, ok := s.world.System(b.SystemIDs[0])
	if !ok {
		system.ID = b.SystemIDs[0]
	}
	return store.PutBattle{
		ID: n.ID, Digest: digest, Battle: b, Reason: string(n.Reason), Added: n.Added, Removed: n.Dropped,
		Space: eve.SpaceOf(system), ConstellationID: system.ConstellationID, RegionID: system.RegionID,
	}
}

// digestOf fingerprints everything a battle says, so that one that did not change
// is not written and makes no revision. Killmails stand for themselves by id and value.
func digestOf(b *battle.Battle) (string, error) {
	type kill struct {
		ID    int64
		Value killmail.Value
		Side  string
		Link  battle.Evidence
	}
	short := *b
	short.Kills = nil
	kills := make([]kill, len(b.Kills))
	for i, k := range b.Kills {
		kills[i] = kill{k.Mail.ID, k.Mail.Value, k.Side, k.Link}
	}
	hash := sha256.New()
	enc := json.NewEncoder(hash)
	if err := enc.Encode(short); err != nil {
		return "", fmt.Errorf("digest of a battle: %w", err)
	}
	if err := enc.Encode(kills); err != nil {
		return "", fmt.Errorf("digest of a battle: %w", err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
