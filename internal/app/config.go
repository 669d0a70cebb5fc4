package app

import (
	"cmp"
	"net/http"
	"net/url"
	"time"

	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/service/retention"
	"github.com/battlescope/battlescope/internal/zkb"
)

// Home is where the project lives; it stands in the User-Agent of every request.
const Home = "https://github.com/battlescope/battlescope"

// Data says where the data lie: in a folder, or on a server.
type Data struct {
	Data        string `help:"Folder for the database and other files." default:"data" env:"BATTLESCOPE_DATA" type:"path" placeholder:"DIR"`
	DatabaseURL string `name:"database-url" help:"PostgreSQL server in place of a database in the folder: postgres://user:password@host/name." env:"BATTLESCOPE_DATABASE_URL" secret:"" placeholder:"URL"`
	NoMigrate   bool   `name:"no-migrate" help:"Leave the schema of the PostgreSQL database alone; battlescope migrate brings it up to date." env:"BATTLESCOPE_NO_MIGRATE"`
	MaxSize     int64  `name:"max-size" help:"Largest size of the database in MB; 0 is no limit. Beyond it nothing more is stored." default:"0" env:"BATTLESCOPE_MAX_SIZE" placeholder:"MB"`
}

// Identity is how this program introduces itself to the services it asks.
type Identity struct {
	Contact string `help:"How the operators of zKillboard and EVE reach you: mail address, web page or EVE character. Sent with every request." default:"${home}" env:"BATTLESCOPE_CONTACT"`
}

// publicFeed is R2Z2, zKillboard's feed and history.
const publicFeed = "https://r2z2.zkillboard.com"

// The kinds of feeds.
const (
	feedR2Z2   = "r2z2"
	feedRedisQ = "redisq"
)

// Feed configures the live feed.
type Feed struct {
	FeedSource    string        `name:"feed-source" help:"Kind of feed: r2z2, or redisq for a private relay of that shape." enum:"r2z2,redisq" default:"r2z2" env:"BATTLESCOPE_FEED_SOURCE" placeholder:"KIND"`
	FeedURL       string        `name:"feed-url" help:"Root of the feed." default:"https://r2z2.zkillboard.com" env:"BATTLESCOPE_FEED_URL" placeholder:"URL"`
	FeedQueueID   string        `name:"feed-queue-id" help:"Name of this reader's queue on a redisq relay." env:"BATTLESCOPE_FEED_QUEUE_ID" placeholder:"NAME"`
	FeedMaxRate   float64       `name:"feed-max-rate" help:"Requests to the feed per second, at most; 0 is 10 for r2z2 (zKillboard publishes 15) and 2 for redisq." default:"0" env:"BATTLESCOPE_FEED_MAX_RATE" placeholder:"N"`
	FeedIdle      time.Duration `name:"feed-idle" help:"Wait between two questions for a killmail that is not there yet; zKillboard asks for 6s." default:"6s" env:"BATTLESCOPE_FEED_IDLE" placeholder:"DURATION"`
	FeedMisses    int           `name:"feed-misses" help:"Such questions in a row before the feed's pointer is read again and a hole is stepped over." default:"50" env:"BATTLESCOPE_FEED_MISSES" placeholder:"N"`
	FeedKeepAlive bool          `name:"feed-keep-alive" help:"Use one connection for many requests." default:"true" negatable:"" env:"BATTLESCOPE_FEED_KEEP_ALIVE"`
	HistoryURL    string        `name:"history-url" help:"Root of the R2Z2 history, for repairs after an outage; without it the r2z2 feed's own, else zKillboard's." env:"BATTLESCOPE_HISTORY_URL" placeholder:"URL"`
	NoFeed        bool          `name:"no-feed" help:"Read no feed; serve what is stored." env:"BATTLESCOPE_NO_FEED"`
	Identity
}

// config returns the settings of the client.
func (f Feed) config(version string) zkb.Config {
	c := zkb.DefaultConfig()
	if f.FeedSource == feedRedisQ {
		c = zkb.DefaultRedisQ()
		c.QueueID = f.FeedQueueID
	}
	c.BaseURL, c.Contact, c.IdleWait = f.FeedURL, f.Contact, f.FeedIdle
	c.KeepAlive = f.FeedKeepAlive
	if f.FeedMisses != 0 {
		c.MissesBeforeRecheck = f.FeedMisses
	}
	if f.FeedMaxRate != 0 {
		c.MaxRate = f.FeedMaxRate
	}
	c.UserAgent = program(version)
	return c
}

// historyURL is where the past of the feed is found.
func (f Feed) historyURL() string {
	switch {
	case f.HistoryURL != "":
		return f.HistoryURL
	case f.FeedSource == feedRedisQ:
		return publicFeed
	}
	return f.FeedURL
}

// historyRate is how many files of a history are asked for in a second, at most.
const historyRate = 1

// historyConfig returns the settings of the client of a history.
func historyConfig(root, contact, version string) zkb.Config {
	c := zkb.DefaultConfig()
	c.BaseURL, c.Contact, c.MaxRate, c.UserAgent = root, contact, historyRate, program(version)
	return c
}

