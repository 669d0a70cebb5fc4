package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/redis"
)

// CheckSettings returns everything that would keep the settings from working on
// this machine. It changes nothing and asks nobody outside.
func CheckSettings(ctx context.Context, cfg ServeConfig, archives EVERef, static SDE) []error {
	var problems []error
	check := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	check(cfg.Feed.validate())
	if !cfg.NoESI {
		check(cfg.ESI.config(Version(), cfg.Contact).Validate())
	}
	check(webAddress("everef-url", archives.EVERefURL))
	check(webAddress("sde-url", static.SDEURL))
	check(checkDatabaseURL(cfg.DatabaseURL))
	check(checkRedisURL(cfg.RedisURL))
	check(checkRetention(cfg.Retention))
	check(checkLease(cfg.Lease))
	check(checkPublicURL(cfg.PublicURL))
	chosen, err := chooseServices(cfg)
	check(err)
	if cfg.embedded() {
		check(usableFolder(cfg.Data.Data))
	}
	if err != nil || slices.Contains(names(chosen), serviceAPI) {
		check(usableAddress(ctx, cfg.Listen))
	}
	return problems
}

// beforehand names the settings that services cannot run with, so that a process ends
// at once instead of waiting for its database first.
func (c ServeConfig) beforehand(chosen []service) error {
	errs := []error{checkDatabaseURL(c.DatabaseURL), checkRedisURL(c.RedisURL), checkRetention(c.Retention), checkPublicURL(c.PublicURL)}
	if !c.embedded() {
		errs = append(errs, checkLease(c.Lease))
	}
	if slices.Contains(names(chosen), serviceIngest) {
		errs = append(errs, c.Feed.validate())
	}
	if !c.NoESI {
		errs = append(errs, c.ESI.config(Version(), c.Contact).Validate())
	}
	return fault.Usage(errors.Join(errs...))
}

// errDatabaseURL does not repeat what it is about: the part that cannot be understood
// may be the password.
var errDatabaseURL = fault.New("database-url: cannot be read",
	"write it like postgres://user:password@host:5432/battlescope, with % codes for characters like / @ : # ? in the password")

// checkDatabaseURL reports whether the value of the setting can be the address of a
// database. "" is none, and fine.
func checkDatabaseURL(dsn string) error {
	if dsn == "" {
		return nil
	}
	// What is no URL is a list of keywords and values, and a URL of anything else would
	// be taken for one, with the password for a keyword.
	scheme, _, isURL := strings.Cut(dsn, "://")
	if isURL && !strings.Contains(scheme, "=") && scheme != "postgres" && scheme != "postgresql" {
		return errDatabaseURL
	}
	if _, err := pgxpool.ParseConfig(dsn); err != nil {
		return errDatabaseURL
	}
	return nil
}

// checkRedisURL reports whether the value of the setting can be the address of a
// server. "" is none, and fine.
func checkRedisURL(address string) error {
	if address == "" {
		return nil
	}
	_, err := redis.Parse(address)
	return err
}

func checkRetention(r Retention) error {
	return fault.Wrap(r.config().Validate(), "retention", "see battlescope serve --help")
}

func checkLease(ttl time.Duration) error {
	if ttl <= 0 {
		return fault.New(fmt.Sprintf("lease: %v is no time to last", ttl), "leave it out for 15s")
	}
	return nil
}

// checkPublicURL reports whether the value of the setting can be where the page is. ""
// is wherever it was asked for, and fine. The page has no place below others.
func checkPublicURL(address string) error {
	if address == "" {
		return nil
	}
	if err := webAddress("public-url", address); err != nil {
		return err
	}
	if u, err := url.Parse(address); err != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fault.New(fmt.Sprintf("public-url: %q has more than a host", address), "write it like https://battles.example.org")
	}
	return nil
}

// validate names the first setting of the feed that cannot be used.
func (f Feed) validate() error {
	if f.NoFeed {
		return nil
	}
	if _, err := newFeed(f, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	return historyConfig(f.historyURL(), f.Contact, Version()).Validate()
}

// webAddress reports whether the value of a setting is the address of something on
// the web.
func webAddress(setting, value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fault.New(fmt.Sprintf("%s: %q is no address", setting, value), "it begins with https:// or http:// and a host; leave it out for the default")
	}
	return nil
}

// usableFolder reports whether files can be put into a folder, which need not exist.
func usableFolder(dir string) error {
	existing, err := existingFolder(dir)
	if err == nil {
		err = writable(existing)
	}
	return fault.Wrap(err, "data folder "+dir, "choose a folder you may write to with --data")
}

// existingFolder returns dir, or the nearest folder above it that exists.
func existingFolder(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return "", fmt.Errorf("%s is no folder", dir)
	case err == nil:
		return dir, nil
	case !errors.Is(err, os.ErrNotExist) || dir == filepath.Dir(dir):
		return "", err
	}
	return existingFolder(filepath.Dir(dir))
}

// usableAddress reports whether the server could listen on an address. An address
// on which BattleScope is listening already is usable.
func usableAddress(ctx context.Context, address string) error {
	l, err := listen(ctx, address)
	if err == nil {
		return l.Close()
	}
	if answers(ctx, address) {
		return nil
	}
	return err
}

// localURL is where a server on this machine that listens on address is reached.
func localURL(address string) (*url.URL, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}, nil
}
