package redis_test

import (
	"strings"
	"testing"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/redis"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"redis://cache":                             "redis://cache:6379",
		"redis://cache/":                            "redis://cache:6379",
		"redis://:geheim@cache:7000/2":              "redis://cache:7000/2",
		"redis://me:geheim%2F%40@127.0.0.1:6379":    "redis://127.0.0.1:6379",
		"redis://[::1]":                             "redis://[::1]:6379",
		"rediss://me:geheim@cache.example:6380":     "rediss://cache.example:6380",
		"unix:///run/redis.sock":                    "unix:///run/redis.sock",
		"unix://me:geheim@/run/redis.sock?db=3":     "unix:///run/redis.sock",
		"redis://geheim@cache":                      "redis://cache:6379",
		"redis://user:geheim@cache.example:6379/15": "redis://cache.example:6379/15",
	} {
		a, err := redis.Parse(text)
		if err != nil || a.String() != want {
			t.Errorf("%s: got %q, %v, want %q", text, a, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "unknown scheme",
		"cache:6379":                    "unknown scheme",
		"geheim@cache":                  "unknown scheme",
		"http://:geheim@cache":          "unknown scheme",
		"redis://":                      "no host",
		"redis://:geheim@":              "no host",
		"redis://:geheim@/run/r.sock":   "no host",
		"redis://:geheim@cache/x":       "number of a database",
		"redis://:geheim@cache/-1":      "number of a database",
		"redis://:geheim@cache/1/2":     "number of a database",
		"redis://:geheim@cache?timeout": "unknown parameters",
		"redis://:ge/heim@cache":        "cannot be read",
		"redis://:geheim@cache:port":    "cannot be read",
		"redis://:ge%heim@cache":        "cannot be read",
		"redis://:geheim\n@cache":       "cannot be read",
		"unix://:geheim@":               "no path",
		"unix://run/redis.sock":         "no path",
		"unix:///r.sock?db=x":           "number of a database",
		"unix:///r.sock?database=1":     "unknown parameters",
	} {
		_, err := redis.Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
			continue
		}
		if hint := fault.HintOf(err); !strings.Contains(hint, "redis://") {
			t.Errorf("%q: got the hint %q", text, hint)
		}
		if strings.Contains(err.Error(), "heim") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: the error is %q", text, err)
		}
	}
}