// program names this program to the services it asks.
func program(version string) string { return "BattleScope/" + version }

// ESI configures the client of CCP's API, which knows names.
type ESI struct {
	ESIURL     string  `name:"esi-url" help:"Root of CCP's API." default:"https://esi.evetech.net" env:"BATTLESCOPE_ESI_URL" placeholder:"URL"`
	ESIMaxRate float64 `name:"esi-max-rate" help:"Requests to CCP's API per second, at most." default:"10" env:"BATTLESCOPE_ESI_MAX_RATE" placeholder:"N"`
	NoESI      bool    `name:"no-esi" help:"Ask CCP's API for nothing: names stay unresolved." env:"BATTLESCOPE_NO_ESI"`
}

// config returns the settings of the client.
func (e ESI) config(version, contact string) esi.Config {
	c := esi.DefaultConfig()
	c.BaseURL, c.MaxRate, c.Contact = e.ESIURL, e.ESIMaxRate, contact
	c.UserAgent = program(version)
	return c
}

// client returns a client, nil when ESI is switched off.
func (e ESI) client(contact string, transport http.RoundTripper, now func() time.Time, options ...esi.Option) (*esi.Client, error) {
	if e.NoESI {
		return nil, nil
	}
	c, err := esi.New(e.config(Version(), contact), transport, now, options...)
	return c, fault.Usage(err)
}

// embedded tells whether the database is a file in the data folder.
func (d Data) embedded() bool { return d.DatabaseURL == "" }

// migrates tells whether a start brings the tables up to date.
func (d Data) migrates() bool { return d.embedded() || !d.NoMigrate }

// where tells a person where the data lie, without secrets.
func (d Data) where() string {
	if d.embedded() {
		return d.Data
	}
	u, err := url.Parse(d.DatabaseURL)
	if err != nil || u.Host == "" {
		return "PostgreSQL"
	}
	return "PostgreSQL at " + u.Host + u.Path
}

// Redis says where processes meet that share a database.
type Redis struct {
	RedisURL string `name:"redis-url" help:"Redis or Valkey server for live updates between processes, cache and shared rate limits: redis://:password@host:6379/0." env:"BATTLESCOPE_REDIS_URL" secret:"" placeholder:"URL"`
}

// Retention says how long killmails are kept.
type Retention struct {
	RetentionMonths       int    `name:"retention-months" help:"Whole months of killmails to keep beside the present one; 0 keeps all. Battles stay in any case." default:"0" env:"BATTLESCOPE_RETENTION_MONTHS" placeholder:"N"`
	RetentionParticipants string `name:"retention-participants" help:"What becomes of the lists of pilots of battles whose killmails are gone: ${enum}." enum:"keep,drop" default:"keep" env:"BATTLESCOPE_RETENTION_PARTICIPANTS" placeholder:"CHOICE"`
}

func (r Retention) config() retention.Config {
	return retention.Config{Months: r.RetentionMonths, Participants: cmp.Or(r.RetentionParticipants, retention.KeepParticipants)}
}

// JobsConfig configures RunTask.
type JobsConfig struct {
	Data
	Redis
	Feed
	ESI
	Retention
}

// ServeConfig configures NewServer.
type ServeConfig struct {
	ServiceConfig
	Only []string `help:"Services to run, instead of all: ${services}." env:"BATTLESCOPE_ONLY" placeholder:"NAME"`
}

// ServiceConfig configures whatever services a process runs.
type ServiceConfig struct {
	Data
	Redis
	Feed
	ESI
	Retention
	PeriodicJobs string        `name:"periodic-jobs" help:"Who starts periodic work: leader, one of the processes that run the scheduler; or external, such as cron, with battlescope job." enum:"leader,external" default:"leader" env:"BATTLESCOPE_PERIODIC_JOBS" placeholder:"WHO"`
	Listen       string        `help:"Address to serve on." default:":8080" env:"BATTLESCOPE_LISTEN" placeholder:"ADDR"`
	PublicURL    string        `name:"public-url" help:"Address of the page as readers know it, for links in pictures and texts that leave it. Give it behind a proxy; left out, it is what each request was sent to." env:"BATTLESCOPE_PUBLIC_URL" placeholder:"URL"`
	Lease        time.Duration `name:"lease" help:"How long others wait for a process that gave no sign of life before one of them takes over ingest, cluster or scheduler." default:"15s" env:"BATTLESCOPE_LEASE" placeholder:"DURATION"`
	OpsListen    string        `name:"ops-listen" help:"Address for operators: health and profiles. Empty is none." default:"127.0.0.1:9090" env:"BATTLESCOPE_OPS_LISTEN" placeholder:"ADDR"`
}

// jobs is the part that periodic tasks need.
func (c ServiceConfig) jobs() JobsConfig {
	return JobsConfig{Data: c.Data, Redis: c.Redis, Feed: c.Feed, ESI: c.ESI, Retention: c.Retention}
}
