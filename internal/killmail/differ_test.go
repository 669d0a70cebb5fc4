package killmail

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// oddities are what may stand where a value is expected, right and wrong.
var oddities = strings.Split(strings.TrimSpace(`
null true false tru 0 -0 1 -1 1.0 1.5 1e3 1e400 -1e-400 01 +1 .5 1. 0x10 1_000 NaN Infinity
9223372036854775807 9223372036854775808 18446744073709551616 123456789012345678901234567890
"" "7" "1.5" "NaN" "Infinity" "0x1p4" "1e3" "ü" "\u00fc" "\ud83d\ude00" "\ud83d" "\x41" "\" " 'a' a
[] [1] [null] ["a"] [[]] [,] [1,] {} {"a":1} {"a"} {"a":} {,} {"a":1,} // /**/ - , : "a":1
`), " ")

// TestSameJudgement puts every oddity in place of every value of a document, known
// fields and unknown ones, and compares with the standard library.
func TestSameJudgement(t *testing.T) {
	t.Parallel()
	value := regexp.MustCompile(`: *("[^"]*"|-?[0-9.e]+|true|false|\[\]|null)`)
	for _, name := range []string{"testdata/r2z2.json", "testdata/esi.json"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range value.FindAllSubmatchIndex(b, -1) {
			for _, odd := range strings.FieldsFunc(strings.Join(oddities, " "), func(r rune) bool { return r == ' ' || r == '\n' }) {
				compareJSON(t, []byte(string(b[:at[2]])+odd+string(b[at[3]:])))
			}
		}
		for _, end := range []string{"", " ", "\n\n", "x", "{}", ",", "]", "\x00", "null"} {
			compareJSON(t, append(append([]byte{}, b...), end...))
		}
		for _, change := range [][2]string{
			{`"killmail_id"`, `"KILLMAIL_ID"`}, {`"victim"`, `"Victim"`}, {`"victim"`, `"victi\u006d"`}, {`"victim"`, `"victim":null,"victim"`},
			{`"attackers"`, `"attackers":[{"damage_done":5}],"attackers"`}, {`"labels"`, `"labels":["a","b","c","d","e"],"labels"`},
			{`"killmail_id": `, `"killmail_id": 5, "killmail_id": `}, {"\n", "\r\n\t "}, {"\n", "\f"}, {"\n", "\x00"}, {`"`, `'`}, {`,`, `,,`}, {`:`, ``},
			{`"victim": {`, `"victim": {"deep":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `,`},
		} {
			compareJSON(t, []byte(strings.ReplaceAll(string(b), change[0], change[1])))
		}
		for n := range b {
			compareJSON(t, b[:n])
		}
	}
}
