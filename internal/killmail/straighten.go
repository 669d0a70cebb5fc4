package killmail

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// Relays and tools between zKillboard and us rewrite documents: numbers come as
// strings or as floats, PHP writes a list with a missing first element as an object.
// straighten puts that right, so that the decoder proper stays strict and fast.

// integers and floats are the fields that hold numbers; all others are left alone.
var (
	integers = setOf("killmail_id", "killID", "solar_system_id", "moon_id", "war_id",
		"character_id", "corporation_id", "alliance_id", "faction_id", "ship_type_id", "weapon_type_id",
		"damage_taken", "damage_done", "item_type_id", "quantity_destroyed", "quantity_dropped", "singleton",
		"locationID", "points", "uploaded_at", "sequence_id", "sequence", "sequence_updated")
	floats   = setOf("security_status")
	booleans = setOf("final_blow", "npc", "solo", "awox")
)

func setOf(keys ...string) map[string]bool {
	set := make(map[string]bool, len(keys))
	for _, key := range keys {
		set[key] = true
	}
	return set
}

// straighten rewrites a document with every number where it belongs, and reports
// whether it is JSON at all. What makes no sense is left for the decoder to name.
func straighten(b []byte) ([]byte, bool) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) != nil || dec.More() {
		return nil, false
	}
	out, err := json.Marshal(straight("", value))
	return out, err == nil
}

func straight(key string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		if key == "labels" {
			return values(v)
		}
		for k, inner := range v {
			v[k] = straight(k, inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = straight("", inner)
		}
	case json.Number:
		return number(key, v.String(), value)
	case string:
		if integers[key] || floats[key] {
			return number(key, v, value)
		}
	}
	return value
}

// number is the value of a field that holds a number; a text that is none stays as it is.
func number(key, text string, asWritten any) any {
	switch {
	case text == "":
		return nil
	case booleans[key]:
		return text != "0"
	case !integers[key] && !floats[key]:
		return asWritten
	}
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return json.Number(text)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(f) > 1<<53 || math.IsNaN(f) { // beyond it, a float does not hold every integer
		return asWritten
	}
	if integers[key] {
		return int64(math.Round(f))
	}
	return f
}

// values lists the values of an object in the order of its keys, "10" behind "9".
func values(object map[string]any) []any {
	list := make([]any, 0, len(object))
	for i := 0; len(list) < len(object) && i <= 1000; i++ {
		if v, ok := object[strconv.Itoa(i)]; ok {
			list = append(list, v)
		}
	}
	return list
}
