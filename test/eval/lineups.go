package eval

import (
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
)

// coalition makes n pilots spread over the alliances first, first+1, …
func (s *simulation) coalition(first int64, alliances, n int) []killmail.Party {
	var out []killmail.Party
	for i := range alliances {
		out = append(out, s.gang(first+int64(i), max(1, n/alliances))...)
	}
	return out
}

// brawl lets any number of sides lose ships to each other. Of the mails, so many per
// cent carry one pilot of a side that has no business there: friend shoots friend.
func (s *simulation) brawl(kills, attackers, friendly int, sides ...[]killmail.Party) {
	for i := range kills {
		v := s.r.IntN(len(sides))
		a := (v + 1 + s.r.IntN(len(sides)-1)) % len(sides)
		shooters := s.some(sides[a], 1+s.r.IntN(attackers))
		victim := sides[v][s.r.IntN(len(sides[v]))]
		if s.r.IntN(100) < friendly {
			if friend := s.some(sides[v], 1)[0]; friend != victim {
				shooters = append(shooters, friend)
			}
		}
		s.add("fight", time.Duration(i)*15*time.Second, system, victim, shooters)
	}
}

// line-ups are fights of which the sides are known: each returns them.
var lineUps = []struct {
	name string
	make func(s *simulation) [][]killmail.Party
}{
	{"two sides of 40", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 4, 40), s.coalition(101, 4, 40)}
		s.brawl(60, 15, 0, sides...)
		return sides
	}},
	{"30 against 25 alliances", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 30, 300), s.coalition(101, 25, 250)}
		s.brawl(300, 60, 0, sides...)
		return sides
	}},
	{"two sides of 150, even damage", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 6, 150), s.coalition(101, 6, 150)}
		for i := range 200 {
			v := s.r.IntN(2)
			s.add("fight", time.Duration(i)*15*time.Second, system, sides[v][s.r.IntN(150)], s.some(sides[1-v], 30+s.r.IntN(31)))
			for j := range s.kills[i].Attackers {
				s.kills[i].Attackers[j].DamageDone = 100
			}
		}
		return sides
	}},
	{"small gang, 12 kills", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 2, 6), s.coalition(101, 2, 6)}
		s.brawl(12, 5, 0, sides...)
		return sides
	}},
	{"tiny, 4 kills", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 2, 4), s.coalition(101, 2, 4)}
		s.brawl(4, 4, 0, sides...)
		return sides
	}},
	{"one side loses everything", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 5, 25), s.coalition(101, 4, 30)}
		for i := range 25 {
			s.add("fight", time.Duration(i)*15*time.Second, system, sides[0][i], s.some(sides[1], 1+s.r.IntN(15)))
		}
		return sides
	}},
	{"a third party shoots both", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 4, 40), s.coalition(101, 4, 40), s.coalition(201, 2, 15)}
		s.brawl(120, 15, 0, sides...)
		return sides
	}},
	{"a third party on others' mails", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 4, 40), s.coalition(101, 4, 40), s.coalition(201, 2, 15)}
		s.brawl(60, 15, 0, sides[:2]...)
		for i := range s.kills { // it helps against whoever dies, on two of five mails
			if s.r.IntN(5) < 2 {
				for _, p := range s.some(sides[2], 4) {
					s.kills[i].Attackers = append(s.kills[i].Attackers, killmail.Attacker{Party: p, DamageDone: 300})
				}
			}
		}
		return sides
	}},
	{"a third party, small gang", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 2, 6), s.coalition(101, 2, 6), s.coalition(201, 1, 4)}
		s.brawl(24, 5, 0, sides...)
		return sides
	}},
	{"friendly fire on 30 % of the mails", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 4, 60), s.coalition(101, 4, 60)}
		s.brawl(100, 20, 30, sides...)
		return sides
	}},
	{"friendly fire on 60 % of the mails", func(s *simulation) [][]killmail.Party {
		sides := [][]killmail.Party{s.coalition(1, 4, 60), s.coalition(101, 4, 60)}
		s.brawl(100, 20, 60, sides...)
		return sides
	}},
}
