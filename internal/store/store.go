// Package store is the port to the database: what is kept, and what can be asked.
//
// The database is the truth. Whatever the other parts hold (bus, cache, search)
// can be lost and is found again from here. Adapters: sqlstore on SQLite (package
// sqlite). The conformance suite storetest holds every adapter to the contracts
// written at the methods.
//
// Times are UTC with millisecond precision at most. Methods return ErrNotFound,
// ErrConflict or an error with the operation in front; no adapter logs.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/queue"
)

var (
	// ErrNotFound says that no row has the id asked for.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that somebody else changed the rows on which a change was
	// planned. Nothing was written; plan again from the present state.
	ErrConflict = errors.New("changed by somebody else meanwhile")
	// ErrCursor says that a list cursor does not belong to this list and order.
	ErrCursor = errors.New("cursor does not fit this list")
)

// Intake writes what a source delivered.
type Intake interface {
	// Save writes a batch in one transaction: killmails with their participants,
	// dead letters, the feed cursor, and the work that follows (clustering,
	// events). It is idempotent on killmail_id: the ESI part of a stored killmail
	// never changes, a zkb block replaces an older one (by sequence), and only a
	// killmail that is new or whose value changed makes work. What became of the
	// documents is counted in the same transaction.
	Save(ctx context.Context, b Batch) (Saved, error)
	// Cursor returns the last sequence saved for a feed and when that was, or ErrNotFound.
	Cursor(ctx context.Context, feed string) (sequence int64, at time.Time, err error)
}

// Batch is one transaction of Intake.
type Batch struct {
	Documents   []Document
	DeadLetters []DeadLetter
	Rejected    []Rejected
	// Source names where the batch comes from, in the statistics.
	Source string
	// Feed and Cursor move the cursor of a feed; Feed "" leaves all cursors alone.
	Feed   string
	Cursor int64
	// Announce makes events for new killmails no older than AnnounceAfter, so that
	// history does not flood the readers of the live feed.
	Announce      bool
	AnnounceAfter time.Time
	// Partial are put on the list of enrichments.
	Partial []Partial
	// Jobs are queued in the same transaction.
	Jobs []queue.Job
	Now  time.Time
}

// Document is a decoded killmail with what the static data says of its place.
type Document struct {
	killmail.Document
	Space eve.Space
}

// Saved counts what became of a batch.
type Saved struct {
	New     int // stored for the first time
	Updated int // known, with a newer zkb block
	Known   int // known, nothing to change
}

// DeadLetter is a document that could not be read, with the bytes as they came.
type DeadLetter struct {
	Source    string // r2z2, or the name of a file
	Reference string // sequence number, archive member or line
	Reason    string
	Body      []byte
}

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
	SetFeedStatus(ctx context.Context, f FeedStatus) error
	FeedStatuses(ctx context.Context) ([]FeedStatus, error)
}

// Killmails answers questions about stored killmails.
type Killmails interface {
	// Killmail returns one killmail with all attackers in their order, or ErrNotFound.
	Killmail(ctx context.Context, id int64) (*killmail.Killmail, error)
	// Load returns the killmails with these ids, in no order; unknown ids are left out.
	Load(ctx context.Context, ids []int64) ([]*killmail.Killmail, error)
	// InSystem lists the ids of killmails in a system within [from, to].
	InSystem(ctx context.Context, systemID int64, from, to time.Time) ([]int64, error)
	// Between lists the ids of all killmails within [from, to].
	Between(ctx context.Context, from, to time.Time) ([]int64, error)
	// OfCharacter lists the ids of killmails a character is on within [from, to].
	OfCharacter(ctx context.Context, characterID int64, from, to time.Time) ([]int64, error)
	// Recent lists killmails, newest first.
	Recent(ctx context.Context, f KillmailFilter, p Page) ([]KillmailRow, string, error)
	// Rows returns the rows of these killmails, in no order; unknown ids are left out.
	Rows(ctx context.Context, ids []int64) ([]KillmailRow, error)
}

// KillmailFilter narrows Recent. Zero fields do not filter.
type KillmailFilter struct {
	Spaces    []eve.Space
	SystemIDs []int64
	MinISK    eve.ISK
	Since     time.Time
	Until     time.Time
}

// KillmailRow is a killmail as lists show it.
type KillmailRow struct {
	ID            int64
	Hash          string
	Time          time.Time
	SystemID      int64
	Victim        killmail.Party
	DamageTaken   int64
	AttackerCount int
	FinalBlow     killmail.Party // zero when the document names none
	Value         killmail.Value
	NPC           bool
	BattleID      int64 // 0 when in no battle
	StoredAt      time.Time
}

// Page asks for a part of a list. The zero Cursor is the beginning.
type Page struct {
	Limit  int
	Cursor string
}

