package archive

import (
	"context"
	"fmt"
)

// sampleSize is how much of a document that is too large is kept for the operator.
const sampleSize = 64 << 10

// sink takes the documents of one file.
type sink struct {
	ctx    context.Context
	raws   chan<- raw
	source string
	max    int64
}

// put queues a document. It waits while the decoders are busy and fails when the run ends.
func (s *sink) put(member string, document []byte) error {
	return s.send(raw{source: s.source, member: member, bytes: document})
}

// putTooLarge queues a document that was not read to its end.
func (s *sink) putTooLarge(member string, beginning []byte) error {
	return s.send(raw{
		source: s.source, member: member,
		bytes: beginning[:min(len(beginning), sampleSize)],
		err:   fmt.Errorf("%w of %d bytes", ErrTooLarge, s.max),
	})
}

func (s *sink) send(d raw) error {
	select {
	case s.raws <- d:
		return nil
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
}
