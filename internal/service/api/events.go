package api

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"
)

// message is one server-sent event, written down once for all who get it.
type message struct {
	plain []byte
	pack  sync.Once
	packd []byte
}

// newMessage writes an event down. An id of 0 is left out.
func newMessage(id int64, name string, data any) (*message, error) {
	body, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", name, err)
	}
	var b bytes.Buffer
	if id > 0 {
		fmt.Fprintf(&b, "id: %d\n", id)
	}
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, body)
	return &message{plain: b.Bytes()}, nil
}

// deflaters are used again, because each takes about a megabyte.
var deflaters = sync.Pool{New: func() any { return must(flate.NewWriter(nil, flate.DefaultCompression)) }}

// packed is the message as a part of a stream in the gzip format: deflated by itself and
// ended at a byte, so that it may follow whatever came before it.
func (m *message) packed() []byte {
	m.pack.Do(func() {
		var b bytes.Buffer
		w := deflaters.Get().(*flate.Writer)
		defer deflaters.Put(w)
		w.Reset(&b)
		_, _ = w.Write(m.plain) // into memory
		_ = w.Flush()
		m.packd = b.Bytes()
	})
	return m.packd
}

var (
	gzipHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255} // deflated, no name, no time, unknown system
	gzipLast = []byte{3, 0}                                 // a last block with nothing in it
)

// eventStream sends messages to one reader, packed if the reader takes that.
type eventStream struct {
	w      io.Writer
	flush  *http.ResponseController
	packed bool
	sum    uint32 // CRC-32 and length of what was sent, as the format wants them at the end
	length uint32
}

// openStream begins an answer of events.
func openStream(w http.ResponseWriter, r *http.Request) (*eventStream, error) {
	e := &eventStream{w: w, flush: http.NewResponseController(w), packed: takes(r, "gzip")}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if e.packed {
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.WriteHeader(http.StatusOK)
	if !e.packed {
		return e, e.flush.Flush()
	}
	return e, e.write(gzipHead)
}

func (e *eventStream) send(m *message) error {
	if !e.packed {
		return e.write(m.plain)
	}
	e.sum = crc32.Update(e.sum, crc32.IEEETable, m.plain)
	e.length += uint32(len(m.plain)) // the format wants it modulo 2³²
	return e.write(m.packed())
}

// close ends the stream in order.
func (e *eventStream) close() {
	if e.packed {
		end := binary.LittleEndian.AppendUint32(slices.Clone(gzipLast), e.sum)
		_ = e.write(binary.LittleEndian.AppendUint32(end, e.length)) // the reader may be gone
	}
}

func (e *eventStream) write(b []byte) error {
	// A reader that does not read must not hold the process.
	if err := e.flush.SetWriteDeadline(time.Now().Add(sse.WriteTimeout)); err != nil {
		return fmt.Errorf("deadline of a stream: %w", err)
	}
	if _, err := e.w.Write(b); err != nil {
		return err
	}
	return e.flush.Flush()
}

// describeEvents describes an answer of events by name and type of their data, as
// sse.Register does it.
func describeEvents(a huma.API, types map[string]any) map[string]*huma.Response {
	var events []*huma.Schema
	for name, v := range types {
		events = append(events, &huma.Schema{
			Title: "Event " + name, Type: huma.TypeObject, Required: []string{"data", "event"},
			Properties: map[string]*huma.Schema{
				"id":    {Type: huma.TypeInteger, Description: "The event ID."},
				"event": {Type: huma.TypeString, Description: "The event name.", Extensions: map[string]any{"const": name}},
				"data":  a.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(v), true, name),
			},
		})
	}
	slices.SortFunc(events, func(x, y *huma.Schema) int { return strings.Compare(x.Title, y.Title) })
	schema := &huma.Schema{
		Title: "Server Sent Events", Type: huma.TypeArray,
		Description: "Each oneOf object in the array represents one possible message, serialized as UTF-8 text according to the specification of server-sent events.",
		Items:       &huma.Schema{Extensions: map[string]any{"oneOf": events}},
	}
	return map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: schema}}}}
}
