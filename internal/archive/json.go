package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// cutJSON takes JSON values one after the other, without decoding them: an object
// is one document, of an array each element is one, of a map of killmails each value.
func cutJSON(in *bufio.Reader, out *sink) error {
	c := &cutter{in: in, out: out}
	for {
		first, err := c.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		head, _ := in.Peek(256)
		switch {
		case first == '[':
			err = c.array()
		case first == '{' && isMap(head):
			err = c.object()
		case first == '{':
			c.documents++
			err = c.document("document " + strconv.Itoa(c.documents))
		case c.documents == 0:
			return errNotJSON
		default:
			return c.unexpected(first)
		}
		if errors.Is(err, io.EOF) {
			return errTruncated
		}
		if err != nil {
			return err
		}
	}
}

// isMap reports whether an object is a map of killmails: empty, or its first key is a number.
func isMap(head []byte) bool {
	rest, ok := bytes.CutPrefix(head, []byte("{"))
	if !ok {
		return false
	}
	rest = bytes.TrimLeft(rest, " \t\r\n")
	if bytes.HasPrefix(rest, []byte("}")) {
		return true
	}
	key, _, ok := bytes.Cut(bytes.TrimPrefix(rest, []byte(`"`)), []byte(`"`))
	if !ok || !bytes.HasPrefix(rest, []byte(`"`)) {
		return false
	}
	_, err := strconv.ParseUint(string(key), 10, 64)
	return err == nil
}

// cutter walks over JSON text. All its methods answer io.EOF when the text ends.
type cutter struct {
	in        *bufio.Reader
	out       *sink
	documents int
}

// array takes the elements of the array that begins here.
func (c *cutter) array() error {
	if _, err := c.in.Discard(1); err != nil {
		return err
	}
	for {
		b, err := c.next()
		if err != nil {
			return err
		}
		if b == ']' {
			_, err = c.in.Discard(1)
			return err
		}
		c.documents++
		if err := c.document("document " + strconv.Itoa(c.documents)); err != nil {
			return err
		}
		if err := c.separator(']'); err != nil {
			return err
		}
	}
}

// object takes the values of the object that begins here, named by their keys.
func (c *cutter) object() error {
	if _, err := c.in.Discard(1); err != nil {
		return err
	}
	for {
		b, err := c.next()
		if err != nil {
			return err
		}
		if b == '}' {
			_, err = c.in.Discard(1)
			return err
		}
		if b != '"' {
			return c.unexpected(b)
		}
		key, _, err := c.value()
		if err != nil {
			return err
		}
		if b, err = c.next(); err != nil {
			return err
		}
		if b != ':' {
			return c.unexpected(b)
		}
		if _, err := c.in.Discard(1); err != nil {
			return err
		}
		if b, err = c.next(); err != nil {
			return err
		}
		if b == '"' && c.documents == 0 {
			return errHashes
		}
		c.documents++
		if err := c.document(string(bytes.Trim(key, `"`))); err != nil {
			return err
		}
		if err := c.separator('}'); err != nil {
			return err
		}
	}
}

// document takes the value that begins here as one document.
func (c *cutter) document(member string) error {
	value, tooLarge, err := c.value()
	if err != nil {
		return err
	}
	if tooLarge {
		return c.out.putTooLarge(member, value)
	}
	return c.out.put(member, value)
}

// separator passes a comma, or stops before the end of the list.
func (c *cutter) separator(end byte) error {
	b, err := c.next()
	if err != nil || b == end {
		return err
	}
	if b != ',' {
		return c.unexpected(b)
	}
	_, err = c.in.Discard(1)
	return err
}

// next passes white space and shows the byte that follows.
func (c *cutter) next() (byte, error) {
	for {
		b, err := c.in.ReadByte()
		if err != nil {
			return 0, err
		}
		switch b {
		case ' ', '\t', '\r', '\n':
		default:
			return b, c.in.UnreadByte()
		}
	}
}

// value reads one JSON value by its brackets and quotes; whether it is valid
// within is for the decoder to say. Of a value that is too large it returns the beginning.
func (c *cutter) value() (value []byte, tooLarge bool, err error) {
	var (
		depth            int
		quoted, escaping bool
	)
	for {
		b, err := c.in.ReadByte()
		if err != nil {
			return nil, false, err
		}
		if depth == 0 && !quoted && len(value) > 0 && bytes.IndexByte([]byte(",]} \t\r\n"), b) >= 0 {
			return value, tooLarge, c.in.UnreadByte() // after a number or a word
		}
		if tooLarge = tooLarge || int64(len(value)) >= c.out.max; !tooLarge {
			value = append(value, b)
		}
		switch {
		case escaping:
			escaping = false
		case quoted && b == '\\':
			escaping = true
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			depth++
		case b == '}' || b == ']':
			depth--
		default:
			continue
		}
		if depth < 0 {
			return nil, false, c.unexpected(b)
		}
		if depth == 0 && !quoted && !escaping {
			return value, tooLarge, nil
		}
	}
}

func (c *cutter) unexpected(b byte) error {
	return fmt.Errorf("%w: unexpected %q after %d documents", errBadSyntax, b, c.documents)
}
