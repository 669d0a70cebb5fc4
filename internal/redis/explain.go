package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/redis/rueidis"

	"github.com/battlescope/battlescope/internal/fault"
)

// hints are for what a server answers, by the first words of its answer without ERR.
var hints = []struct{ prefix, hint string }{
	{"OOM", "it has reached its maxmemory: raise that, or set maxmemory-policy to allkeys-lru; nothing is lost, answers are only not kept"},
	{"WRONGPASS", "check user and password in the address"},
	{"NOAUTH", "it wants a password: put it into the address, as in redis://:password@host"},
	{"NOPERM", "give the user the commands +@read +@write +@pubsub +@scripting +@connection, the keys ~battlescope:* and the channels &battlescope:*"},
	{"READONLY", "it is a replica: put the primary into the address"},
	{"MISCONF", "it cannot save to its disk and refuses to write: make room there, or switch saving off (save \"\"): nothing in it has to last"},
	{"LOADING", "it is starting; wait"},
	{"MASTERDOWN", "it is a replica without its primary: put the primary into the address"},
	{"max number of clients", "raise its maxclients"},
	{"DB index", "its databases are numbered from 0 to 15 unless configured otherwise"},
	{"MOVED", "Redis Cluster is not supported: use a single server, or one behind a failover address"},
	{"NOPROTO", "it is older than Redis 6: use Redis 7.0 or later, or Valkey"},
	{"unknown command", "it is no Redis 7.0 or later, or commands of it are renamed"},
}

// Explain puts the server's name and a hint to an error; nil stays nil.
func (a Address) Explain(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(plain(err), "Redis at "+a.name, hint(err))
}

// plain is an error of the network or the library in our words.
func plain(err error) error {
	switch {
	case isTimeout(err):
		return errSilent
	case errors.Is(err, io.EOF), errors.Is(err, rueidis.ErrClosing), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return errCut
	}
	return err
}

var (
	errSilent = errors.New("does not answer in time")
	errCut    = errors.New("the connection was cut")
)

func hint(err error) string {
	if reply, ok := rueidis.IsRedisErr(err); ok {
		for _, h := range hints {
			if begins(reply, h.prefix) {
				return h.hint
			}
		}
		return ""
	}
	var lookup *net.DNSError
	var certificate *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	switch {
	case errors.As(err, &lookup):
		return "check the host in the address"
	case errors.As(err, &certificate):
		return "the server's certificate is not trusted here: add its authority to those of the system, or name the file in SSL_CERT_FILE"
	case errors.As(err, &noTLS):
		return "it does not speak TLS: use redis:// instead of rediss://"
	case errors.Is(err, os.ErrNotExist):
		return "there is no such socket: is Redis running?"
	case errors.Is(err, os.ErrPermission):
		return "this user may not open the socket: see unixsocketperm of Redis"
	}
	return "is it running, can it be reached from here, and does it speak TLS if and only if the address says rediss://? " +
		"everything goes on without it, only slower"
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// unavailable tells whether an error says that the server cannot be used at all, not
// only for what was asked just now.
func unavailable(err error) bool {
	reply, ok := rueidis.IsRedisErr(err)
	if !ok {
		return true
	}
	for _, prefix := range []string{"LOADING", "NOAUTH", "WRONGPASS", "MASTERDOWN", "max number of clients"} {
		if begins(reply, prefix) {
			return true
		}
	}
	return false
}

func begins(reply *rueidis.RedisError, prefix string) bool {
	return strings.HasPrefix(strings.TrimPrefix(reply.Error(), "ERR "), prefix)
}
