package api

import (
	lists "container/list"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"github.com/battlescope/battlescope/internal/killmail"
)

// The most one report can be made of. Rows are attackers and victims: the largest
// battles of New Eden have about a million.
const (
	maxKillmails = 10_000
	maxRows      = 2_000_000
)

// mailReader is the part of the store that has whole killmails.
type mailReader interface {
	Load(ctx context.Context, ids []int64) ([]*killmail.Killmail, error)
}

const (
	loadAtOnce = 200 // killmails in one question
	loaders    = 3   // questions at a time, of the few that a store answers beside each other
)

// loadMails reads killmails; nil when they have too many attackers. Unknown ids are left out.
func loadMails(ctx context.Context, from mailReader, ids []int64) ([]*killmail.Killmail, error) {
	chunks := slices.Collect(slices.Chunk(ids, loadAtOnce))
	found := make([][]*killmail.Killmail, len(chunks))
	var rows atomic.Int64
	g, within := errgroup.WithContext(ctx)
	g.SetLimit(loaders)
	for i, chunk := range chunks {
		g.Go(func() error {
			if rows.Load() > maxRows {
				return nil
			}
			kills, err := from.Load(within, chunk)
			for _, k := range kills {
				rows.Add(int64(1 + len(k.Attackers)))
			}
			found[i] = kills
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if rows.Load() > maxRows {
		return nil, nil
	}
	return slices.Concat(append(found, []*killmail.Killmail{})...), nil
}

const (
	// keepScene is how long a scene is kept. Its key names the revisions, the killmails and
	// the corrections it is made of, so that is for what changes without any: prices, and
	// the count of a battle's corrections.
	keepScene = 5 * time.Minute
	// keptRows bounds what is kept, in killmails and attackers of about 100 bytes each.
	keptRows = 1_000_000
)

// scenes keeps the scenes that were used last: a reader who moves a window over a battle
// asks for the same killmails again and again.
type scenes struct {
	now    func() time.Time
	flight singleflight.Group

	mu      sync.Mutex
	rows    int
	entries map[string]*lists.Element
	used    *lists.List // of *keptScene, the one used last in front
}

type keptScene struct {
	key   string
	scene *scene
	until time.Time
}

func newScenes(now func() time.Time) *scenes {
	return &scenes{now: now, entries: make(map[string]*lists.Element), used: lists.New()}
}

// get returns what is kept under a key, or makes it, once for all who ask meanwhile. With
// the key "" nothing is kept.
func (s *scenes) get(ctx context.Context, key string, open func(ctx context.Context) (*scene, error)) (*scene, error) {
	if key == "" {
		return open(ctx)
	}
	if sc := s.find(key); sc != nil {
		return sc, nil
	}
	result, err, _ := s.flight.Do(key, func() (any, error) {
		// Whoever asked first may leave, the others stay.
		sc, err := open(context.WithoutCancel(ctx))
		if err == nil {
			s.put(key, sc)
		}
		return sc, err
	})
	if p, ok := err.(*Problem); ok { //nolint:errorlint // made by open, never wrapped
		own := *p // each request puts its id in
		own.RequestID = ""
		return nil, &own
	}
	if err != nil {
		return nil, err
	}
	return result.(*scene), nil
}

func (s *scenes) find(key string) *scene {
	s.mu.Lock()
	defer s.mu.Unlock()
	element := s.entries[key]
	if element == nil {
		return nil
	}
	e := element.Value.(*keptScene)
	if !e.until.After(s.now()) {
		s.drop(element)
		return nil
	}
	s.used.MoveToFront(element)
	return e.scene
}

func (s *scenes) put(key string, sc *scene) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if element := s.entries[key]; element != nil {
		s.drop(element)
	}
	if sc.rows > keptRows {
		return
	}
	s.entries[key] = s.used.PushFront(&keptScene{key, sc, s.now().Add(keepScene)})
	for s.rows += sc.rows; s.rows > keptRows; {
		s.drop(s.used.Back())
	}
}

func (s *scenes) drop(element *lists.Element) {
	e := element.Value.(*keptScene)
	s.used.Remove(element)
	delete(s.entries, e.key)
	s.rows -= e.scene.rows
}
