package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/link"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/writeup"
)

type exportInput struct {
	ID int64 `path:"id" minimum:"1"`
	Look
}

type exportReportInput struct {
	Sourcing
	Look
}

type textInput struct {
	ID int64 `path:"id" minimum:"1"`
	Look
	Wording
}

type textReportInput struct {
	Sourcing
	Look
	Wording
}

// Wording is how a battle is written.
type Wording struct {
	Format string `query:"format" default:"discord" enum:"discord,text" doc:"discord: a message of at most 2,000 characters; text: everything, for a terminal"`
	host   string
	secure bool
}

// Resolve implements huma.Resolver: the text links to this site.
func (in *Wording) Resolve(ctx huma.Context) []error {
	in.host, in.secure = ctx.Host(), ctx.TLS() != nil
	return nil
}

// fileOutput is an answer that is no JSON.
type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// fileAnswer describes such an answer.
func fileAnswer(contentType, what string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: what, Content: map[string]*huma.MediaType{contentType: {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
}

func (s *Service) registerExports(a huma.API) {
	const table, note = "The killmails of a %s as a table", "Comma-separated, one row a killmail, by time. Empty where a value is unknown. Text that a spreadsheet would take for a formula has an apostrophe in front."
	const text, wrote = "A %s as a text to send", "What battlescope report writes, with a link to the page."
	errs := []int{http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity}
	huma.Register(a, huma.Operation{
		OperationID: "export-battle", Method: http.MethodGet, Path: "/api/v1/battles/{id}/export.csv", Tags: []string{"Battles"},
		Summary: fmt.Sprintf(table, "battle"), Description: note, Responses: fileAnswer("text/csv", "The table, with a first row of names"), Errors: errs,
	}, s.exportBattle)
	huma.Register(a, huma.Operation{
		OperationID: "export-report", Method: http.MethodGet, Path: "/api/v1/reports/export.csv", Tags: []string{"Reports"},
		Summary: fmt.Sprintf(table, "custom report"), Description: note, Responses: fileAnswer("text/csv", "The table, with a first row of names"), Errors: errs,
	}, s.exportReport)
	huma.Register(a, huma.Operation{
		OperationID: "write-battle", Method: http.MethodGet, Path: "/api/v1/battles/{id}/text", Tags: []string{"Battles"},
		Summary: fmt.Sprintf(text, "battle"), Description: wrote, Responses: fileAnswer("text/plain", "The text"), Errors: errs,
	}, s.writeBattle)
	huma.Register(a, huma.Operation{
		OperationID: "write-report", Method: http.MethodGet, Path: "/api/v1/reports/text", Tags: []string{"Reports"},
		Summary: fmt.Sprintf(text, "custom report"), Description: wrote, Responses: fileAnswer("text/plain", "The text"), Errors: errs,
	}, s.writeReport)
}

func (s *Service) exportBattle(ctx context.Context, in *exportInput) (*fileOutput, error) {
	out, err := s.getBattle(unkept(ctx), &battleInput{ID: in.ID, Look: in.Look, View: "full"})
	if err != nil {
		return nil, err
	}
	v := &out.Body
	if at := v.KillmailsRemovedAt; at != nil {
		return nil, problem(http.StatusGone, "the killmails of this battle were removed on "+at.UTC().Format(time.DateOnly),
			fmt.Sprintf("its figures and sides are kept: ask for /api/v1/battles/%d", v.ID))
	}
	return csvOf(v, fmt.Sprintf("battle-%d", v.ID)), nil
}

func (s *Service) exportReport(ctx context.Context, in *exportReportInput) (*fileOutput, error) {
	out, err := s.getReport(unkept(ctx), &reportInput{Sourcing: in.Sourcing, Look: in.Look, View: "full"})
	if err != nil {
		return nil, err
	}
	return csvOf(&out.Body, "report-"+out.Body.StartedAt.UTC().Format(time.DateOnly)), nil
}

func csvOf(v *BattleView, name string) *fileOutput {
	return &fileOutput{
		ContentType: "text/csv; charset=utf-8; header=present",
		Disposition: fmt.Sprintf(`attachment; filename="%s.csv"`, name),
		Body:        table(v),
	}
}

// columns are the names in the first row, in the order of row.
var columns = []string{
	"killmail_id", "occurred_at", "system_id", "system", "security", "region",
	"victim_side", "victim_character_id", "victim_character", "victim_corporation_id", "victim_corporation", "victim_alliance_id", "victim_alliance",
	"ship_type_id", "ship_type", "class", "isk", "isk_source", "attackers",
	"final_blow_character_id", "final_blow_character", "final_blow_corporation_id", "final_blow_corporation", "final_blow_alliance_id", "final_blow_alliance",
	"final_blow_ship_type_id", "final_blow_ship_type", "zkillboard_url",
}

// table writes the killmails of a battle as comma-separated values.
func table(v *BattleView) []byte {
	systems := make(map[int64]System, len(v.Systems))
	for _, s := range v.Systems {
		systems[s.ID] = s
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(columns) // a buffer takes everything
	for i := range v.Killmails {
		_ = w.Write(row(&v.Killmails[i], systems))
	}
	w.Flush()
	return b.Bytes()
}

func row(k *BattleKill, systems map[int64]System) []string {
	system := systems[k.SystemID]
	security := ""
	if system.Security != nil {
		security = strconv.FormatFloat(*system.Security, 'f', 1, 64)
	}
	isk := ""
	if k.ISK != nil {
		isk = strconv.FormatFloat(*k.ISK, 'f', 2, 64)
	}
	side := k.Side
	if side == battle.Unassigned {
		side = ""
	}
	out := []string{
		number(k.ID), k.OccurredAt.UTC().Format(time.RFC3339), number(k.SystemID), words(system.Name), security, refWords(system.Region), side,
	}
	out = append(append(out, organisations(&k.Victim)...), shipOf(&k.Victim)...)
	out = append(out, k.Class, isk, k.ISKSource, strconv.Itoa(k.AttackerCount))
	blow := k.FinalBlow
	if blow == nil {
		blow = &Party{}
	}
	out = append(append(out, organisations(blow)...), shipOf(blow)...)
	return append(out, k.ZkillboardURL)
}

// organisations are the id and name of pilot, corporation and alliance.
func organisations(p *Party) []string {
	var out []string
	for _, e := range []*Entity{p.Character, p.Corporation, p.Alliance} {
		if e == nil {
			e = &Entity{}
		}
		out = append(out, number(e.ID), words(e.Name))
	}
	return out
}

func shipOf(p *Party) []string {
	if p.ShipType == nil {
		return []string{"", ""}
	}
	return []string{number(p.ShipType.ID), words(p.ShipType.Name)}
}

// number writes an id; "" for none.
func number(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func refWords(r *Ref) string {
	if r == nil {
		return ""
	}
	return words(r.Name)
}

// words makes a name harmless to spreadsheets, which take a text for a formula by how it
// begins. The apostrophe is what they themselves mark text with. OWASP, CSV injection.
func words(name *string) string {
	if name == nil {
		return ""
	}
	text := printable(*name)
	if strings.HasPrefix(strings.TrimLeft(text, " "), "'") || formula(text) {
		return "'" + text
	}
	return text
}

// formula reports whether a spreadsheet could take a text for one. Some skip leading
// spaces, and take the wide forms of East Asian keyboards as well.
func formula(text string) bool {
	text = strings.TrimSpace(text)
	for _, sign := range []string{"=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(text, sign) {
			return true
		}
	}
	return false
}

func (s *Service) writeBattle(ctx context.Context, in *textInput) (*fileOutput, error) {
	l, err := in.Look.parse()
	if err != nil {
		return nil, err
	}
	var d *store.BattleDetail
	if l.whole() {
		if d, err = s.Store.Battle(ctx, in.ID); err != nil {
			return nil, s.failed(ctx, err, "battle")
		}
	} else {
		v, err := s.seeBattle(ctx, in.ID, &in.Look)
		if err != nil {
			return nil, err
		}
		d = v.detail()
	}
	return s.write(ctx, d, &l, &in.Wording, withQuery(fmt.Sprintf("/battles/%d", d.ID), in.Look.query()))
}

func (s *Service) writeReport(ctx context.Context, in *textReportInput) (*fileOutput, error) {
	v, err := s.seeReport(ctx, &in.Sourcing, &in.Look)
	if err != nil {
		return nil, err
	}
	query := in.Look.query()
	query["window"], query["battle"] = in.Window, in.Battle
	return s.write(ctx, v.detail(), &v.look, &in.Wording, withQuery("/reports", query))
}

// query is the same as it stands in an address.
func (in *Look) query() url.Values {
	return url.Values{"from": {in.From}, "to": {in.To}, "side": in.Side, "exclude": in.Exclude}
}

func withQuery(path string, query url.Values) string {
	if q := link.Query(query); q != "" {
		return path + "?" + q
	}
	return path
}

// part says in words what of a battle is looked at, and what was changed; "" for all as it is.
func (l *look) part() string {
	var of []string
	if !l.from.IsZero() {
		of = append(of, "from "+eve.FormatTime(l.from))
	}
	if !l.to.IsZero() {
		of = append(of, "until "+eve.FormatTime(l.to))
	}
	if len(of) > 0 {
		of = []string{strings.Join(of, " ") + " EVE"}
	}
	if len(l.order) > 0 {
		of = append(of, "sides changed by hand")
	}
	if n := len(l.exclude); n > 0 {
		of = append(of, eve.Plural(n, "killmail")+" left out")
	}
	return strings.Join(of, ", ")
}

// write writes a battle whose page is at a path, as it is looked at.
func (s *Service) write(ctx context.Context, d *store.BattleDetail, l *look, how *Wording, path string) (*fileOutput, error) {
	r := writeup.New(d, s.World, s.Now())
	r.Part = l.part()
	var err error
	if r.Names, err = s.Store.Names(ctx, r.Named()); err != nil {
		return nil, s.failed(ctx, err, "battle")
	}
	if base := s.base(how.host, how.secure); base != "" {
		r.PageURL = base + path
	}
	text := r.Discord()
	if how.Format == "text" {
		text = r.Text()
	}
	return &fileOutput{ContentType: "text/plain; charset=utf-8", Disposition: "inline", Body: []byte(text)}, nil
}
