package fake

import (
	"net/http"
	"net/http/httptest"
)

// Transport calls a handler in place of the network. It works in a synctest
// bubble, where real connections would keep time from passing.
type Transport struct{ Handler http.Handler }

// RoundTrip lets the handler answer, or fails as soon as the request is given up.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.Handler.ServeHTTP(answer, r)
	}()
	select {
	case <-done:
		result := answer.Result()
		result.Request = r
		return result, r.Context().Err()
	case <-r.Context().Done():
		<-done // a handler is expected to end with its request
		return nil, r.Context().Err()
	}
}
