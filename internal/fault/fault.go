// Package fault is the error that reaches a person: what was attempted, what
// went wrong, and what to do about it.
package fault

import "errors"

// Error carries a hint for the operator or user beside the cause.
type Error struct {
	Op     string // what was attempted, naming the thing
	Remedy string // what to do; "" when there is nothing sensible to say
	Err    error  // the cause; may be nil
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Op
	}
	return e.Op + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint returns what to do about it.
func (e *Error) Hint() string { return e.Remedy }

// Wrap adds the operation and a hint to an error; nil stays nil.
func Wrap(err error, op, hint string) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Remedy: hint, Err: err}
}

// New returns an error without a cause.
func New(op, hint string) error { return &Error{Op: op, Remedy: hint} }

// HintOf returns the first hint in the tree of err, or "". Every error with a
// Hint method has one, whatever its package.
func HintOf(err error) string {
	if h, ok := err.(interface{ Hint() string }); ok && h.Hint() != "" {
		return h.Hint()
	}
	switch u := err.(type) { //nolint:errorlint // see above
	case interface{ Unwrap() error }:
		return HintOf(u.Unwrap())
	case interface{ Unwrap() []error }:
		for _, part := range u.Unwrap() {
			if hint := HintOf(part); hint != "" {
				return hint
			}
		}
	}
	return ""
}

// usage marks an error as a misuse of the command line.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }

// Usage marks an error as a usage error, for exit code 2; nil stays nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return usage{err}
}

// IsUsage reports whether Usage marked the error.
func IsUsage(err error) bool {
	var u usage
	return errors.As(err, &u)
}
