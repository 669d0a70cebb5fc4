package sqlstore

import (
	"database/sql"
	"strings"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

func nullISK(v killmail.Value) sql.NullInt64 {
	return sql.NullInt64{Int64: int64(v.ISK), Valid: v.Known()}
}

// clean makes text that every engine stores: what is no UTF-8 becomes U+FFFD, and so
// does NUL.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// iskOf reads a nullable amount with its source.
func iskOf(isk sql.NullInt64, source string, pricedAt int64) killmail.Value {
	if !isk.Valid {
		return killmail.Value{}
	}
	return killmail.Value{ISK: eve.ISK(isk.Int64), Source: killmail.ValueSource(source), PricedAt: fromMillis(pricedAt)}
}
