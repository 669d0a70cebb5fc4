package eval

import (
	"fmt"
	"time"
)

// evenings are the scenarios: each fills a simulation. Every label is one fight; a
// kill of strangers has a label of its own.
var evenings = []struct {
	name string
	make func(s *simulation)
}{
	{"fleet fight with strangers around", func(s *simulation) {
		s.fight("fleet", 0, 50*time.Minute, system, s.gang(1, 60), s.gang(2, 60), 135, 25)
		s.strangers(15, 0, 50*time.Minute)
	}},
	{"capital fight of 14 hours with lulls of an hour", func(s *simulation) {
		one, two := s.gang(1, 120), s.gang(2, 120)
		for wave := range 7 {
			s.fight("siege", time.Duration(wave)*2*time.Hour, time.Hour, system, one, two, 40, 40)
		}
	}},
	{"small gang, 25 minutes", func(s *simulation) {
		s.fight("gang", 0, 25*time.Minute, system, s.gang(1, 6), s.gang(2, 6), 6, 6)
		s.strangers(4, -15*time.Minute, 40*time.Minute)
	}},
	{"three gank crews in one hub", func(s *simulation) {
		for crew := range 3 {
			pilots := s.gang(int64(crew+1), 8)
			for i := range 12 {
				at := time.Duration(i)*9*time.Minute + s.between(0, 2*time.Minute)
				s.kill(fmt.Sprint("crew", crew), at, system, s.gang(0, 1)[0], s.some(pilots, 6))
			}
		}
	}},
	{"running fight over three gates", func(s *simulation) {
		one, two := s.gang(1, 12), s.gang(2, 12)
		for leg := range 3 {
			s.fight("run", time.Duration(leg)*10*time.Minute, 7*time.Minute, system+int64(leg), one, two, 8, 8)
		}
	}},
	{"60 unrelated duels", func(s *simulation) {
		for i := range 60 {
			s.kill(fmt.Sprint("duel", i), s.between(0, 3*time.Hour), system, s.gang(int64(2*i+1), 1)[0], s.gang(int64(2*i+2), 1))
		}
	}},
	{"two fights, same place and hour", func(s *simulation) {
		s.fight("one", 0, 40*time.Minute, system, s.gang(1, 15), s.gang(2, 15), 30, 10)
		s.fight("two", 5*time.Minute, 40*time.Minute, system, s.gang(3, 15), s.gang(4, 15), 30, 10)
	}},
	{"two fights, same sides, three hours apart", func(s *simulation) {
		one, two := s.gang(1, 30), s.gang(2, 30)
		s.fight("early", 0, 30*time.Minute, system, one, two, 30, 15)
		s.fight("late", 210*time.Minute, 30*time.Minute, system, one, two, 30, 15)
	}},
	{"militia evening, 40 skirmishes of 12 alliances", func(s *simulation) {
		for i := range 40 {
			a := 1 + s.r.Int64N(6)
			s.fight(fmt.Sprint("plex", i), s.between(0, 4*time.Hour), 6*time.Minute, system, s.gang(a, 4), s.gang(a+6, 4), 4, 4)
		}
	}},
	{"gankers and victims of NPC corporations", func(s *simulation) {
		for crew := range 2 {
			pilots := s.gang(0, 6)
			for i := range 10 {
				s.kill(fmt.Sprint("crew", crew), time.Duration(i)*8*time.Minute+s.between(0, time.Minute), system, s.gang(0, 1)[0], s.some(pilots, 5))
			}
		}
	}},
	{"two fleet fights in adjacent systems", func(s *simulation) {
		s.fight("here", 0, 40*time.Minute, system, s.gang(1, 40), s.gang(2, 40), 60, 20)
		s.fight("there", 0, 40*time.Minute, system+1, s.gang(3, 40), s.gang(4, 40), 60, 20)
	}},
	{"slow start, then escalation", func(s *simulation) {
		one, two := s.gang(1, 40), s.gang(2, 40)
		s.fight("war", 0, 24*time.Minute, system, one[:5], two[:5], 4, 4)
		s.fight("war", 30*time.Minute, 40*time.Minute, system, one, two, 80, 20)
		s.strangers(6, 0, 70*time.Minute)
	}},
}
