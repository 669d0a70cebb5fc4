// Command scratch prints the battles of killmail files for measuring.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

type world struct {
	s map[int64]eve.System
	t map[int64]eve.Type
	n map[int64][]int64
}

func (w *world) System(id int64) (eve.System, bool) { s, ok := w.s[id]; return s, ok }
func (w *world) Type(id int64) (eve.Type, bool)     { s, ok := w.t[id]; return s, ok }
func (w *world) Neighbors(id int64) []int64         { return w.n[id] }

func lines(path string, f func([]byte)) {
	file, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		r, _ = gzip.NewReader(file)
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		f(sc.Bytes())
	}
}

func load(dir string) *world {
	w := &world{map[int64]eve.System{}, map[int64]eve.Type{}, map[int64][]int64{}}
	lines(dir+"/systems.jsonl.gz", func(b []byte) {
		var s struct {
			ID       int64   `json:"id"`
			Name     string  `json:"name"`
			Security float64 `json:"security"`
			Region   int64   `json:"region_id"`
		}
		json.Unmarshal(b, &s)
		w.s[s.ID] = eve.System{ID: s.ID, Name: s.Name, Security: s.Security, RegionID: s.Region}
	})
	lines(dir+"/types.jsonl.gz", func(b []byte) {
		var s struct {
			ID    int64  `json:"id"`
			Name  string `json:"name"`
			Group int64  `json:"group_id"`
			Cat   int64  `json:"category_id"`
		}
		json.Unmarshal(b, &s)
		w.t[s.ID] = eve.Type{ID: s.ID, Name: s.Name, GroupID: s.Group, CategoryID: s.Cat, Class: eve.ClassOf(s.Group, s.Cat)}
	})
	lines(dir+"/stargate_edges.csv", func(b []byte) {
		f := strings.Split(string(b), ",")
		x, _ := strconv.ParseInt(f[0], 10, 64)
		y, _ := strconv.ParseInt(f[1], 10, 64)
		w.n[x] = append(w.n[x], y)
		w.n[y] = append(w.n[y], x)
	})
	return w
}

