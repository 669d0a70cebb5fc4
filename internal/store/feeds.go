package store

import (
	"context"
	"time"
)

// FeedState is how a feed does.
type FeedState string

// The states of a feed.
const (
	FeedLive       FeedState = "live"
	FeedCatchingUp FeedState = "catching_up"
	FeedOffline    FeedState = "offline"
)

// FeedStatus is what ingest says of a feed, for whoever shows it.
type FeedStatus struct {
	Feed           string
	State          FeedState
	Since          time.Time // of the state
	Error          string    // why it is offline; "" otherwise
	Hint           string    // what the operator can do
	LastDocumentAt time.Time // when the newest document seen was published; zero: none yet
	UpdatedAt      time.Time
}

// Feeds keeps the status of the feeds.
type Feeds interface {
	// SetFeedStatus replaces what was said of the feed.
	SetFeedStatus(ctx context.Context, f FeedStatus) error
	// FeedStatuses lists them all by the name of the feed.
	FeedStatuses(ctx context.Context) ([]FeedStatus, error)
}
