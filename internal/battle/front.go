package battle

// span is a stretch of time, in seconds of the table.
type span struct {
	from, to int32
	set      bool
}

// and returns the span that covers both.
func (s span) and(o span) span {
	switch {
	case !s.set:
		return o
	case !o.set:
		return s
	}
	return span{min(s.from, o.from), max(s.to, o.to), true}
}

// fronts says between which clusters there was fire, when, and who shot at all.
type fronts struct {
	n      int
	spans  []span // n×n
	active []bool // by cluster: shot somebody of another
}

// fronts sums up the spans of the nodes by their clusters in s.best.
func (s *sider) fronts() *fronts {
	n := s.n
	f := &fronts{n: n, spans: zeroed(s.frontSpans, n*n), active: zeroed(s.frontActive, n)}
	s.frontSpans, s.frontActive = f.spans, f.active
	for i := range n {
		for j := range n {
			a, b := int(s.best[i]), int(s.best[j])
			if s.spans[i*n+j].set && a != b {
				f.spans[a*n+b] = f.spans[a*n+b].and(s.spans[i*n+j])
			}
			if s.shots[i*n+j] > 0 && a != b {
				f.active[a] = true
			}
		}
	}
	return f
}

// gap returns the time between the fights of clusters i and j with z; negative when
// they overlap.
func (f *fronts) gap(i, j, z int) int32 {
	a, b := f.spans[i*f.n+z], f.spans[j*f.n+z]
	return max(a.from, b.from) - min(a.to, b.to)
}

// fold moves cluster from into cluster to.
func (f *fronts) fold(from, to int) {
	for z := range f.n {
		f.spans[to*f.n+z] = f.spans[to*f.n+z].and(f.spans[from*f.n+z])
		f.spans[from*f.n+z] = span{}
	}
	for z := range f.n {
		f.spans[z*f.n+to] = f.spans[z*f.n+to].and(f.spans[z*f.n+from])
		f.spans[z*f.n+from] = span{}
	}
	f.active[to] = f.active[to] || f.active[from]
}
