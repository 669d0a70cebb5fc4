package sim

import (
	"slices"
	"strings"
	"unicode"

	"github.com/battlescope/battlescope/internal/eve"
)

// Name is what an invented entity is called.
type Name struct {
	Entity eve.Entity
	Name   string
	Ticker string // "" for characters
}

// banner is an alliance as it is called.
type banner struct{ name, ticker string }

// banners are the alliances. All names here are invented; any likeness is chance.
var banners = []banner{
	{"Ashen Meridian", "ASHM"}, {"Ledger of the Void", "L0V"}, {"Hollow Crown Accord", "HCA."}, {"Sundered Perimeter", "SUNDR"},
	{"Obsidian Tithe", "TITHE"}, {"Last Lantern Convoy", "LLC"}, {"Cobalt Uprising Front", "C0B"}, {"Perihelion Pact", "PERI"},
	{"Rust and Reverie", "R-R"}, {"Nine Gates Dominion", "9GATE"}, {"Tidewall Bloc", "TIDE"}, {"Gravewell Cartel", "GRAVW"},
	{"Iron Choir.", "CHOIR"}, {"The Quiet Armada", "HUSH"}, {"Helix Tribunal", "HELIX"}, {"Wayfarers of Vesh", "VESH"},
	{"Third Eclipse Treaty", "3CLPS"}, {"Saltstar Confederacy", "SALT."}, {"Emberline Coalition Remnant", "EMBR"}, {"Kharon Free Drift", "KFD"},
}

var (
	corpFirst = []string{
		"Amber", "Blackglass", "Brightfall", "Cinder", "Coldwake", "Copperhead", "Deepwell", "Driftwood", "Dustlight", "Edgewater", "Faded", "Farsight",
		"Gilded", "Greyhaven", "Halcyon", "Hearthless", "Ivory", "Jagged", "Kilnfire", "Longshot", "Moonless", "Nadir", "Northbound", "Ochre",
		"Parallax", "Quicksilver", "Redshift", "Riverless", "Saffron", "Silent", "Slowburn", "Starboard", "Tallow", "Umbral", "Velvet", "Whitecap", "Zenith",
	}
	corpSecond = []string{
		"Apparatus", "Assay Office", "Brigade", "Chandlers", "Circuit", "Contracting", "Cooperative", "Expeditions", "Foundry", "Freight Lines", "Garrison",
		"Heavy Industries", "Hunting Lodge", "Irregulars", "Lancers", "Logistics Bureau", "Mining Guild", "Navigators", "Ordnance", "Outriders",
		"Privateers", "Prospectors", "Reclamation", "Salvage Crew", "Survey Corps", "Tactical", "Vanguard", "Watch", "Workshop",
	}
	givenNames = []string{
		"Aldric", "Anka", "Arvo", "Beska", "Brannoc", "Cadrin", "Calla", "Corvin", "Dagny", "Darrik", "Eliska", "Emeric", "Eskil", "Fenna", "Ferran", "Galen",
		"Hanneke", "Harun", "Idris", "Ilona", "Isolde", "Jaroth", "Jovan", "Kaisa", "Kestrin", "Lazlo", "Leontes", "Liis", "Maren", "Mikkel", "Nadja", "Nerys",
		"Odalys", "Orsolo", "Oskari", "Pelle", "Petra", "Quillon", "Ragna", "Raske", "Rhosyn", "Rurik", "Sabine", "Saveli", "Sigrun", "Soren", "Tamsin", "Teodor",
		"Tirzah", "Tove", "Ulrika", "Uzoma", "Valka", "Varek", "Viggo", "Wenna", "Wystan", "Xanthe", "Yaromir", "Ysolt", "Zafir", "Zora",
	}
	starts  = []string{"Ash", "Bel", "Cor", "Dra", "Eri", "Fen", "Gor", "Hal", "Isk", "Jor", "Kel", "Lun", "Mor", "Nyx", "Oru", "Pra", "Quo", "Ras", "Syl", "Tor", "Ulv", "Vas", "Wyr"}
	middles = []string{"a", "e", "i", "o", "u", "an", "en", "il", "or", "ar", "el"}
	ends    = []string{"dan", "vek", "ris", "thor", "mir", "kar", "lin", "sha", "tov", "nara", "bel", "zon", "wyn"}
)

// surnames is how many surname can tell apart.
var surnames = len(starts) * len(middles) * len(ends)

func surname(n int) string {
	return starts[n%len(starts)] + middles[n/len(starts)%len(middles)] + ends[n/len(starts)/len(middles)%len(ends)]
}

// characterName gives the first 200,000 numbers different names that do not look
// numbered: neighbours share neither part.
func characterName(n int) string {
	n = n * 7919 % (len(givenNames) * surnames) // a prime that divides neither: every number once
	return givenNames[n%len(givenNames)] + " " + surname(n/len(givenNames))
}

// corporationName gives the first 1,073 numbers different names, whatever they are
// shifted by; later ones get a numeral.
func corporationName(n, shift int) string {
	all := len(corpFirst) * len(corpSecond)
	i := (n + shift) * 389 % all // a prime that does not divide all
	name := corpFirst[i%len(corpFirst)] + " " + corpSecond[i/len(corpFirst)]
	if round := n / all; round > 0 {
		name += " " + [...]string{"II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"}[min(round, 9)-1]
	}
	return name
}

// tickers hands out tickers of three to five characters, each once.
type tickers map[string]bool

// of makes a ticker from the letters of a name.
func (t tickers) of(name string) string {
	words := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return !unicode.IsLetter(r) })
	for length := 2; length <= 4; length++ {
		head := words[0][:min(length, len(words[0]))]
		for _, tail := range words[1:] {
			head += tail[:1]
		}
		if head = head[:min(5, len(head))]; len(head) >= 3 && t.take(head) {
			return head
		}
	}
	for n := 0; ; n++ {
		if ticker := words[0][:1] + base36(n); t.take(ticker) {
			return ticker
		}
	}
}

func (t tickers) take(ticker string) bool {
	if t[ticker] {
		return false
	}
	t[ticker] = true
	return true
}

// base36 writes n with at least two and, below 1,679,616, at most four digits.
func base36(n int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	var out []byte
	for ; n > 0 || len(out) < 2; n /= 36 {
		out = append(out, digits[n%36])
	}
	slices.Reverse(out)
	return string(out)
}
