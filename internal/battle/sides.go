package battle

import (
	"cmp"
	"math"
	"slices"
)

// maxNodes bounds the entities that are clustered; the rest, those with the fewest
// rows, are placed afterwards by their evidence with the others. Only padded mails
// with hundreds of unconnected attackers ever have so many.
const maxNodes = 512

// sider finds the sides of one group at a time. Its slices are kept from one group
// to the next.
type sider struct {
	t *table
	p *SideParams

	nodes    []int32 // dense entity by node
	nodeOf   []int32 // node by dense entity, or none; reset after each group
	n        int
	hostile  []float64 // n×n, symmetric: weight of the kills on which the two shot each other
	together []float64 // n×n, symmetric: weight of the kills on which they shot together
	shots    []int32   // n×n: kills of column lost to row
	joint    []int32   // n×n: kills on which both are attackers
	weight   []float64 // n×n: together − λ·hostile

	share   []float64 // by node, of the current kill
	present []int32   // nodes of the current kill

	cluster []int32 // by node
	best    []int32
	score   []float64
	order   []int32
}

// find returns the side of every node of a group, numbered from 0 without gaps.
// rows gives the dense entity of each row and value the weight of each kill.
func (s *sider) find(kills []int32, rows []int32, value func(k int32) float64) []int32 {
	s.collect(kills, rows)
	s.measure(kills, rows, value)
	s.solve()
	s.mergeCommonEnemies()
	return s.renumber()
}

// collect gives the entities of the group node numbers, by entity id, so that the
// result does not depend on the order in which they appear.
func (s *sider) collect(kills []int32, rows []int32) {
	for len(s.nodeOf) < s.t.entities.len() {
		s.nodeOf = append(s.nodeOf, none)
	}
	for _, e := range s.nodes {
		s.nodeOf[e] = none
	}
	s.nodes = s.nodes[:0]
	for _, k := range kills {
		for row := s.t.first[k]; row < s.t.first[k+1]; row++ {
			if e := rows[row]; e != none && s.nodeOf[e] == none {
				s.nodeOf[e] = 0
				s.nodes = append(s.nodes, e)
			}
		}
	}
	slices.SortFunc(s.nodes, func(a, b int32) int {
		return cmp.Compare(s.t.entities.keys[a], s.t.entities.keys[b])
	})
	for i, e := range s.nodes {
		s.nodeOf[e] = int32(i)
	}
	s.n = len(s.nodes)
}

func zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// measure fills the evidence. On a kill, an attacking entity's share is half its
// part of the damage and half its part of the rows, which keeps tackle, electronic
// warfare and logistics that only pointed. Entities that shot the same victim stand
// together by the smaller of their shares; each stands against the victim by its own.
func (s *sider) measure(kills []int32, rows []int32, value func(k int32) float64) {
	n, t := s.n, s.t
	s.hostile, s.together = zeroed(s.hostile, n*n), zeroed(s.together, n*n)
	s.shots, s.joint = zeroed(s.shots, n*n), zeroed(s.joint, n*n)
	s.share = zeroed(s.share, n)
	for _, k := range kills {
		w := value(k)
		first := t.first[k]
		damage, heads := 0.0, 0.0
		attackers := t.kills[k].Attackers
		for j := range attackers {
			if rows[first+1+int32(j)] != none {
				damage += float64(attackers[j].DamageDone)
				heads++
			}
		}
		s.present = s.present[:0]
		victim := none
		if e := rows[first]; e != none {
			victim = s.nodeOf[e]
		}
		for j := range attackers {
			e := rows[first+1+int32(j)]
			if e == none {
				continue
			}
			node := s.nodeOf[e]
			part := 1 / heads
			if damage > 0 {
				part = part/2 + float64(attackers[j].DamageDone)/damage/2
			}
			if s.share[node] == 0 {
				s.present = append(s.present, node)
			}
			s.share[node] += part
		}
		for i, a := range s.present {
			if a == victim {
				continue
			}
			if victim != none {
				s.hostile[int(a)*n+int(victim)] += w * s.share[a]
				s.hostile[int(victim)*n+int(a)] += w * s.share[a]
				s.shots[int(a)*n+int(victim)]++
			}
			for _, b := range s.present[i+1:] {
				if b == victim {
					continue
				}
				v := w * min(s.share[a], s.share[b])
				s.together[int(a)*n+int(b)] += v
				s.together[int(b)*n+int(a)] += v
				s.joint[int(a)*n+int(b)]++
				s.joint[int(b)*n+int(a)]++
			}
		}
		for _, a := range s.present {
			s.share[a] = 0
		}
	}
	s.weight = zeroed(s.weight, n*n)
	for i := range s.weight {
		s.weight[i] = s.together[i] - s.p.Lambda*s.hostile[i]
	}
}

// restarts and passes bound the local search; it nearly always stops by itself.
const (
	restarts = 4
	passes   = 30
)

// solve maximises the total weight inside clusters (correlation clustering) by local
// search from several fixed orders, and leaves the best result in s.best.
func (s *sider) solve() {
	n := s.n
	s.cluster, s.best, s.order = zeroed(s.cluster, n), zeroed(s.best, n), zeroed(s.order, n)
	s.score = zeroed(s.score, n)
	total := math.Inf(-1)
	tries := restarts
	if n < 3 {
		tries = 1
	}
	for try := range tries {
		for i := range n {
			s.cluster[i], s.order[i] = int32(i), int32(i)
		}
		shuffle(s.order, uint64(try))
		s.climb()
		s.mergePositive()
		if sum := s.inside(); sum > total+1e-9 {
			total = sum
			copy(s.best, s.cluster)
		}
	}
}