// Clustering is what the cluster service works with.
type Clustering interface {
	// Unclustered lists killmails whose neighbourhood is to be recomputed, oldest
	// first by the time of the kill.
	Unclustered(ctx context.Context, limit int) ([]int64, error)
	// Known returns the stored battles that hold any of these killmails, each
	// with all its killmails and its digest.
	Known(ctx context.Context, killmailIDs []int64) ([]KnownBattle, error)
	// NewBattleIDs takes n fresh ids, ascending. Ids taken and not used are lost.
	NewBattleIDs(ctx context.Context, n int) ([]int64, error)
	// CorrectedWork returns those killmails on the list that a correction put there, each
	// with the battle in which it found them if that is gone, else 0. A battle that is
	// gone may be written again under its id: its revisions go on.
	CorrectedWork(ctx context.Context) (map[int64]int64, error)
	// Apply writes a plan in one transaction, with an event for every battle that
	// was written or removed, or returns ErrConflict when the stored battles are no
	// longer the ones in c.Basis or a killmail is not as it was considered.
	Apply(ctx context.Context, c Change) error
}

// KnownBattle is a stored battle as far as clustering needs it.
type KnownBattle struct {
	ID          int64
	Revision    int
	Digest      string
	Profile     string // parameters it was made with
	Version     int
	KillmailIDs []int64
}

// Change is the outcome of one recomputation.
type Change struct {
	// Profile is the engine's that made the battles; when it is no longer the one in
	// use, the change is refused. "" is not checked.
	Profile string
	// Layer is the state of the corrections that made them; it is checked with Profile.
	Layer int64
	// Basis are the stored battles on which the change was planned.
	Basis []KnownBattle
	// Component are all killmails that were considered: those of them that are in
	// no battle of Basis must still be in none, and their values must still be the same.
	Component []Considered
	Put       []PutBattle
	Remove    []RemoveBattle
	// Done are the killmails to take off the list of unclustered ones.
	Done []int64
	// AnnounceAfter makes events for battles that end at or after this time, and for those
	// that were corrected; zero for none.
	AnnounceAfter time.Time
	Now           time.Time
}

// Considered is a stored killmail as a change was planned on it. A value can
// change at any time: a battle made with the old one would never be mended,
// because applying it takes the killmail off the list of work.
type Considered struct {
	ID    int64
	Value killmail.Value
}

// PutBattle writes a battle whole.
type PutBattle struct {
	ID      int64
	Digest  string
	Battle  *battle.Battle
	Reason  string
	Added   int
	Removed int
	// Revived says that the battle is gone and is written again under its id.
	Revived bool
	// Places of the battle, from the static data.
	Space           eve.Space
	ConstellationID int64
	RegionID        int64
}

// RemoveBattle deletes a battle and leaves a redirect.
type RemoveBattle struct {
	ID       int64
	Redirect int64 // 0: its killmails stand alone now
	Reason   string
}

// Battles answers questions about battles.
type Battles interface {
	// Battles lists battles by the filter, in the order asked for.
	Battles(ctx context.Context, f BattleFilter, p Page) ([]BattleRow, string, error)
	// Battle returns one battle with everything, or ErrNotFound. A merged battle's
	// id answers with the battle that took its place.
	Battle(ctx context.Context, id int64) (*BattleDetail, error)
	// BattleSummary returns one battle as lists show it, following redirects.
	BattleSummary(ctx context.Context, id int64) (*BattleRow, error)
	// BattleRevision returns the number of a battle's newest revision, or ErrNotFound;
	// redirects are not followed. Whatever Battle says of it comes with a new number.
	BattleRevision(ctx context.Context, id int64) (int, error)
	// BattleOf returns the id of the battle a killmail is in, or ErrNotFound.
	BattleOf(ctx context.Context, killmailID int64) (int64, error)
	// PlaceIn says where in a battle a killmail stands, or ErrNotFound when it is not
	// among those stored of the battle.
	PlaceIn(ctx context.Context, battleID, killmailID int64) (Place, error)
}

// Place is where a killmail stands among those of its battle, by time, then id.
type Place struct {
	Side     string // of the victim
	Number   int    // from 1
	Of       int    // how many there are
	Previous int64  // killmail before it; 0 for the first
	Next     int64  // killmail after it; 0 for the last
}

// BattleOrder names a sort order of Battles.
type BattleOrder string

// The orders.
const (
	OrderStarted  BattleOrder = "started_at"
	OrderISK      BattleOrder = "isk"
	OrderKills    BattleOrder = "kills"
	OrderPilots   BattleOrder = "pilots"
	OrderDuration BattleOrder = "duration"
)

// Range bounds a number; nil ends are open.
type Range struct{ Min, Max *int64 }

