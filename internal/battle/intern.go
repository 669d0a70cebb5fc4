package battle

// interner gives ids dense numbers in order of first use. It is an open-addressed
// hash table: a Go map costs several times as much on this path, which sees
// every attacker row of every killmail.
type interner struct {
	keys  []int64 // by dense number
	slots []int32 // dense number + 1, 0 = free; the length is a power of two
}

func newInterner(capacity int) *interner {
	size := 16
	for size < 2*capacity {
		size *= 2
	}
	return &interner{slots: make([]int32, size)}
}

// slot returns where key is, or the free slot where it belongs.
func (in *interner) slot(key int64) int {
	mask := len(in.slots) - 1
	h := uint64(key) * 0x9E3779B97F4A7C15 // Fibonacci hashing: spreads runs of ids
	i := int(h>>32) & mask
	for {
		n := in.slots[i]
		if n == 0 || in.keys[n-1] == key {
			return i
		}
		i = (i + 1) & mask
	}
}

// intern returns the dense number of key, a new one if key is new.
func (in *interner) intern(key int64) int32 {
	i := in.slot(key)
	if n := in.slots[i]; n != 0 {
		return n - 1
	}
	in.keys = append(in.keys, key)
	n := int32(len(in.keys))
	in.slots[i] = n
	if 2*len(in.keys) > len(in.slots) {
		in.grow()
	}
	return n - 1
}

func (in *interner) grow() {
	in.slots = make([]int32, 2*len(in.slots))
	for n, key := range in.keys {
		in.slots[in.slot(key)] = int32(n) + 1
	}
}

func (in *interner) len() int { return len(in.keys) }