// shuffle permutes by a fixed sequence, the same in every run; seed 0 keeps the order.
func shuffle(order []int32, seed uint64) {
	if seed == 0 {
		return
	}
	x := seed * 0x9E3779B97F4A7C15
	for i := len(order) - 1; i > 0; i-- {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		j := int(x % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}

// climb moves single nodes to the cluster they gain most from until none moves.
func (s *sider) climb() {
	n := s.n
	used := make([]int32, n) // members by cluster
	for i := range n {
		used[s.cluster[i]]++
	}
	for range passes {
		moved := false
		for _, v := range s.order {
			clear(s.score)
			row := s.weight[int(v)*n : int(v+1)*n]
			for u, w := range row {
				if int32(u) != v && w != 0 {
					s.score[s.cluster[u]] += w
				}
			}
			own := s.cluster[v]
			to, gain := own, s.score[own]
			if gain < 0 { // better alone
				gain = 0
				to = own
				if used[own] > 1 {
					for c := range used {
						if used[c] == 0 {
							to = int32(c)
							break
						}
					}
				}
			}
			for c, w := range s.score {
				if used[c] > 0 && w > gain+1e-9 {
					to, gain = int32(c), w
				}
			}
			if to != own {
				used[own]--
				used[to]++
				s.cluster[v] = to
				moved = true
			}
		}
		if !moved {
			return
		}
	}
}

// between sums m between every two clusters, into a matrix over cluster numbers.
func (s *sider) between(m []float64, cluster []int32) []float64 {
	n := s.n
	sum := make([]float64, n*n)
	for i := range n {
		for j, w := range m[i*n : (i+1)*n] {
			if w != 0 && i != j {
				sum[int(cluster[i])*n+int(cluster[j])] += w
			}
		}
	}
	return sum
}

// fold moves cluster from into cluster to, in the assignment and in matrices made by
// between.
func (s *sider) fold(cluster []int32, from, to int, sums ...[]float64) {
	n := s.n
	for i := range cluster {
		if cluster[i] == int32(from) {
			cluster[i] = int32(to)
		}
	}
	for _, m := range sums {
		for j := range n {
			m[to*n+j] += m[from*n+j]
			m[from*n+j] = 0
		}
		for j := range n {
			m[j*n+to] += m[j*n+from]
			m[j*n+from] = 0
		}
		m[to*n+to] = 0
	}
}

// mergePositive merges whole clusters as long as two attract each other.
func (s *sider) mergePositive() {
	n := s.n
	sum := s.between(s.weight, s.cluster)
	for {
		from, to, most := 0, 0, 1e-9
		for i := range n {
			for j := i + 1; j < n; j++ {
				if w := sum[i*n+j]; w > most {
					from, to, most = j, i, w
				}
			}
		}
		if from == to {
			return
		}
		s.fold(s.cluster, from, to, sum)
	}
}

func (s *sider) inside() float64 {
	n, sum := s.n, 0.0
	for i := range n {
		for j := i + 1; j < n; j++ {
			if s.cluster[i] == s.cluster[j] {
				sum += s.weight[i*n+j]
			}
		}
	}
	return sum
}

// mergeCommonEnemies joins clusters that hardly shoot each other and fight the same
// others: the victims of a one-sided fight never shoot together.
func (s *sider) mergeCommonEnemies() {
	n := s.n
	h := s.between(s.hostile, s.best)
	for {
		from, to, most := 0, 0, 0.0
		for i := range n {
			ti := sumOf(h[i*n : (i+1)*n])
			if ti == 0 {
				continue
			}
			for j := i + 1; j < n; j++ {
				tj := sumOf(h[j*n : (j+1)*n])
				least := min(ti, tj)
				if tj == 0 || h[i*n+j] > s.p.CommonEnemy*least {
					continue
				}
				common := 0.0
				for z := range n {
					common += min(h[i*n+z], h[j*n+z])
				}
				if common >= s.p.EnemyOverlap*least && common > most {
					from, to, most = j, i, common
				}
			}
		}
		if from == to {
			return
		}
		s.fold(s.best, from, to, h)
	}
}

func sumOf(s []float64) float64 {
	sum := 0.0
	for _, v := range s {
		sum += v
	}
	return sum
}

// renumber makes cluster numbers dense, by first node.
func (s *sider) renumber() []int32 {
	number := filled(s.n, none)
	next := int32(0)
	for i, c := range s.best {
		if number[c] == none {
			number[c] = next
			next++
		}
		s.best[i] = number[c]
	}
	return s.best
}

// idle reports whether a node has no evidence at all: it shot at nobody else and
// nobody else shot at it.
func (s *sider) idle(v int) bool {
	for u := range s.n {
		if s.together[v*s.n+u] != 0 || s.hostile[v*s.n+u] != 0 {
			return false
		}
	}
	return true
}

// rankSides returns the place of every side by number of pilots, then smallest
// entity id: 0 is side A.
func rankSides(pilots []int, smallest []int64) []int32 {
	order := sequence(len(pilots))
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(pilots[b], pilots[a]), cmp.Compare(smallest[a], smallest[b]))
	})
	rank := make([]int32, len(order))
	for place, side := range order {
		rank[side] = int32(place)
	}
	return rank
}

// letter names the sides A to Z, then AA, AB and so on.
func letter(side int) string {
	if side < 26 {
		return string(rune('A' + side))
	}
	return letter(side/26-1) + letter(side%26)
}

// compareSides orders side ids: A to Z, AA and so on, Unassigned last.
func compareSides(a, b string) int {
	rank := func(id string) int {
		if id == Unassigned {
			return math.MaxInt
		}
		return len(id)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}
