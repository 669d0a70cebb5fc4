package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
)

// cutLines takes every line that is not blank as one document. A broken line
// costs that line alone.
func cutLines(in *bufio.Reader, out *sink) error {
	for number := 1; ; number++ {
		line, tooLarge, err := readLine(in, out.max)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		member := "line " + strconv.Itoa(number)
		var sent error
		if tooLarge {
			sent = out.putTooLarge(member, line)
		} else if line = bytes.TrimSpace(line); len(line) > 0 {
			sent = out.put(member, line)
		}
		if sent != nil {
			return sent
		}
		if err != nil { // the end of the file
			return nil //nolint:nilerr // see above
		}
	}
}

// readLine reads to the end of the line. Of a line longer than limit it returns the beginning.
func readLine(in *bufio.Reader, limit int64) (line []byte, tooLarge bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if !tooLarge {
			line = append(line, part...)
			tooLarge = int64(len(bytes.TrimRight(line, "\r\n"))) > limit
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLarge, err
		}
	}
}

// isLines reports whether content looks like JSON Lines: the first line is an
// object of its own that is no map of killmails, or it is broken and the second
// line is one.
func isLines(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 || head[0] != '{' || isMap(head) {
		return false
	}
	first, rest, more := bytes.Cut(head, []byte("\n"))
	if !more {
		return false
	}
	second, _, _ := bytes.Cut(rest, []byte("\n"))
	return json.Valid(first) || bytes.HasPrefix(second, []byte("{")) && json.Valid(second)
}
