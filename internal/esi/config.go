package esi

import (
	"net/url"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
)

// Config holds every limit of the client. DefaultConfig gives polite values; only
// Contact has none.
type Config struct {
	BaseURL           string
	UserAgent         string
	Contact           string        // how CCP reaches whoever runs this
	CompatibilityDate string        // of the API, YYYY-MM-DD
	MaxRate           float64       // requests per second at most
	Share             float64       // of ESI's budgets that is used at most, up to 1
	Timeout           time.Duration // for one request
	MaxBytes          int64         // of one response
	Tries             int           // for a request that fails for a passing reason
	ErrorReserve      int           // errors left in the minute below which the client waits for the next
	MaxWait           time.Duration // the longest wait a response may ask for
	BreakAfter        int           // failures in a row after which ESI counts as away
	BreakFor          time.Duration // how long it is then left alone
}

// DefaultConfig is the configuration for the public API, without a Contact.
func DefaultConfig() Config {
	return Config{
		BaseURL: "https://esi.evetech.net", UserAgent: "BattleScope", CompatibilityDate: "2026-07-21",
		MaxRate: 10, Share: 0.95, Timeout: 20 * time.Second, MaxBytes: 32 << 20, Tries: 3, ErrorReserve: 20, MaxWait: 15 * time.Minute,
		BreakAfter: 5, BreakFor: time.Minute,
	}
}

// Validate names the first setting that cannot be used.
func (c Config) Validate() error {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fault.New("esi: "+c.BaseURL+" is no address of an API", "it looks like "+DefaultConfig().BaseURL)
	}
	if strings.TrimSpace(c.Contact) == "" {
		return fault.New("esi: contact is empty", "set it to a mail address, a web page or the name of your EVE character; CCP asks for it")
	}
	if _, err := time.Parse(time.DateOnly, c.CompatibilityDate); err != nil {
		return fault.New("esi: compatibility date "+c.CompatibilityDate+" is no date", "write YYYY-MM-DD")
	}
	if !(c.MaxRate > 0) || c.Timeout <= 0 || c.MaxBytes <= 0 || c.Tries <= 0 || c.MaxWait <= 0 || c.BreakAfter <= 0 || c.BreakFor <= 0 {
		return fault.New("esi: a limit is not positive", "leave the limits at their defaults")
	}
	if !(c.Share >= 0.1 && c.Share <= 1) {
		return fault.New("esi: share of the budgets is not from 0.1 to 1", "leave it at its default")
	}
	if c.ErrorReserve < 0 || c.ErrorReserve >= errorsAllowed {
		return fault.New("esi: reserve of errors is not from 0 to 99", "leave it at its default")
	}
	return nil
}
