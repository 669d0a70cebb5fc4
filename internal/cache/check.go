package cache

import (
	"errors"
	"fmt"
	"time"
)

// Check says what is wrong with taking n tokens; adapters begin Take with it.
func (b Bucket) Check(n int) error {
	switch {
	case b.Size < 1 || b.Refill <= 0:
		return fmt.Errorf("take tokens: a bucket of %d that is full again after %v holds nothing", b.Size, b.Refill)
	case n < 1 || n > b.Size:
		return fmt.Errorf("take tokens: %d out of a bucket that holds %d", n, b.Size)
	}
	return nil
}

// Cost is how long it takes to refill n tokens.
func (b Bucket) Cost(n int) time.Duration {
	return time.Duration(float64(b.Refill) * float64(n) / float64(b.Size))
}

// ErrTTL says that a value was to be kept for no time.
var ErrTTL = errors.New("set: the time to live must be positive")
