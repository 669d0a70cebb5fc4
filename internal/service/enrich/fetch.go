package enrich

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/store"
)

const (
	// fetchWorkers is how many killmails a process fetches at a time. ESI's budget is
	// two a second for all.
	fetchWorkers = 4
	// fetchTime is how long one killmail may take, with the wait for the limits.
	fetchTime = 45 * time.Second
	// fetchClaim is how long a killmail that is worked on is nobody else's.
	fetchClaim = 10 * time.Minute
	// fetchAtOnce is how many killmails a sweep takes at a time. They must be done
	// within the claim.
	fetchAtOnce = 10
)

// Kinds are the jobs that this service works.
func Kinds() []queue.Kind {
	return []queue.Kind{{Name: store.FetchKillmail, Workers: fetchWorkers, Timeout: 2 * fetchTime}}
}

// Handlers work the jobs.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{store.FetchKillmail: s.fetchJob}
}

func (s *Service) fetchJob(ctx context.Context, w queue.Work) error {
	var args store.FetchArgs
	if err := json.Unmarshal(w.Args, &args); err != nil || args.KillmailID <= 0 {
		return fmt.Errorf("fetch killmail: %w: the arguments %s name none", queue.ErrDead, w.Args)
	}
	now := s.Now()
	e, err := s.Store.BeginEnrichment(ctx, args.KillmailID, now, now.Add(fetchClaim))
	switch {
	case errors.Is(err, store.ErrNotFound): // done and deleted since
		return nil
	case err != nil:
		return err
	case e.State == store.EnrichmentSucceeded:
		return nil
	}
	err = s.fetch(ctx, e)
	if later := (*esi.LaterError)(nil); errors.As(err, &later) {
		return &queue.LaterError{After: max(later.After, time.Second), Reason: later.Error()}
	}
	if final(err) {
		return fmt.Errorf("%w: %w", queue.ErrDead, err)
	}
	return err
}

// Sweep works a few enrichments that are due: those without a job, and those whose job
// was lost or has given up. It reports whether there may be more.
func (s *Service) Sweep(ctx context.Context) (busy bool, err error) {
	now := s.Now()
	list, err := s.Store.ClaimEnrichments(ctx, now, now.Add(fetchClaim), fetchAtOnce)
	if err != nil {
		return false, err
	}
	for i, e := range list {
		err := s.fetch(ctx, e)
		if final(err) {
			s.Log.WarnContext(ctx, "killmail cannot be completed", "error", err, "source", e.Source)
			continue
		}
		if err != nil { // ESI or the store: the others would fare no better
			return false, errors.Join(err, s.putBack(ctx, list[i+1:]))
		}
	}
	return len(list) > 0, nil
}

// putBack leaves what was claimed and not begun to whoever comes next.
func (s *Service) putBack(ctx context.Context, list []store.Enrichment) error {
	ctx, cancel := lastWords(ctx)
	defer cancel()
	now := s.Now()
	for _, e := range list {
		if err := s.Store.EndEnrichment(ctx, store.EnrichmentEnd{
			KillmailID: e.KillmailID, Revision: e.Revision, State: store.EnrichmentPending, Reason: e.Reason, Attempts: e.Attempts, Due: now,
		}, now); err != nil {
			return err
		}
	}
	return nil
}

// fetch completes an enrichment that was begun, and notes what became of it.
func (s *Service) fetch(ctx context.Context, e store.Enrichment) error {
	err := s.complete(ctx, e)
	if err != nil {
		err = fmt.Errorf("killmail %d: %w", e.KillmailID, err)
	}
	noting, cancel := lastWords(ctx)
	defer cancel()
	return errors.Join(err, s.end(noting, e, err, untried(ctx, err)))
}

// end notes what became of an enrichment. untried is one that ESI was not asked for.
func (s *Service) end(ctx context.Context, e store.Enrichment, err error, untried bool) error {
	now := s.Now()
	out := store.EnrichmentEnd{KillmailID: e.KillmailID, Revision: e.Revision, State: store.EnrichmentSucceeded, Attempts: e.Attempts + 1, Due: now}
	if err != nil {
		out.State, out.Reason, out.Due = store.EnrichmentPending, err.Error(), now.Add(retryAfter(e.Attempts))
	}
	switch {
	case err == nil:
	case untried:
		later := (*esi.LaterError)(nil)
		out.Attempts, out.Due = e.Attempts, now
		if errors.As(err, &later) {
			out.Due = now.Add(later.After)
		}
	case final(err):
		out.State, out.Due = store.EnrichmentFailed, now
	}
	return s.Store.EndEnrichment(ctx, out, now)
}

// errDocument is a document that cannot be completed with whatever killmail.
var errDocument = errors.New("the document that names it cannot be used")

// final reports whether trying again would change nothing.
func final(err error) bool { return errors.Is(err, errDocument) || esi.Final(err) }

// complete fetches what a document names and stores it.
func (s *Service) complete(ctx context.Context, e store.Enrichment) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	doc, err := killmail.DecodeDocument(e.Body)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", errDocument, err)
	case doc.Killmail != nil && doc.Killmail.ID == e.KillmailID:
		return s.Save(ctx, e.Source, e.Live, doc)
	case doc.Ref == nil || doc.Ref.ID != e.KillmailID:
		return fmt.Errorf("%w: it names another one", errDocument)
	}
	k, done, err := s.content(ctx, doc.Ref)
	if err != nil || done {
		return err
	}
	if doc, err = doc.Complete(k); err != nil {
		return fmt.Errorf("%w: %w", errDocument, err)
	}
	return s.Save(ctx, e.Source, e.Live, doc)
}

// content returns the killmail that a reference names. One that is stored already is
// not asked for, unless it is to be valued by items, which the store does not keep; done
// says that there is nothing about it to store.
func (s *Service) content(ctx context.Context, ref *killmail.Ref) (k *killmail.Killmail, done bool, err error) {
	k, err = s.Store.Killmail(ctx, ref.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return nil, false, err
	case ref.Zkb == nil:
		return nil, true, nil
	case ref.Zkb.HasValue || k.Value.Known():
		return k, false, nil
	}
	k, err = s.ESI.Killmail(ctx, ref.ID, ref.Hash)
	return k, false, err
}