// BattleFilter narrows Battles. Values within one list are alternatives, lists
// add up. Zero fields do not filter.
type BattleFilter struct {
	Kinds            []battle.Kind
	Spaces           []eve.Space
	SystemIDs        []int64
	ConstellationIDs []int64
	RegionIDs        []int64
	AllianceIDs      []int64
	CorporationIDs   []int64
	CharacterIDs     []int64
	ShipTypeIDs      []int64
	Kills            Range
	Pilots           Range
	ISK              Range // hundredths
	Duration         Range // milliseconds
	Since            time.Time
	Until            time.Time
	Order            BattleOrder
	Descending       bool
}

// BattleRow is a battle as lists show it.
type BattleRow struct {
	ID              int64
	Kind            battle.Kind
	KindRule        string
	Profile         string
	Version         int
	Space           eve.Space
	SystemIDs       []int64
	ConstellationID int64
	RegionID        int64
	Start           time.Time
	End             time.Time
	Kills           int
	ShipsLost       int
	CapsulesLost    int
	StructuresLost  int
	Pilots          int
	ISKDestroyed    eve.ISK
	ISKEstimated    eve.ISK
	UnknownValues   int
	Sides           []battle.Side // members: all
	Hulls           []battle.Hull // by number fielded
	Revision        int
	UpdatedAt       time.Time
	Corrections     int // in force; lists do not tell
	// When retention removed its killmails, and its list of pilots; zero: never.
	PrunedAt       time.Time
	PilotsPrunedAt time.Time
}

// BattleDetail is a battle with its lists.
type BattleDetail struct {
	BattleRow
	Killmails []BattleKill
	Members   []battle.Pilot
	Revisions []Revision
}

// Losses returns the killmails as the course of the battle is read from them. class
// tells the hull class of a type; what it does not know counts as a ship.
func (d *BattleDetail) Losses(class func(typeID int64) eve.HullClass) []battle.Loss {
	out := make([]battle.Loss, len(d.Killmails))
	for i := range d.Killmails {
		k := &d.Killmails[i]
		out[i] = battle.Loss{
			ID: k.ID, At: k.Time, Side: k.Side, Class: class(k.Victim.ShipTypeID),
			Victim: k.Victim, FinalBlow: k.FinalBlow, Attackers: k.AttackerCount, Value: k.Value,
		}
		if out[i].Class == "" {
			out[i].Class = eve.ClassOtherShip
		}
	}
	return out
}

// BattleKill is a killmail within a battle.
type BattleKill struct {
	KillmailRow
	Side string
	Link battle.Evidence
}

// Revision says what changed in a battle and why.
type Revision struct {
	Number  int
	At      time.Time
	Reason  string
	Added   int
	Removed int
	Kills   int
}

// Events is the log of what readers are told, in commit order.
type Events interface {
	// EventsAfter lists events with a higher number, ascending.
	EventsAfter(ctx context.Context, seq int64, limit int) ([]Event, error)
	// EventRange returns the numbers of the oldest event kept and of the newest
	// ever made; 0, 0 when there was none.
	EventRange(ctx context.Context) (oldest, newest int64, err error)
	// PruneEvents deletes events made before t. Numbers are never used again.
	PruneEvents(ctx context.Context, before time.Time) (int, error)
}

// Topic says what an event is about.
type Topic string

// The topics; they are also the event names of the HTTP streams.
const (
	TopicKillmail Topic = "killmail"
	TopicBattle   Topic = "battle"
)

// Event announces a new killmail or a changed battle.
type Event struct {
	Seq      int64
	At       time.Time
	Topic    Topic
	Subject  int64 // killmail or battle id
	Revision int   // of the battle
}

// Stats counts what is stored.
type Stats interface {
	Summary(ctx context.Context, since time.Time, live time.Time) (Summary, error)
	// RefreshStats counts anew what Summary tells without counting. The counts are
	// kept with every change and need no refreshing; this mends them when somebody
	// has changed the tables by other means. Writers wait meanwhile.
	RefreshStats(ctx context.Context) error
}

// Summary is the state of the whole store.
type Summary struct {
	Killmails      int64
	LatestKillmail time.Time // zero when there is none
	Battles        map[battle.Kind]int64
	KillmailsSince int64
	ISKSince       eve.ISK
	BattlesSince   int64
	BattlesLive    int64
	Unclustered    int64
	DeadLetters    int64
}

// Store is everything an adapter offers. Services take the parts they use.
type Store interface {
	Intake
	Cursors
	Killmails
	Clustering
	Battles
	Events
	Stats
	Feeds
	Entities
	Engine
	Corrections
	Rulesets
	IntakeStats
	DeadLetters
	Sessions
	Leases
	Marks
	Health
	Verification
	Enrichments
	Prices
	Retention
	Maintenance
	Close() error
}
