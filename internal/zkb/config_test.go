package zkb_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/zkb"
)

func TestConfigValidate(t *testing.T) {
	t.Parallel()
	if err := config().Validate(); err != nil {
		t.Fatalf("default with contact: got %v, want nil", err)
	}
	tests := []struct {
		name    string
		change  func(*zkb.Config)
		setting string
		hint    string
	}{
		{"no contact", func(c *zkb.Config) { c.Contact = "  " }, "Contact", "mail address"},
		{"contact of two lines", func(c *zkb.Config) { c.Contact = "a@b\nX: y" }, "Contact", "mail address"},
		{"no application", func(c *zkb.Config) { c.UserAgent = "" }, "UserAgent", "default"},
		{"no scheme", func(c *zkb.Config) { c.BaseURL = "r2z2.zkillboard.com" }, "BaseURL", "https://"},
		{"other scheme", func(c *zkb.Config) { c.BaseURL = "ftp://r2z2.zkillboard.com" }, "BaseURL", "https://"},
		{"no host", func(c *zkb.Config) { c.BaseURL = "https://:80/x" }, "BaseURL", "https://"},
		{"no URL", func(c *zkb.Config) { c.BaseURL = "http://%zz" }, "BaseURL", "https://"},
		{"query", func(c *zkb.Config) { c.BaseURL = "https://example.org/?a=b" }, "BaseURL", "https://"},
		{"rate 0", func(c *zkb.Config) { c.MaxRate = 0 }, "MaxRate", "15"},
		{"rate no number", func(c *zkb.Config) { c.MaxRate = math.NaN() }, "MaxRate", "15"},
		{"no idle wait", func(c *zkb.Config) { c.IdleWait = 0 }, "IdleWait", "default"},
		{"no tries", func(c *zkb.Config) { c.UndecodableTries = 0 }, "UndecodableTries", "default"},
		{"shrinking back-off", func(c *zkb.Config) { c.BackoffMax = time.Second }, "BackoffMax", "at least"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := config()
			test.change(&cfg)
			_, err := zkb.New(cfg, zkb.Deps{})
			var wrong *zkb.ConfigError
			if !errors.As(err, &wrong) {
				t.Fatalf("got %v, want a *zkb.ConfigError", err)
			}
			if wrong.Setting != test.setting || !strings.Contains(wrong.Hint(), test.hint) || !strings.Contains(wrong.Error(), test.setting) {
				t.Errorf("got %q with hint %q, want setting %s and hint %q", wrong, wrong.Hint(), test.setting, test.hint)
			}
		})
	}
}
