package eve

// Type is one inventory type of the static data: a hull, a structure, a module.
type Type struct {
	ID         int64
	Name       string
	GroupID    int64
	GroupName  string
	CategoryID int64
	Class      HullClass // "" for what is neither ship, structure nor deployable
	BasePrice  float64   // ISK; 0 where CCP gives none
}

// Categories of inventory types that killmails name as victims or attackers.
const (
	CategoryShip        = 6
	CategoryEntity      = 11 // NPCs
	CategoryDrone       = 18
	CategoryDeployable  = 22
	CategoryStarbase    = 23
	CategorySovereignty = 40
	CategoryOrbital     = 46
	CategoryStructure   = 65
	CategoryFighter     = 87
)
