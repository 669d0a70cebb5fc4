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

	nodes    []int32   // dense entity by node
	nodeOf   []int32   // node by dense entity, or none; reset before each group
	n        int       // nodes that are clustered, the first ones; see maxNodes
	rowCount []int32   // by dense entity
	hostile  []float64 // n×n, symmetric: kills on which the two shot each other, by their shares
	together []float64 // n×n, symmetric: kills on which they shot together, by the smaller share
	shots    []int32   // n×n: kills of column lost to row
	joint    []int32   // n×n: kills on which both are attackers
	weight   []float64 // n×n: together − λ·hostile
	spans    []span    // n×n, symmetric: when the two shot each other

	share   []float64 // by node, of the current kill
	present []int32   // nodes of the current kill

	cluster []int32 // by node
	best    []int32
	score   []float64 // by cluster
	used    []int32   // by cluster: members
	order   []int32
	sum     []float64 // n×n, over clusters

	bound *constraints // nil without corrections

	frontSpans  []span
	frontActive []bool
}

// find returns the side of every node of a group, numbered from 0 without gaps.
// rows gives the dense entity of each row; rulings may be nil.
func (s *sider) find(kills []int32, rows []int32, rulings *entityRulings) []int32 {
	s.collect(kills, rows)
	s.constrain(rulings)
	s.measure(kills, rows)
	s.weighDown()
	s.solve()
	s.expel()
	s.mergeCommonEnemies()
	s.enforce()
	s.renumber()
	s.placeRest(kills, rows)
	return s.best
}

// collect gives the entities of the group node numbers, by entity id, so that the
// result does not depend on the order in which they appear.
func (s *sider) collect(kills []int32, rows []int32) {
	for len(s.nodeOf) < s.t.entities.len() {
		s.nodeOf, s.rowCount = append(s.nodeOf, none), append(s.rowCount, 0)
	}
	for _, e := range s.nodes {
		s.nodeOf[e] = none
	}
	s.nodes = s.nodes[:0]
	for _, k := range kills {
		for row := s.t.first[k]; row < s.t.first[k+1]; row++ {
			e := rows[row]
			if e == none {
				continue
			}
			if s.nodeOf[e] == none {
				s.nodeOf[e], s.rowCount[e] = 0, 0
				s.nodes = append(s.nodes, e)
			}
			s.rowCount[e]++
		}
	}
	byID := func(a, b int32) int { return cmp.Compare(s.t.entities.keys[a], s.t.entities.keys[b]) }
	s.n = len(s.nodes)
	if s.n > maxNodes {
		slices.SortFunc(s.nodes, func(a, b int32) int {
			return cmp.Or(cmp.Compare(s.rowCount[b], s.rowCount[a]), byID(a, b))
		})
		s.n = maxNodes
	}
	slices.SortFunc(s.nodes[:s.n], byID)
	for i, e := range s.nodes {
		s.nodeOf[e] = int32(i)
	}
}

func zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// node returns the node of an entity if it is one that is clustered.
func (s *sider) node(entity int32) int32 {
	if entity == none || int(s.nodeOf[entity]) >= s.n {
		return none
	}
	return s.nodeOf[entity]
}

