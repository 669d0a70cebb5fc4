package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// bufferSize is also how far the form of a file is looked for in its content.
const bufferSize = 64 << 10

// readFile cuts one file into documents and queues them for decoding.
func (r *run) readFile(ctx context.Context, f file) error {
	defer r.opts.Progress.filesDone.Add(1)
	var in io.Reader
	if f.path == Stdin {
		if r.opts.Stdin == nil {
			return errNoStdin
		}
		in = pump(ctx, r.opts.Stdin)
	} else {
		opened, err := os.Open(f.path)
		if err != nil {
			return err
		}
		defer opened.Close()
		in = opened
	}
	body, err := decompress(&watched{ctx: ctx, in: in, progress: r.opts.Progress})
	if err != nil {
		return err
	}
	out := &sink{ctx: ctx, raws: r.raws, source: f.path, max: r.opts.MaxDocument}
	return cut(body, plainName(f.path), out)
}

// cut finds out what the content is and cuts it accordingly.
func cut(body *bufio.Reader, name string, out *sink) error {
	head, err := body.Peek(bufferSize)
	if err != nil && !errors.Is(err, io.EOF) {
		// Short of a whole buffer because the file breaks off: cut what there is.
		if len(head) == 0 {
			return err
		}
	}
	if len(head) == 0 {
		return errEmpty
	}
	if rest, ok := bytes.CutPrefix(head, []byte("\xef\xbb\xbf")); ok { // byte order mark
		head = rest
		if _, err := body.Discard(3); err != nil {
			return err
		}
	}
	switch {
	case isTar(head):
		return cutTar(body, out)
	case filepath.Ext(name) == ".tar":
		return errNotTar
	case filepath.Ext(name) == ".jsonl", filepath.Ext(name) == ".ndjson", isLines(head):
		return cutLines(body, out)
	default:
		return cutJSON(body, out)
	}
}

// isTar looks for the mark that every tar since POSIX.1-1988 carries in its first header.
func isTar(head []byte) bool {
	return len(head) >= 262 && string(head[257:262]) == "ustar"
}

// decompress unpacks gzip and bzip2 by their magic numbers, also one inside the other.
func decompress(in io.Reader) (*bufio.Reader, error) {
	for range 3 {
		buffered := bufio.NewReaderSize(&sticky{in: in}, bufferSize)
		head, err := buffered.Peek(4)
		switch {
		case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
			unzip, err := gzip.NewReader(buffered)
			if err != nil {
				return nil, err
			}
			in = unzip
		case len(head) == 4 && string(head[:3]) == "BZh" && head[3] >= '1' && head[3] <= '9':
			in = newBzip2(buffered, int(head[3]-'0'))
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		default:
			return buffered, nil
		}
	}
	return nil, fmt.Errorf("is compressed more than twice: %w", errNotJSON)
}

// watched counts the bytes of a file and ends reading when the run ends.
type watched struct {
	ctx      context.Context
	in       io.Reader
	progress *Progress
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.in.Read(p)
	w.progress.read.Add(int64(n))
	return n, err
}

// sticky keeps answering the first error. Without it a decompressor may go on
// behind a corrupt place when the buffer above asks again.
type sticky struct {
	in  io.Reader
	err error
}

func (s *sticky) Read(p []byte) (n int, err error) {
	if s.err == nil {
		n, s.err = s.in.Read(p)
	}
	return n, s.err
}

// pump reads in on a goroutine of its own, so that a read that waits for input,
// which nothing can interrupt, does not hold up a cancelled run.
func pump(ctx context.Context, in io.Reader) io.Reader {
	out, feed := io.Pipe()
	stop := context.AfterFunc(ctx, func() { _ = out.CloseWithError(context.Cause(ctx)) })
	go func() {
		defer stop()
		_, err := io.Copy(feed, in)
		feed.CloseWithError(err)
	}()
	return out
}
