package eve

// EntityType says what an Entity is. The four words are also those of the HTTP API.
type EntityType string

// The kinds of entity that can stand on a side of a battle.
const (
	Character   EntityType = "character"
	Corporation EntityType = "corporation"
	Alliance    EntityType = "alliance"
	Faction     EntityType = "faction"
)

// Entity names a pilot or an organisation of New Eden. The zero Entity is nobody.
type Entity struct {
	Type EntityType
	ID   int64
}

// IsZero reports whether e is nobody.
func (e Entity) IsZero() bool { return e.ID == 0 }
