package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/battlescope/battlescope/internal/fault"
)

var errCause = errors.New("disk is full")

// hinted is an error of another package that has a hint of its own.
type hinted struct{ error }

func (hinted) Hint() string { return "hint of another package" }

func TestWrap(t *testing.T) {
	t.Parallel()
	err := fault.Wrap(errCause, "open database x.db", "make room")
	if got, want := err.Error(), "open database x.db: disk is full"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !errors.Is(err, errCause) {
		t.Error("the cause is lost")
	}
	if err := fault.Wrap(nil, "op", "hint"); err != nil {
		t.Errorf("wrapping nil: got %v, want nil", err)
	}
	if got, want := fault.New("no such battle", "check the id").Error(), "no such battle"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHintOf(t *testing.T) {
	t.Parallel()
	inner := fault.Wrap(errCause, "inner", "inner hint")
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"nil", nil, ""},
		{"plain", errCause, ""},
		{"direct", inner, "inner hint"},
		{"no cause", fault.New("op", "do it"), "do it"},
		{"below a plain wrap", fmt.Errorf("outer: %w", inner), "inner hint"},
		{"outermost wins", fault.Wrap(inner, "outer", "outer hint"), "outer hint"},
		{"an empty one does not hide the inner", fault.Wrap(inner, "outer", ""), "inner hint"},
		{"below a usage error", fault.Usage(inner), "inner hint"},
		{"joined", errors.Join(errCause, inner), "inner hint"},
		{"joined behind an empty one", errors.Join(fault.Wrap(errCause, "first", ""), inner), "inner hint"},
		{"joined below an empty one", fault.Wrap(errors.Join(errCause, fmt.Errorf("x: %w", inner)), "outer", ""), "inner hint"},
		{"of another package", fmt.Errorf("x: %w", hinted{errCause}), "hint of another package"},
	} {
		if got := fault.HintOf(c.err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("parse: %w", fault.Usage(errCause))
	if !fault.IsUsage(err) || !errors.Is(err, errCause) || err.Error() != "parse: disk is full" {
		t.Errorf("got %v, want a usage error with its cause", err)
	}
	if fault.IsUsage(errCause) || fault.IsUsage(nil) || fault.Usage(nil) != nil {
		t.Error("what is no usage error passes for one")
	}
}
