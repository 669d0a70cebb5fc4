package eval

import (
	"context"
	"fmt"
	"testing"

	"github.com/battlescope/battlescope/internal/battle"
)

func TestZZ(t *testing.T) {
	d, err := loadDays(context.Background(), "/work/shared/data")
	if err != nil {
		t.Fatal(err)
	}
	bs, _ := battle.Form(d.kills, d.world, battle.Linked())
	for i := range bs {
		if !isBig(&bs[i]) {
			continue
		}
		var f fire
		g := hateTeams(d.world, mails(&bs[i]))
		f.add(mails(&bs[i]), sideOf(g))
		n := map[string]int{}
		for _, s := range g {
			n[s]++
		}
		fmt.Println(len(bs[i].Kills), f.rows, f.insideShare(), n)
	}
}
