package zkb

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// Config holds every limit of the feed. DefaultConfig gives polite values; only
// Contact has none.
type Config struct {
	BaseURL   string // root of the feed, http or https
	UserAgent string // name and version of the application
	Contact   string // how zKillboard's operators reach whoever runs this: mail address, web page or EVE character

	MaxRate  float64       // requests per second at most; published limit: 15 for each address
	Timeout  time.Duration // for one request
	MaxBytes int64         // of one uncompressed document
	// KeepAlive uses a connection for many requests, as a polite client does. A
	// simple local feed that sends header and body apart is faster without it:
	// delayed acknowledgements cost it 40 ms a request. An injected transport decides for itself.
	KeepAlive bool

	// QueueID names this reader to a relay of RedisQ's shape, which keeps a queue for
	// each; LongPoll is how long the relay may wait for a killmail, 1 to 10 seconds.
	QueueID  string
	LongPoll time.Duration

	IdleWait            time.Duration // between two requests for a number that is not there yet
	MissesBeforeRecheck int           // of those requests before the pointer is read again
	Retention           time.Duration // how long the feed keeps documents
	StallAfter          time.Duration // without a document at the tail until the feed counts as stalled

	BatchSize int           // documents handled at once while catching up
	BatchWait time.Duration // how long the first of them waits for the others

	BackoffMin       time.Duration // first wait after a failed request or a failed handler, doubled each time
	BackoffMax       time.Duration
	RateLimitMin     time.Duration // the same after 429, or what Retry-After asks if that is longer
	RateLimitMax     time.Duration
	BlockedMin       time.Duration // the same after 403
	BlockedMax       time.Duration // also the longest Retry-After that is honoured
	UndecodableTries int           // requests for a document that makes no sense before it is put aside

	HistoryTries    int           // requests for a file of the history before it is given up
	HistoryTimeout  time.Duration // for one of them
	HistoryMaxBytes int64         // of one uncompressed file of the history
}

// DefaultConfig is the configuration for the public feed, without a Contact.
func DefaultConfig() Config {
	return Config{
		BaseURL:   "https://r2z2.zkillboard.com",
		UserAgent: "BattleScope",

		MaxRate:   10,
		Timeout:   30 * time.Second,
		MaxBytes:  32 << 20,
		KeepAlive: true,

		IdleWait:            6 * time.Second,
		MissesBeforeRecheck: 50,
		Retention:           24 * time.Hour,
		StallAfter:          10 * time.Minute,

		BatchSize: 100,
		BatchWait: 500 * time.Millisecond,

		BackoffMin:       2 * time.Second,
		BackoffMax:       2 * time.Minute,
		RateLimitMin:     6 * time.Second,
		RateLimitMax:     10 * time.Minute,
		BlockedMin:       5 * time.Minute,
		BlockedMax:       time.Hour,
		UndecodableTries: 5,

		HistoryTries:    4,
		HistoryTimeout:  10 * time.Minute,
		HistoryMaxBytes: 1 << 30,
	}
}

// ConfigError names the setting that cannot be used.
type ConfigError struct {
	Setting string // field of Config
	Reason  string
	Remedy  string
}

func (e *ConfigError) Error() string { return fmt.Sprintf("feed: %s %s", e.Setting, e.Reason) }

// Hint tells the operator what to do.
func (e *ConfigError) Hint() string { return e.Remedy }

// Validate returns a *ConfigError for the first setting that cannot be used.
func (c Config) Validate() error {
	if err := c.validateURL(); err != nil {
		return err
	}
	const contactHint = "set it to a mail address, a web page or the name of your EVE character; zKillboard asks for it and blocks clients without"
	switch {
	case strings.TrimSpace(c.Contact) == "":
		return &ConfigError{"Contact", "is empty", contactHint}
	case !headerSafe(c.Contact):
		return &ConfigError{"Contact", fmt.Sprintf("%q has characters that a User-Agent cannot carry", c.Contact), contactHint}
	case strings.TrimSpace(c.UserAgent) == "" || !headerSafe(c.UserAgent):
		return &ConfigError{"UserAgent", fmt.Sprintf("%q names no application", c.UserAgent), "leave it at its default"}
	case !(c.MaxRate > 0):
		return &ConfigError{"MaxRate", fmt.Sprintf("is %g requests per second, which never asks", c.MaxRate), "10 is polite, 15 the published limit"}
	}
	for _, s := range []struct {
		setting string
		value   int64
	}{
		{"Timeout", int64(c.Timeout)}, {"MaxBytes", c.MaxBytes}, {"IdleWait", int64(c.IdleWait)},
		{"MissesBeforeRecheck", int64(c.MissesBeforeRecheck)}, {"Retention", int64(c.Retention)}, {"StallAfter", int64(c.StallAfter)},
		{"BatchSize", int64(c.BatchSize)}, {"BackoffMin", int64(c.BackoffMin)}, {"RateLimitMin", int64(c.RateLimitMin)},
		{"BlockedMin", int64(c.BlockedMin)}, {"UndecodableTries", int64(c.UndecodableTries)},
		{"HistoryTries", int64(c.HistoryTries)}, {"HistoryTimeout", int64(c.HistoryTimeout)}, {"HistoryMaxBytes", c.HistoryMaxBytes},
	} {
		if s.value <= 0 {
			return &ConfigError{s.setting, "is not positive", "leave it at its default"}
		}
	}
	for _, s := range []struct {
		setting  string
		min, max time.Duration
	}{{"BackoffMax", c.BackoffMin, c.BackoffMax}, {"RateLimitMax", c.RateLimitMin, c.RateLimitMax}, {"BlockedMax", c.BlockedMin, c.BlockedMax}} {
		if s.max < s.min {
			return &ConfigError{s.setting, fmt.Sprintf("%v is shorter than the first wait of %v", s.max, s.min), "make it at least as long"}
		}
	}
	return nil
}

func (c Config) validateURL() error {
	bad := func(reason string) error {
		return &ConfigError{"BaseURL", fmt.Sprintf("%q %s", c.BaseURL, reason), "it looks like " + DefaultConfig().BaseURL}
	}
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil:
		return bad("is no URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return bad("begins neither with http:// nor with https://")
	case u.Hostname() == "":
		return bad("names no host")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return bad("has more than host and path")
	}
	return nil
}

// headerSafe reports whether s can stand in a header field.
func headerSafe(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r > unicode.MaxLatin1 })
}
