package battle

// bars knows which kills must not come into one group. Kills that must be together are
// one block, and what is true of one of them is true of all.
type bars struct {
	kills  []int32    // of all blocks that must be apart from another
	block  []int32    // by position in kills
	pairs  [][2]int32 // blocks
	seenIn []uint8    // by block, of the groups asked about: 1 the first, 2 the second
}

// newBars makes the bars of pairs that must be apart; nil when there are none. Pairs
// that must be together, in their order, make blocks where none of them is apart.
func newBars(apart, together [][2]int32) *bars {
	if len(apart) == 0 {
		return nil
	}
	number := make(map[int32]int32) // block by kill
	of := func(kill int32) int32 {
		n, ok := number[kill]
		if !ok {
			n = int32(len(number))
			number[kill] = n
		}
		return n
	}
	b := &bars{}
	for _, pair := range apart {
		b.pairs = append(b.pairs, [2]int32{of(pair[0]), of(pair[1])})
	}
	for _, pair := range together {
		of(pair[0])
		of(pair[1])
	}
	parent := sequence(len(number))
	root := func(n int32) int32 {
		for parent[n] != n {
			parent[n] = parent[parent[n]]
			n = parent[n]
		}
		return n
	}
	barred := func(x, y int32) bool {
		for _, p := range b.pairs {
			if u, v := root(p[0]), root(p[1]); u == x && v == y || u == y && v == x {
				return true
			}
		}
		return false
	}
	for _, pair := range together {
		if x, y := root(number[pair[0]]), root(number[pair[1]]); x != y && !barred(x, y) {
			parent[max(x, y)] = min(x, y)
		}
	}
	b.settle(number, root)
	return b
}

// settle keeps what between has to look at.
func (b *bars) settle(number map[int32]int32, root func(int32) int32) {
	b.seenIn = make([]uint8, len(number))
	apart := make([]bool, len(number))
	for i, p := range b.pairs {
		b.pairs[i] = [2]int32{root(p[0]), root(p[1])}
		apart[b.pairs[i][0]], apart[b.pairs[i][1]] = true, true
	}
	for kill, n := range number { // the order does not matter
		if block := root(n); apart[block] {
			b.kills, b.block = append(b.kills, kill), append(b.block, block)
		}
	}
}

// between reports whether a bar is between two different groups, given by their roots.
func (b *bars) between(x, y int32, find func(int32) int32) bool {
	clear(b.seenIn)
	var met uint8
	for i, kill := range b.kills {
		switch find(kill) {
		case x:
			b.seenIn[b.block[i]] |= 1
			met |= 1
		case y:
			b.seenIn[b.block[i]] |= 2
			met |= 2
		}
	}
	if met != 3 {
		return false
	}
	for _, p := range b.pairs {
		if u, v := b.seenIn[p[0]], b.seenIn[p[1]]; u&1 != 0 && v&2 != 0 || u&2 != 0 && v&1 != 0 {
			return true
		}
	}
	return false
}
