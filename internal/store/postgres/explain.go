package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
)

// The server's codes for what went wrong, as far as we act on them.
const (
	codeSerialization     = "40001"
	codeDeadlock          = "40P01"
	codeUnique            = "23505"
	codeCheck             = "23514" // among others: no partition for a row
	codePassword          = "28P01"
	codeAuthorization     = "28000"
	codeNoDatabase        = "3D000"
	codeNoTable           = "42P01"
	codePrivilege         = "42501"
	codeReadOnly          = "25006"
	codeTooMany           = "53300"
	codeDiskFull          = "53100"
	codeStarting          = "57P03"
	classConnection       = "08"
	classOperatorStopping = "57P0"
)

// codeOf is the server's code, "" when the error is not the server's.
func codeOf(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

// line is an error on one line.
type line struct {
	text string
	err  error
}

func (l *line) Error() string { return l.text }
func (l *line) Unwrap() error { return l.err }

// explain puts an error of opening a database on one line and adds the remedy to those
// that a user can cure.
func explain(err error, cfg *pgx.ConnConfig) error {
	where := fmt.Sprintf("%s on %s", cfg.Database, net.JoinHostPort(cfg.Host, fmt.Sprint(cfg.Port)))
	if strings.HasPrefix(cfg.Host, "/") {
		where = fmt.Sprintf("%s in %s, port %d", cfg.Database, cfg.Host, cfg.Port)
	}
	text := err.Error()
	var pg *pgconn.PgError
	if connect := (*pgconn.ConnectError)(nil); errors.As(err, &connect) && errors.As(err, &pg) {
		text = pg.Message // without the list of all attempts
	} else if network := (*net.OpError)(nil); errors.As(err, &network) {
		text = network.Error() // the same
	}
	return fault.Wrap(&line{strings.Join(strings.Fields(text), " "), err}, "open database "+where+" as "+cfg.User, hint(err, cfg))
}

func hint(err error, cfg *pgx.ConnConfig) string {
	var p *problem
	if errors.As(err, &p) {
		return p.hint
	}
	switch {
	case errors.Is(err, sqlstore.ErrNewerSchema):
		return "a newer battlescope has used this database: run that version, or name another database"
	case errors.Is(err, ErrOlderSchema):
		return "run `battlescope migrate` with this version first"
	}
	switch codeOf(err) {
	case codePassword, codeAuthorization:
		return "check user and password in the database URL, and the server's pg_hba.conf"
	case codeNoDatabase:
		return fmt.Sprintf("create it (createdb --encoding UTF8 --template template0 %s), or correct the name in the database URL", cfg.Database)
	case codePrivilege:
		return fmt.Sprintf("the user needs the right to create tables: ALTER DATABASE %s OWNER TO %s, or GRANT CREATE ON SCHEMA public TO %[2]s", cfg.Database, cfg.User)
	case codeReadOnly:
		return "the database is read-only: name the primary server in the database URL"
	case codeTooMany:
		return "raise the server's max_connections, or lower pool_max_conns in the database URL of each process"
	case codeDiskFull:
		return "free some room on the server's disk"
	case codeStarting:
		return "the server is starting or stopping: try again in a moment"
	}
	return networkHint(err)
}

func networkHint(err error) string {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return "the host of the database URL is not known: check its name"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist):
		return "no server listens there: start it, or check host and port in the database URL"
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return "no answer: check host and port in the database URL, and firewalls in between"
	case strings.Contains(err.Error(), "refused TLS"):
		return "the server has no TLS: set it up, or add sslmode=disable to the database URL where the network is trusted"
	case strings.Contains(err.Error(), "certificate"), strings.Contains(err.Error(), "tls:"):
		return "check sslmode and sslrootcert in the database URL"
	}
	return ""
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// Again implements sqlstore.Dialect. Only errors after which the server has certainly
// undone everything count: when the connection is lost in the middle or at the commit,
// nobody here knows what became of it.
func (d *dialect) Again(err error, begun bool) bool {
	code := codeOf(err)
	switch {
	case code == codeSerialization, code == codeDeadlock:
		return true
	case code == codeCheck:
		d.months.forget() // somebody dropped a month; the next write makes it again
		return false
	case begun, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return false
	}
	return code == "" || strings.HasPrefix(code, classConnection) || strings.HasPrefix(code, classOperatorStopping)
}

// Conflict implements sqlstore.Dialect.
func (*dialect) Conflict(err error) bool { return codeOf(err) == codeUnique }
