package riverqueue

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"riverqueue.com/riverui"
)

// UI returns River's own web page about the queue, for requests whose path begins
// with prefix. It asks nobody who they are: put it behind something that does. What
// it keeps up in the background ends with ctx.
func (q *Queue[T]) UI(ctx context.Context, prefix string) (http.Handler, error) {
	h, err := riverui.NewHandler(&riverui.HandlerOpts{
		Endpoints: riverui.NewEndpoints(q.client, nil), Logger: slog.New(warnings{q.cfg.Log.Handler()}), Prefix: prefix,
	})
	if err == nil {
		err = h.Start(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("page of the job queue: %w", err)
	}
	return h, nil
}
