package fake

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// spent are tokens that were used at a time.
type spent struct {
	at     time.Time
	tokens int
}

// count counts an answer: errors of routes without a group, tokens of the others.
func (f *ESI) count(route esiRoute, status int) {
	if route.group == "" {
		if status >= 400 {
			f.budget(1)
		}
		return
	}
	tokens := 2
	switch {
	case status >= 500 || status == http.StatusTooManyRequests:
		return
	case status >= 400:
		tokens = 5
	case status >= 300:
		tokens = 1
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.spent == nil {
		f.spent = make(map[string][]spent)
	}
	f.spent[route.group] = append(f.spent[route.group], spent{time.Now(), tokens})
}

// used sums the tokens that a group has used in the window, and returns when the first
// of them come back.
func (f *ESI) used(route esiRoute) (tokens int, back time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := f.spent[route.group]
	for len(list) > 0 && time.Since(list[0].at) >= groupWindow {
		list = list[1:]
	}
	if f.spent != nil {
		f.spent[route.group] = list
	}
	for _, s := range list {
		tokens += s.tokens
	}
	if len(list) > 0 {
		back = list[0].at.Add(groupWindow)
	}
	return tokens, back
}

// empty is how long a group has no tokens.
func (f *ESI) empty(route esiRoute) time.Duration {
	if route.group == "" {
		return 0
	}
	tokens, back := f.used(route)
	if tokens < route.tokens {
		return 0
	}
	return time.Until(back)
}

// tell writes the headers that say what is left.
func (f *ESI) tell(h http.Header, route esiRoute) {
	if route.group == "" {
		remain, reset := f.budget(0)
		errorHeaders(h, remain, reset)
		return
	}
	tokens, _ := f.used(route)
	h.Set("X-Ratelimit-Group", route.group)
	h.Set("X-Ratelimit-Limit", fmt.Sprintf("%d/15m", route.tokens))
	h.Set("X-Ratelimit-Used", strconv.Itoa(tokens))
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(max(0, route.tokens-tokens)))
}

func errorHeaders(h http.Header, remain, reset int) {
	h.Set("X-ESI-Error-Limit-Remain", strconv.Itoa(remain))
	h.Set("X-ESI-Error-Limit-Reset", strconv.Itoa(reset))
}

// seconds rounds up, as headers need it.
func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

// budget counts errors and returns how many are left and for how many seconds.
func (f *ESI) budget(errors int) (remain, reset int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if now.Sub(f.window) >= errorWindow {
		f.window, f.errors = now, 0
	}
	f.errors += errors
	left := f.window.Add(errorWindow).Sub(now)
	return max(0, errorsAllowed-f.errors), int((left + time.Second - 1) / time.Second)
}
