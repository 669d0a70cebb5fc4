package sqlstore

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/battlescope/battlescope/internal/store"
)

// keyset is a place in a list: the sort key and the id of the last row shown.
// It names the order it belongs to, so that it cannot be used with another one.
type keyset struct {
	order   string
	key, id int64
}

func (k keyset) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s.%d.%d", k.order, k.key, k.id))
}

// parseKeyset reads a cursor of the named order; anything else is ErrCursor.
func parseKeyset(cursor, order string) (keyset, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return keyset{}, store.ErrCursor
	}
	parts := strings.Split(string(b), ".")
	if len(parts) != 3 || parts[0] != order {
		return keyset{}, store.ErrCursor
	}
	key, err1 := strconv.ParseInt(parts[1], 10, 64)
	id, err2 := strconv.ParseInt(parts[2], 10, 64)
	if err1 != nil || err2 != nil {
		return keyset{}, store.ErrCursor
	}
	return keyset{order, key, id}, nil
}
