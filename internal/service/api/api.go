// Package api is the HTTP service: the JSON API under /api/v1, the live streams,
// health, and the web page.
//
// Handlers read the store and the static data and turn rows into views; they hold
// no rules of the game. Errors are RFC 9457 problems with a hint and the id of
// the request. It must not know how anything is stored or how the page is built.
package api

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/klauspost/compress/gzhttp"
	"golang.org/x/sync/singleflight"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/store"
)

// Store is the part of the store that the API reads.
type Store interface {
	store.Killmails
	store.Battles
	store.Events
	store.Stats
	store.Feeds
	store.Rulesets
	store.IntakeStats
	store.DeadLetters
	store.Sessions
	store.Health
	store.VerifyRuns
	store.Corrections
	namer
	Enrichment(ctx context.Context, killmailID int64) (store.Enrichment, error)
	EnrichmentCounts(ctx context.Context) (map[store.EnrichmentState]store.EnrichmentCount, error)
	Cursors(ctx context.Context, prefix string) ([]store.FeedCursor, error)
}

// Deps are what the service works with.
type Deps struct {
	Store   Store
	Bus     bus.Bus
	Cache   Cache // nil: every answer is made anew
	World   *sde.Data
	Log     *slog.Logger
	Now     func() time.Time
	Page    fs.FS  // the built web page; nil when the binary has none
	NoPage  []byte // shown instead
	Version string
	// PublicURL is the address of the site as readers know it, for links in pictures and
	// texts that leave it; "" takes what each request was sent to.
	PublicURL string
	// Admin is the way in for the administrator; nil closes administration.
	Admin     *AdminLink
	Redeliver Redeliver
	Jobs      queue.Inspector // nil: there is no job queue
	JobsPage  http.Handler    // the queue's own page, for paths under JobsPagePath; nil when there is none
}

// Service serves HTTP. Make it with New, run the hub with Run, and give Handler
// to a server.
type Service struct {
	Deps
	views    views
	hub      *hub
	feeds    *battleFeeds
	mux      *http.ServeMux
	spec     huma.API
	shell    *shell // nil when the page was not built
	pictures *pictures
	scenes   *scenes
	reports  turns              // to make and to look at scenes
	flight   singleflight.Group // of answers that are made

	corrections atomic.Pointer[battle.Corrections] // as they were last read; see layer
}

// reportsAtOnce is how many custom reports and looks at battles are made at a time: each
// may hold a million rows.
const reportsAtOnce = 4

// New builds the service. Nothing runs yet.
func New(d Deps) *Service {
	s := &Service{Deps: d, views: views{world: d.World, now: d.Now}, mux: http.NewServeMux(), shell: newShell(d.Page), pictures: newPictures(), scenes: newScenes(d.Now), reports: make(turns, reportsAtOnce)}
	s.corrections.Store(&battle.Corrections{})
	s.feeds = newBattleFeeds(s, s.heartbeat, d.Log)
	s.hub = newHub(d.Store, d.Bus, s.views, s.feeds, d.Log)
	s.spec = s.register(s.mux)
	s.mux.HandleFunc("GET /livez", s.livez)
	s.mux.HandleFunc("GET /readyz", s.readyz)
	s.mux.HandleFunc("GET /auth/admin", s.claimAdmin)
	s.mux.HandleFunc("POST /auth/logout", s.logout)
	s.mux.HandleFunc(JobsPagePath+"/", s.jobsPage)
	s.mux.HandleFunc("GET /og/battles/{file}", s.battleCard)
	s.mux.HandleFunc("GET /og/reports.png", s.reportCard)
	s.mux.HandleFunc("GET /og/{file}", s.banner)
	s.mux.HandleFunc("/api/", unknownEndpoint)
	s.mux.Handle("/", s.page())
	return s
}

// Run feeds the live streams until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	signals, stop := s.Bus.Listen(bus.KillmailsStored, bus.BattlesChanged)
	defer stop()
	return s.hub.run(ctx, signals)
}

// Handler returns the whole of the service.
func (s *Service) Handler() http.Handler {
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ExceptContentTypes([]string{"text/event-stream", "image/png", "font/woff2"}))
	if err != nil {
		panic(err) // the options above are constants
	}
	return identify(logRequests(s.Log, s.Now, recovered(s.Log, secured(sameOrigin(compress(s.answering(s.mux)))))))
}

// OpenAPI returns the API description in YAML, as it is published.
func (s *Service) OpenAPI() ([]byte, error) { return s.spec.OpenAPI().YAML() }

// register puts all operations on the mux.
func (s *Service) register(mux *http.ServeMux) huma.API {
	config := huma.DefaultConfig("BattleScope", "1")
	config.Info.Description = "Battles of New Eden from killmails. Ids are numbers, ISK is a number or null when unknown, " +
		"times are RFC 3339 in UTC (EVE time), names are null until they are resolved. Lists are paged by opaque cursors."
	config.OpenAPIPath = "/api/v1/openapi"
	config.DocsPath = "" // the stock page loads scripts from elsewhere, which the content policy forbids
	config.SchemasPath = ""
	config.CreateHooks = nil // no $schema in every body
	config.Transformers = append(config.Transformers, traced)
	config.Servers = nil
	config.RejectUnknownQueryParameters = true // a mistyped filter would show everything
	a := humago.New(operations{mux}, config)
	s.registerBattles(a)
	s.registerBattleStream(a)
	s.registerCorrections(a)
	s.registerExports(a)
	s.registerReports(a)
	s.registerDamage(a)
	s.registerPresence(a)
	s.registerOperations(a)
	s.registerRelated(a)
	s.registerLinks(a)
	s.registerKillmails(a)
	s.registerStream(a)
	s.registerSystems(a)
	s.registerStats(a)
	s.registerIngestion(a)
	s.registerRulesets(a)
	s.registerDeadLetters(a)
	s.registerJobs(a)
	s.registerVerification(a)
	nullables(a.OpenAPI().Components.Schemas)
	return a
}

func unknownEndpoint(w http.ResponseWriter, r *http.Request) {
	writeProblem(w, r, http.StatusNotFound, "no such endpoint: "+r.Method+" "+r.URL.Path, "the endpoints are listed in /api/v1/openapi.json")
}

// away tells whether an error is that of a connection, not of what was asked.
func away(err error) bool {
	var network *net.OpError
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// failed turns an error into a problem, if it is none already. What is not expected is
// logged once, here, and told without its details.
func (s *Service) failed(ctx context.Context, err error, what string) error {
	p := s.explain(ctx, err, what)
	p.RequestID = requestID(ctx)
	return p
}

func (s *Service) explain(ctx context.Context, err error, what string) *Problem {
	var p *Problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, store.ErrNotFound):
		return problem(http.StatusNotFound, what+" is not known", "check the id; what was never stored or was rejected by the ruleset is not found here")
	case errors.Is(err, store.ErrCursor):
		return problem(http.StatusBadRequest, "cursor does not fit this list", "start again without cursor, and keep filters and sort unchanged from page to page")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem(http.StatusServiceUnavailable, "the request was given up", "try again")
	}
	if away(err) {
		s.Log.WarnContext(ctx, "the database is away", "what", what, "error", err, "request_id", requestID(ctx))
		return problem(http.StatusServiceUnavailable, "the database does not answer", "try again in a minute")
	}
	s.Log.ErrorContext(ctx, "request failed", "what", what, "error", err, "request_id", requestID(ctx))
	return problem(http.StatusInternalServerError, "something went wrong on our side", "try again; if it stays, report the request id")
}
