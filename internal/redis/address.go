package redis

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"github.com/battlescope/battlescope/internal/fault"
)

const (
	dialTime = time.Second // to connect and to log in, unless somebody is more patient
	// deadAfter is how long an idle connection may leave a ping without an answer.
	deadAfter = 2 * time.Second
	// bufferSize is for each direction of a connection; the library's half a mebibyte
	// is meant for bulk work.
	bufferSize = 64 << 10
)

// forms is the hint for an address that cannot be used.
const forms = "write redis://[user:password@]host[:6379][/database], rediss://… with TLS, or unix:///path/to/redis.sock[?db=database]"

// Address says where a Redis server is and how to log in there.
type Address struct {
	name   string
	option rueidis.ClientOption
}

// Parse reads an address: redis://[[user]:password@]host[:port][/database], the same
// with rediss:// for TLS, or unix://[[user]:password@]/path[?db=database].
func Parse(text string) (Address, error) {
	u, err := url.Parse(text)
	if err != nil { // which quotes the text, and with it the password
		return Address{}, fault.New("address of Redis: cannot be read as a URL", forms+"; special characters of a password are written as %XX")
	}
	a := Address{option: rueidis.ClientOption{
		Dialer:             net.Dialer{Timeout: dialTime, KeepAlive: time.Second},
		ConnWriteTimeout:   deadAfter,
		ReadBufferEachConn: bufferSize, WriteBufferEachConn: bufferSize,
		PipelineMultiplex: -1,                           // one connection
		ClientName:        "battlescope",                // in CLIENT LIST
		ClientSetInfo:     rueidis.DisableClientSetInfo, // a command of 7.2
		DisableCache:      true,                         // of keys, on our side
		DisableRetry:      true,                         // whoever asks has no time for that
		ForceSingleClient: true,
	}}
	database := ""
	switch u.Scheme {
	case "redis", "rediss":
		database, err = a.network(u)
	case "unix":
		database, err = a.socket(u)
	default:
		err = fmt.Errorf("unknown scheme %q", u.Scheme)
	}
	if err == nil && database != "" {
		if a.option.SelectDB, err = strconv.Atoi(database); err != nil || a.option.SelectDB < 0 {
			err = fmt.Errorf("%q is no number of a database", database)
		}
	}
	if err != nil {
		return Address{}, fault.Wrap(err, "address of Redis", forms)
	}
	if u.User != nil {
		a.option.Username = u.User.Username()
		a.option.Password, _ = u.User.Password()
	}
	return a, nil
}

// network takes host and port, and returns the database.
func (a *Address) network(u *url.URL) (database string, err error) {
	switch {
	case u.Hostname() == "":
		return "", fmt.Errorf("no host behind %s://", u.Scheme)
	case u.RawQuery != "":
		return "", fmt.Errorf("unknown parameters behind the question mark")
	}
	port := u.Port()
	if port == "" {
		port = "6379"
	}
	host := net.JoinHostPort(u.Hostname(), port)
	a.option.InitAddress = []string{host}
	if u.Scheme == "rediss" {
		a.option.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, ServerName: u.Hostname()}
	}
	a.name = u.Scheme + "://" + host + strings.TrimSuffix(u.Path, "/")
	return strings.Trim(u.Path, "/"), nil
}

// socket takes the path of a unix socket, and returns the database.
func (a *Address) socket(u *url.URL) (database string, err error) {
	query := u.Query()
	database = query.Get("db")
	query.Del("db")
	switch {
	case u.Host != "" || u.Path == "":
		return "", fmt.Errorf("no path of a socket, such as unix:///run/redis.sock")
	case len(query) > 0:
		return "", fmt.Errorf("unknown parameters behind the question mark, there is db")
	}
	a.option.InitAddress = []string{u.Path}
	a.option.DialCtxFn = func(ctx context.Context, path string, d *net.Dialer, _ *tls.Config) (net.Conn, error) {
		return d.DialContext(ctx, "unix", path)
	}
	a.name = "unix://" + u.Path
	return database, nil
}

// Patient returns the address for who waits that long: no connection is given up before.
func (a Address) Patient(patience time.Duration) Address {
	a.option.Dialer.Timeout = max(dialTime, patience)
	a.option.ConnWriteTimeout = max(deadAfter, patience)
	return a
}

// String is the address without user and password.
func (a Address) String() string { return a.name }

// Dial returns a client. It connects by itself again whenever it is used after its
// connection was lost, so it is of use, and has to be closed, beside an error too.
func (a Address) Dial() (rueidis.Client, error) { return rueidis.NewClient(a.option) }
