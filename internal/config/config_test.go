package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/config"
	"github.com/battlescope/battlescope/internal/fault"
)

func sources(t *testing.T, file string, environ map[string]string) config.Sources {
	t.Helper()
	f, err := config.Parse("mine.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return config.Sources{
		File:   f,
		Lookup: func(name string) (string, bool) { v, ok := environ[name]; return v, ok },
		ReadFile: func(name string) ([]byte, error) {
			switch name {
			case "/run/secret":
				return []byte("from a file\r\n"), nil
			case "/run/empty":
				return []byte("\n"), nil
			}
			return nil, os.ErrNotExist
		},
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	setting := config.Setting{Name: "feed-url", Env: "X_FEED_URL"}
	tests := map[string]struct {
		file    string
		environ map[string]string
		want    config.Value
		found   bool
		err     string
	}{
		"nobody says anything": {file: "other: 1"},
		"file": {
			file: "# mine\n\nfeed-url: http://a", found: true,
			want: config.Value{Text: "http://a", Origin: config.SettingFile, From: "mine.yaml line 3"},
		},
		"file with underscore": {
			file: "feed_url: http://a", found: true,
			want: config.Value{Text: "http://a", Origin: config.SettingFile, From: "mine.yaml line 1"},
		},
		"environment wins over file": {
			file: "feed-url: http://a", environ: map[string]string{"X_FEED_URL": "http://b"}, found: true,
			want: config.Value{Text: "http://b", Origin: config.Environment, From: "X_FEED_URL"},
		},
		"an empty variable is a value": {
			file: "feed-url: http://a", environ: map[string]string{"X_FEED_URL": ""}, found: true,
			want: config.Value{Origin: config.Environment, From: "X_FEED_URL"},
		},
		"twin wins over file, without its line break": {
			file: "feed-url: http://a", environ: map[string]string{"X_FEED_URL_FILE": "/run/secret"}, found: true,
			want: config.Value{Text: "from a file", Origin: config.Environment, From: "X_FEED_URL_FILE"},
		},
		"both set": {
			environ: map[string]string{"X_FEED_URL": "a", "X_FEED_URL_FILE": "/run/secret"},
			err:     "X_FEED_URL and X_FEED_URL_FILE are both set",
		},
		"twin names an empty file": {environ: map[string]string{"X_FEED_URL_FILE": "/run/empty"}, err: "/run/empty, which X_FEED_URL_FILE names, is empty"},
		"twin names no file":       {environ: map[string]string{"X_FEED_URL_FILE": "/nowhere"}, err: "X_FEED_URL_FILE"},
		"list":                     {file: "feed-url: [a, b]", found: true, want: config.Value{Text: "a,b", Origin: config.SettingFile, From: "mine.yaml line 1"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, found, err := sources(t, tt.file, tt.environ).Find(setting)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) || fault.HintOf(err) == "" {
					t.Fatalf("got error %v with hint %q, want one with %q and a hint", err, fault.HintOf(err), tt.err)
				}
				return
			}
			if err != nil || found != tt.found {
				t.Fatalf("found %v, error %v", found, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"- a\n- b":                   "mine.yaml line 1: not a list of names",
		"just text":                  "mine.yaml line 1",
		"a: 1\nb:\n  c: 2":           "mine.yaml line 2: b has neither",
		"a: [[1]]":                   "mine.yaml line 1: a has a list",
		"a:":                         "mine.yaml line 1: a has no value",
		"feed-url: 1\n\nfeed_url: 2": "mine.yaml line 3: feed_url is set already in line 1",
		"a: 1\nb: \"unclosed":        "mine.yaml: line 2",
		"a: 1\n\tb: 2":               "mine.yaml: line 2",
	} {
		_, err := config.Parse("mine.yaml", []byte(file))
		if err == nil || !strings.Contains(err.Error(), want) || fault.HintOf(err) == "" {
			t.Errorf("%q: got error %v, want one with %q and a hint", file, err, want)
		}
	}
	for _, file := range []string{"", "# nothing\n", "---\n"} {
		if _, err := config.Parse("mine.yaml", []byte(file)); err != nil {
			t.Errorf("%q: got error %v", file, err)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	if _, err := config.Read(filepath.Join(t.TempDir(), "none.yaml")); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("missing file: got %v", err)
	}
	large := filepath.Join(t.TempDir(), "large.yaml")
	if err := os.WriteFile(large, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Read(large); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("large file: got %v", err)
	}
	small := filepath.Join(t.TempDir(), "small.yaml")
	if err := os.WriteFile(small, []byte("a: 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := config.Read(small)
	if err != nil {
		t.Fatal(err)
	}
	if problems := f.Unknown([]string{"a"}); len(problems) != 0 {
		t.Errorf("got %v", problems)
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	f, err := config.Parse("mine.yaml", []byte("listen: 1\nfeed_urll: 2\nzzzzzzzzzzzz: 3"))
	if err != nil {
		t.Fatal(err)
	}
	problems := f.Unknown([]string{"listen", "feed-url", "feed-idle"})
	if len(problems) != 2 {
		t.Fatalf("got %v, want two problems", problems)
	}
	if got := problems[0].Error(); !strings.Contains(got, "mine.yaml line 2") || !strings.Contains(got, "feed_urll") {
		t.Errorf("got %q", got)
	}
	if hint := fault.HintOf(problems[0]); !strings.Contains(hint, "feed-url?") {
		t.Errorf("got hint %q, want feed-url in it", hint)
	}
	if hint := fault.HintOf(problems[1]); strings.Contains(hint, "did you mean") {
		t.Errorf("got hint %q for a name like no other", hint)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"listen", "data", "feed-url", "feed-idle", "log-level"}
	for name, want := range map[string]string{
		"listn": "listen", "listen": "listen", "dat": "data", "feed-ur": "feed-url", "lisetn": "listen",
		"loglevel": "log-level", "": "", "completely-different": "", "x": "",
	} {
		if got := config.Nearest(name, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestUnknownVariables(t *testing.T) {
	t.Parallel()
	environ := []string{
		"X_LISTN=1", "X_LISTEN=:1", "X_LISTEN_FILE=/a", "OTHER=1", "X_CONFIG=/c", "X_CONFIG_FILE=/b", "X_DATE_FILE=/d", "X_QQQQQQQQQQQQQQ=",
		"X_SERVICE_HOST=10.0.0.1", "X_SERVICE_PORT_HTTP=80", "X_PORT=tcp://10.0.0.1:80", "X_PORT_80_TCP_ADDR=10.0.0.1",
	}
	got := config.UnknownVariables(environ, "X_", []string{"X_LISTEN", "X_DATA", "X_CONFIG"}, []string{"X_LISTEN", "X_DATA"})
	want := []string{
		"X_CONFIG_FILE is no setting and has no effect; did you mean X_CONFIG?",
		"X_DATE_FILE is no setting and has no effect; did you mean X_DATA_FILE?",
		"X_LISTN is no setting and has no effect; did you mean X_LISTEN?",
		"X_QQQQQQQQQQQQQQ is no setting and has no effect",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	secret := config.Setting{Name: "key", Secret: true}
	if got := secret.Shown("hunter2"); got != config.Hidden {
		t.Errorf("got %q", got)
	}
	if got := secret.Shown(""); got != "" {
		t.Errorf("nothing set: got %q", got)
	}
	if got := (config.Setting{Name: "data"}).Shown("here"); got != "here" {
		t.Errorf("got %q", got)
	}
}
