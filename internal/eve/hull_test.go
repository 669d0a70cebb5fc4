package eve_test

import (
	"testing"

	"github.com/battlescope/battlescope/internal/eve"
)

func TestHullOrder(t *testing.T) {
	t.Parallel()
	classes := eve.HullClasses()
	labels := map[string]bool{}
	for i, row := range classes {
		if got := row.Class.Order(); got != i {
			t.Errorf("%s: order %d, want %d", row.Class, got, i)
		}
		if row.Label == "" || labels[row.Label] {
			t.Errorf("%s: label %q is empty or used twice", row.Class, row.Label)
		}
		labels[row.Label] = true
		if row.Class.Label() != row.Label || row.Class.IsCapital() != row.Capital {
			t.Errorf("%s: methods and list disagree", row.Class)
		}
	}
	for _, pair := range [][2]eve.HullClass{
		{eve.ClassTitan, eve.ClassSupercarrier},
		{eve.ClassDreadnought, eve.ClassCarrier},
		{eve.ClassFreighter, eve.ClassMarauder},
		{eve.ClassLogistics, eve.ClassCruiser},
		{eve.ClassInterdictor, eve.ClassDestroyer},
		{eve.ClassShuttle, eve.ClassCapsule},
		{eve.ClassCapsule, eve.ClassStructure},
		{eve.ClassStructure, eve.ClassDeployable},
		{eve.ClassDeployable, ""},
	} {
		if pair[0].Order() >= pair[1].Order() {
			t.Errorf("%q does not come before %q", pair[0], pair[1])
		}
	}
	classes[0].Label = "changed"
	if eve.ClassTitan.Label() == "changed" {
		t.Error("callers can change the list")
	}
}

func TestHullKinds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		class         eve.HullClass
		ship, capital bool
	}{
		{eve.ClassTitan, true, true},
		{eve.ClassCapitalIndustrial, true, true},
		{eve.ClassFreighter, true, false},
		{eve.ClassOtherShip, true, false},
		{eve.ClassCapsule, true, false},
		{eve.ClassStructure, false, false},
		{eve.ClassDeployable, false, false},
		{"", false, false},
	}
	for _, tt := range tests {
		if tt.class.IsShip() != tt.ship || tt.class.IsCapital() != tt.capital {
			t.Errorf("%q: ship %v, capital %v", tt.class, tt.class.IsShip(), tt.class.IsCapital())
		}
	}
}

func TestClassOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		group, category int64
		want            eve.HullClass
	}{
		{"Rifter", 25, eve.CategoryShip, eve.ClassFrigate},
		{"Capsule", eve.GroupCapsule, eve.CategoryShip, eve.ClassCapsule},
		{"Monitor", 1972, eve.CategoryShip, eve.ClassFlagCruiser},
		{"Manticore", 834, eve.CategoryShip, eve.ClassStealthBomber},
		{"Falcon", 833, eve.CategoryShip, eve.ClassRecon},
		{"Rook", 906, eve.CategoryShip, eve.ClassRecon},
		{"Tornado", 1201, eve.CategoryShip, eve.ClassBattlecruiser},
		{"Orca", 941, eve.CategoryShip, eve.ClassMining},
		{"Crane", 1202, eve.CategoryShip, eve.ClassIndustrial},
		{"Bane", 4594, eve.CategoryShip, eve.ClassLancerDreadnought},
		{"a hull of next year", 999999, eve.CategoryShip, eve.ClassOtherShip},
		{"Keepstar", 1657, eve.CategoryStructure, eve.ClassStructure},
		{"Control Tower", 365, eve.CategoryStarbase, eve.ClassStructure},
		{"Sovereignty Hub", 1012, eve.CategorySovereignty, eve.ClassStructure},
		{"Skyhook", 4736, eve.CategoryOrbital, eve.ClassStructure},
		{"Mobile Depot", 1246, eve.CategoryDeployable, eve.ClassDeployable},
		{"Templar", 1652, eve.CategoryFighter, ""},
		{"Warrior", 100, eve.CategoryDrone, ""},
		{"a group of ships in another category", 25, eve.CategoryEntity, ""},
	}
	for _, tt := range tests {
		if got := eve.ClassOf(tt.group, tt.category); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