// measure fills the evidence. On a kill, an attacking entity's share is half its
// part of the damage and half its part of the rows, which keeps tackle, electronic
// warfare and logistics that only pointed. Entities that shot the same victim stand
// together by the smaller of their shares; each stands against the victim by its own.
// Every kill counts the same: a titan says no more about who stands where than the
// frigate before it, and a price that comes later moves nobody to another side.
func (s *sider) measure(kills []int32, rows []int32) {
	n, t := s.n, s.t
	s.hostile, s.together = zeroed(s.hostile, n*n), zeroed(s.together, n*n)
	s.shots, s.joint = zeroed(s.shots, n*n), zeroed(s.joint, n*n)
	s.spans = zeroed(s.spans, n*n)
	s.share = zeroed(s.share, n)
	for _, k := range kills {
		first := t.first[k]
		damage, heads := 0.0, 0.0
		attackers := t.kills[k].Attackers
		for j := range attackers {
			if s.node(rows[first+1+int32(j)]) != none {
				damage += float64(attackers[j].DamageDone)
				heads++
			}
		}
		s.present = s.present[:0]
		victim := s.node(rows[first])
		for j := range attackers {
			node := s.node(rows[first+1+int32(j)])
			if node == none {
				continue
			}
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
				s.hostile[int(a)*n+int(victim)] += s.share[a]
				s.hostile[int(victim)*n+int(a)] += s.share[a]
				s.shots[int(a)*n+int(victim)]++
				now := span{t.at[k], t.at[k], true}
				s.spans[int(a)*n+int(victim)] = s.spans[int(a)*n+int(victim)].and(now)
				s.spans[int(victim)*n+int(a)] = s.spans[int(victim)*n+int(a)].and(now)
			}
			for _, b := range s.present[i+1:] {
				if b == victim {
					continue
				}
				v := min(s.share[a], s.share[b])
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
		s.mergePositive(s.cluster, func(int) bool { return true })
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
	s.used = zeroed(s.used, n)
	used := s.used
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

// between sums m between every two clusters, into a matrix over cluster numbers
// that the next call overwrites.
func (s *sider) between(m []float64, cluster []int32) []float64 {
	n := s.n
	s.sum = zeroed(s.sum, n*n)
	sum := s.sum
	for i := range n {
		for j, w := range m[i*n : (i+1)*n] {
			if w != 0 && i != j {
				sum[int(cluster[i])*n+int(cluster[j])] += w
			}
		}
	}
	return sum
}

// fold moves cluster from into cluster to, in the assignment and in the matrix made
// by between.
func (s *sider) fold(cluster []int32, from, to int, m []float64) {
	n := s.n
	for i := range cluster {
		if cluster[i] == int32(from) {
			cluster[i] = int32(to)
		}
	}
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

// mergePositive merges whole clusters, of those it may, as long as two attract each other.
func (s *sider) mergePositive(cluster []int32, may func(c int) bool) {
	n := s.n
	sum := s.between(s.weight, cluster)
	for {
		from, to, most := 0, 0, 1e-9
		for i := range n {
			if !may(i) {
				continue
			}
			for j := i + 1; j < n; j++ {
				if w := sum[i*n+j]; w > most && may(j) {
					from, to, most = j, i, w
				}
			}
		}
		if from == to {
			return
		}
		s.fold(cluster, from, to, sum)
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

// expel takes the entities off their side that put too much of their fire on it: a
// third party that is on everybody's mails shoots together with both sides more often
// than against either. What is expelled is clustered anew among itself.
func (s *sider) expel() {
	n := s.n
	s.used = zeroed(s.used, n) // members by cluster
	s.order = s.order[:0]      // the expelled
	for v := range n {
		s.used[s.best[v]]++
	}
	for v := range n {
		own, total := 0.0, 0.0
		losses, betrayed := int32(0), int32(0) // kills: it died on, and on its own side
		for u, h := range s.hostile[v*n : (v+1)*n] {
			total += h
			losses += s.shots[u*n+v]
			if s.best[u] == s.best[v] {
				own += h
				betrayed += s.shots[v*n+u]
			}
		}
		limit := s.p.Betrayal
		if losses == 0 && betrayed >= int32(s.p.UnscathedKills) {
			limit = s.p.Unscathed // nobody shot it: its fire alone says where it stands
		}
		if own > limit*total && (s.bound == nil || !s.bound.held[v]) {
			s.order = append(s.order, int32(v))
		}
	}
	const expelled = -1 // in s.used, for a cluster of one
	free := 0
	for _, v := range s.order {
		if c := s.best[v]; s.used[c] > 1 {
			s.used[c]--
			for s.used[free] != 0 {
				free++
			}
			s.best[v] = int32(free)
		}
		s.used[s.best[v]] = expelled
	}
	s.mergePositive(s.best, func(c int) bool { return s.used[c] == expelled })
}

// mergeCommonEnemies joins clusters that hardly shoot each other and fight the same
// others: the victims of a one-sided fight never shoot together. First come the pairs
// of which at least one shot; they must have fought at the same time. The clusters
// left over that only lost are then joined whenever it was.
func (s *sider) mergeCommonEnemies() {
	h := s.between(s.hostile, s.best)
	f := s.fronts()
	for _, passive := range []bool{false, true} {
		for {
			from, to := s.commonEnemies(h, f, passive)
			if from == to {
				break
			}
			s.fold(s.best, from, to, h)
			f.fold(from, to)
		}
	}
}

// commonEnemies returns the two clusters with the most common fire, of those that
// only lost or of those of which one shot, or twice the same if there are none.
func (s *sider) commonEnemies(h []float64, f *fronts, passive bool) (from, to int) {
	n, most := s.n, 0.0
	for i := range n {
		ti := sumOf(h[i*n : (i+1)*n])
		if ti == 0 {
			continue
		}
		for j := i + 1; j < n; j++ {
			if passive == (f.active[i] || f.active[j]) || s.bound != nil && s.bound.barred(int32(i), int32(j), s.best) {
				continue
			}
			tj := sumOf(h[j*n : (j+1)*n])
			least := min(ti, tj)
			if tj == 0 || h[i*n+j] > s.p.CommonEnemy*least {
				continue
			}
			common := 0.0
			for z := range n {
				if both := min(h[i*n+z], h[j*n+z]); both > 0 && (passive || f.gap(i, j, z) <= seconds(s.p.EnemyGap)) {
					common += both
				}
			}
			if common >= s.p.EnemyOverlap*least && common > most {
				from, to, most = j, i, common
			}
		}
	}
	return from, to
}

func sumOf(s []float64) float64 {
	sum := 0.0
	for _, v := range s {
		sum += v
	}
	return sum
}

// renumber makes cluster numbers dense, by first node.
func (s *sider) renumber() {
	number := zeroed(s.used, s.n) // plus one
	next := int32(0)
	for i, c := range s.best {
		if number[c] == 0 {
			next++
			number[c] = next
		}
		s.best[i] = number[c] - 1
	}
}

// placeRest puts the entities beyond maxNodes on the side they shot with, or else
// on one that did not shoot them; a new one if every side did.
func (s *sider) placeRest(kills []int32, rows []int32) {
	sides := 0
	for _, c := range s.best {
		sides = max(sides, int(c)+1)
	}
	rest := len(s.nodes) - s.n
	if rest == 0 {
		return
	}
	votes := make([]float64, rest*sides)
	count := make([]float64, sides) // attacker rows of the current kill, by side
	for _, k := range kills {
		first, end := s.t.first[k], s.t.first[k+1]
		clear(count)
		for row := first + 1; row < end; row++ {
			if v := s.node(rows[row]); v != none {
				count[s.best[v]]++
			}
		}
		victim := s.node(rows[first])
		for row := first; row < end; row++ {
			if rows[row] == none || s.node(rows[row]) != none {
				continue
			}
			own := votes[(int(s.nodeOf[rows[row]])-s.n)*sides:][:sides]
			for c, n := range count {
				if row == first {
					own[c] -= s.p.Lambda * n
				} else {
					own[c] += n
				}
			}
			if row > first && victim != none {
				own[s.best[victim]] -= s.p.Lambda
			}
		}
	}
	for i := range rest {
		best := 0
		own := votes[i*sides:][:sides]
		for c := range own {
			if own[c] > own[best] {
				best = c
			}
		}
		if own[best] < 0 {
			best = sides
		}
		s.best = append(s.best, int32(best))
	}
}

// idle reports whether a node has no evidence at all: it shot at nobody else and
// nobody else shot at it.
func (s *sider) idle(v int) bool {
	if v >= s.n || s.bound != nil && s.bound.free[v] {
		return false
	}
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