func main() {
	format := flag.String("format", "jsonl", "")
	profile := flag.String("profile", "linked", "")
	prof := flag.String("cpu", "", "")
	set := flag.String("set", "", "json over params")
	out := flag.String("o", "", "")
	times := flag.Int("times", 1, "repeat n times shifted, timing only")
	comp := flag.Bool("comp", false, "")
	flag.Parse()
	w := load("/work/shared/data/sde")
	var kills []*killmail.Killmail
	for _, f := range flag.Args() {
		lines(f, func(b []byte) {
			d, err := killmail.DecodeDocument(b)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				return
			}
			kills = append(kills, d.Killmail)
		})
	}
	p, err := battle.Profile(*profile)
	if err != nil {
		panic(err)
	}
	if *set != "" {
		if err := json.Unmarshal([]byte(*set), &p); err != nil {
			panic(err)
		}
	}
	if *times > 1 {
		n := len(kills)
		for i := 1; i < *times; i++ {
			for _, k := range kills[:n] {
				c := *k
				c.ID += int64(i) * 1e9
				c.Time = c.Time.Add(time.Duration(i) * 48 * time.Hour)
				kills = append(kills, &c)
			}
		}
		if *prof != "" {
			f, _ := os.Create(*prof)
			pprof.StartCPUProfile(f)
			defer pprof.StopCPUProfile()
		}
	}
	start := time.Now()
	if *times > 1 {
		battle.Link(kills, w, p)
		d := time.Since(start)
		fmt.Fprintf(os.Stderr, "%d kills linked in %s: %.0f/s\n", len(kills), d, float64(len(kills))/d.Seconds())
		start = time.Now()
	}
	bs, err := battle.Form(kills, w, p)
	if err != nil {
		panic(err)
	}
	d := time.Since(start)
	fmt.Fprintf(os.Stderr, "%d kills formed in %s: %.0f/s %d battles\n", len(kills), d, float64(len(kills))/d.Seconds(), len(bs))
	if *times > 1 {
		return
	}
	if *comp {
		type res struct {
			b, c int
			d    time.Duration
			nb   int
			id   int64
			sys  int64
		}
		worst := []res{}
		for i, b := range bs {
			if i%40 != 0 && len(b.Kills) < 60 {
				continue
			}
			k := b.Kills[len(b.Kills)/2].Mail
			calls := 0
			t0 := time.Now()
			c, _ := p.Neighbourhood([]*killmail.Killmail{k}, func(rs []battle.Reach) ([]*killmail.Killmail, error) {
				calls++
				var out []*killmail.Killmail
				for _, k := range kills {
					for _, r := range rs {
						if k.SystemID == r.SystemID && !k.Time.Before(r.From) && !k.Time.After(r.To) {
							out = append(out, k)
							break
						}
						if !k.Time.Before(r.PilotsFrom) && !k.Time.After(r.PilotsTo) {
							hit := false
							has := func(p int64) bool {
								for lo, hi := 0, len(r.Pilots); lo < hi; {
									m := (lo + hi) / 2
									if r.Pilots[m] == p {
										return true
									}
									if r.Pilots[m] < p {
										lo = m + 1
									} else {
										hi = m
									}
								}
								return false
							}
							if has(k.Victim.CharacterID) {
								hit = true
							}
							for _, a := range k.Attackers {
								if has(a.CharacterID) {
									hit = true
								}
							}
							if hit {
								out = append(out, k)
								break
							}
						}
					}
				}
				return out, nil
			})
			_ = t0
			t1 := time.Now()
			nb, _ := battle.Form(c, w, p)
			worst = append(worst, res{len(b.Kills), len(c), time.Since(t1), len(nb), k.ID, k.SystemID})
		}
		for _, r := range worst {
			fmt.Println(r.b, r.c, r.d, r.nb, r.sys)
		}
		return
	}
	dst := os.Stdout
	if *out != "" {
		dst, _ = os.Create(*out)
	}
	o := bufio.NewWriter(dst)
	defer o.Flush()
	enc := json.NewEncoder(o)
	groups := map[string]any{}
	for _, k := range kills {
		groups[fmt.Sprint(k.ID)] = nil
	}
	for i, b := range bs {
		type member struct {
			Type string `json:"type"`
			ID   int64  `json:"id"`
		}
		type side struct {
			ID      string   `json:"id"`
			Members []member `json:"members"`
			Pilots  int      `json:"pilots"`
			Conf    float64  `json:"conf"`
		}
		ids := []int64{}
		rules := map[string]int{}
		for _, k := range b.Kills {
			ids = append(ids, k.Mail.ID)
			rules[k.Link.Rule]++
			if *format == "groups" && b.Kind != "gank" && b.Kind != "solo" && b.Kind != "npc" {
				groups[fmt.Sprint(k.Mail.ID)] = fmt.Sprint(i + 1)
			}
		}
		ss := []side{}
		for _, s := range b.Sides {
			if s.ID == battle.Unassigned {
				continue
			}
			x := side{ID: s.ID, Pilots: s.Pilots, Conf: s.Confidence}
			for _, m := range s.Members {
				x.Members = append(x.Members, member{string(m.Entity.Type), m.Entity.ID})
			}
			ss = append(ss, x)
		}
		if *format == "jsonl" {
			enc.Encode(map[string]any{"id": i + 1, "kind": b.Kind, "system_ids": b.SystemIDs, "started_at": b.Start.Format(time.RFC3339), "ended_at": b.End.Format(time.RFC3339), "killmail_ids": ids, "sides": ss, "rule": b.KindRule, "rules": rules})
		}
	}
	if *format == "groups" {
		enc.Encode(groups)
	}
}
