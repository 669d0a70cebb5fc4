package api

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
)

// printTime is how long the print of a state is kept: a reader that comes back with it
// later fetches the battle anew.
const printTime = 2 * keepTime

// battlePrint is what is kept of a state of a battle to tell later what has changed
// since: the keys and hashes of the items of its long lists.
type battlePrint struct {
	mark                         string // names the state: equal states have equal marks
	battle                       int64
	lasting                      bool // nothing but a new revision will change it
	killmails, pilots, revisions []itemPrint
}

// revision is the number of the newest revision of the battle in this state.
func (p *battlePrint) revision() int {
	if len(p.revisions) == 0 {
		return -1
	}
	return int(p.revisions[len(p.revisions)-1].Key)
}

type itemPrint struct {
	Key  int64
	Hash uint64
}

// small is the view without its long lists.
func (v *BattleView) small() BattleView {
	out := *v
	out.Killmails, out.PilotList, out.Revisions = nil, nil, []RevisionView{}
	return out
}

// printOf takes the print of a state, whatever mark it has.
func printOf(v *BattleView) (*battlePrint, error) {
	small := v.small()
	small.Mark = ""
	hash, err := hashOf(&small)
	if err != nil {
		return nil, err
	}
	p := &battlePrint{battle: v.ID}
	if p.killmails, err = printAll(v.Killmails, killKey); err != nil {
		return nil, err
	}
	if p.pilots, err = printAll(v.PilotList, pilotKey); err != nil {
		return nil, err
	}
	if p.revisions, err = printAll(v.Revisions, revisionKey); err != nil {
		return nil, err
	}
	all := fnv.New64a()
	_, _ = all.Write(binary.LittleEndian.AppendUint64(p.bytes(), hash))
	p.mark = strconv.FormatUint(all.Sum64(), 36)
	return p, nil
}

func printAll[T any](items []T, key func(*T) int64) ([]itemPrint, error) {
	out := make([]itemPrint, len(items))
	for i := range items {
		hash, err := hashOf(&items[i])
		if err != nil {
			return nil, err
		}
		out[i] = itemPrint{key(&items[i]), hash}
	}
	return out, nil
}

// hashOf is the hash of a value as it is sent.
func hashOf(v any) (uint64, error) {
	hash := fnv.New64a()
	err := json.NewEncoder(hash).Encode(v)
	return hash.Sum64(), err
}

// bytes is the print without its mark, to be kept.
func (p *battlePrint) bytes() []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(p.battle))
	b = append(b, 0)
	if p.lasting {
		b[8] = 1
	}
	for _, list := range [][]itemPrint{p.killmails, p.pilots, p.revisions} {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(list)))
		b, _ = binary.Append(b, binary.LittleEndian, list) // of a type of fixed size
	}
	return b
}

// parsePrint reads what bytes has written.
func parsePrint(mark string, b []byte) (*battlePrint, error) {
	if len(b) < 9 {
		return nil, fmt.Errorf("print %s: is cut off", mark)
	}
	p, r := &battlePrint{mark: mark, battle: int64(binary.LittleEndian.Uint64(b)), lasting: b[8] == 1}, bytes.NewReader(b[9:])
	for _, list := range []*[]itemPrint{&p.killmails, &p.pilots, &p.revisions} {
		var n uint32
		if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
			return nil, fmt.Errorf("print %s: %w", mark, err)
		}
		if int64(n)*int64(binary.Size(itemPrint{})) > int64(r.Len()) {
			return nil, fmt.Errorf("print %s: is cut off", mark)
		}
		*list = make([]itemPrint, n)
		if err := binary.Read(r, binary.LittleEndian, *list); err != nil {
			return nil, fmt.Errorf("print %s: %w", mark, err)
		}
	}
	return p, nil
}
