package battle_test

import (
	"testing"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

func TestKind(t *testing.T) {
	t.Parallel()
	tower := func(alliance int64) killmail.Party {
		p := pilotOf(alliance, 0)
		p.CharacterID, p.ShipTypeID = 0, astrahus
		return p
	}
	war := func(kills ...*killmail.Killmail) []*killmail.Killmail {
		for _, k := range kills {
			k.WarID = 1
		}
		return kills
	}
	tests := []struct {
		name  string
		kills []*killmail.Killmail
		want  battle.Kind
	}{
		{"ship and capsule to NPCs", []*killmail.Killmail{
			kill(1, 0, lowsec, pilotOf(1, 1), concord), kill(2, 30, lowsec, in(pilotOf(1, 1), pod), concord),
		}, battle.KindNPC},
		{"a lone structure", []*killmail.Killmail{
			kill(1, 0, nullsec, tower(1), pilotOf(2, 1), pilotOf(2, 2)),
		}, battle.KindStructure},
		{"a fight over a structure", append(fight(3, []int64{1}, []int64{2}),
			kill(90, 200, nullsec, tower(1), pilotOf(2, 0), pilotOf(2, 1))), battle.KindBattle},
		{"both sides lost ships", fight(2, []int64{1}, []int64{2}), battle.KindBattle},
		{"a fleet that inflicted nothing", []*killmail.Killmail{
			kill(1, 0, nullsec, pilotOf(1, 1), pilotOf(2, 1), pilotOf(2, 2)), kill(2, 30, nullsec, pilotOf(1, 2), pilotOf(2, 1), pilotOf(2, 2)),
			kill(3, 60, nullsec, pilotOf(1, 3), pilotOf(2, 1), pilotOf(2, 2)), kill(4, 70, nullsec, pilotOf(1, 4), pilotOf(2, 1), pilotOf(2, 2)),
			kill(5, 80, nullsec, in(pilotOf(1, 5), pod), pilotOf(2, 1), pilotOf(2, 2)),
		}, battle.KindBattle},
		{"victims one by one", []*killmail.Killmail{
			kill(1, 0, lowsec, pilotOf(1, 1), pilotOf(2, 1), pilotOf(2, 2)), kill(2, 400, lowsec, pilotOf(3, 2), pilotOf(2, 1), pilotOf(2, 2)),
			kill(3, 800, lowsec, pilotOf(4, 3), pilotOf(2, 1), pilotOf(2, 2)), kill(4, 1200, lowsec, pilotOf(5, 4), pilotOf(2, 1), pilotOf(2, 2)),
			kill(5, 1600, lowsec, pilotOf(6, 5), pilotOf(2, 1), pilotOf(2, 2)),
		}, battle.KindCamp},
		{"gankers lost to CONCORD", []*killmail.Killmail{
			kill(1, 0, highsec, pilotOf(1, 1), pilotOf(2, 1), pilotOf(2, 2), pilotOf(2, 3)), kill(2, 20, highsec, pilotOf(2, 1), concord),
			kill(3, 21, highsec, pilotOf(2, 2), concord), kill(4, 22, highsec, pilotOf(2, 3), concord),
		}, battle.KindGank},
		{"a war in highsec is no gank", war(
			kill(1, 0, highsec, pilotOf(1, 1), pilotOf(2, 1), pilotOf(2, 2), pilotOf(2, 3)),
			kill(2, 20, highsec, pilotOf(1, 2), pilotOf(2, 1), pilotOf(2, 2), pilotOf(2, 3)),
		), battle.KindSkirmish},
		{"one against one", []*killmail.Killmail{
			kill(1, 0, lowsec, pilotOf(1, 1), pilotOf(2, 1)), kill(2, 30, lowsec, in(pilotOf(1, 1), pod), pilotOf(2, 1)),
		}, battle.KindSolo},
		{"a trade", []*killmail.Killmail{
			kill(1, 0, lowsec, pilotOf(1, 1), pilotOf(2, 1)), kill(2, 30, lowsec, pilotOf(2, 1), pilotOf(1, 1)),
		}, battle.KindSkirmish},
		{"rookie ships make no battle", []*killmail.Killmail{
			kill(1, 0, lowsec, in(pilotOf(1, 1), corvette), pilotOf(2, 1), pilotOf(2, 2)),
			kill(2, 30, lowsec, in(pilotOf(2, 1), corvette), pilotOf(1, 1), pilotOf(1, 2)),
			kill(3, 40, lowsec, in(pilotOf(2, 2), corvette), pilotOf(1, 1), pilotOf(1, 2)),
		}, battle.KindSkirmish},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := one(t, tt.kills)
			if b.Kind != tt.want {
				t.Errorf("kind is %s (%s), want %s", b.Kind, b.KindRule, tt.want)
			}
		})
	}
}
