package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/sde"
)

// SDE says where CCP's static data come from.
type SDE struct {
	SDEURL string `name:"sde-url" help:"Where sde update gets CCP's static data export from." default:"https://developers.eveonline.com/static-data/eve-online-static-data-latest-jsonl.zip" env:"BATTLESCOPE_SDE_URL" placeholder:"URL"`
}

// staticData returns the newest static data there is, and logs why a file in the
// data folder is not used.
func staticData(ctx context.Context, dir string, log *slog.Logger) (*sde.Data, error) {
	chosen, err := sde.Choose(dir)
	if err != nil {
		return nil, fmt.Errorf("static data: %w", err)
	}
	if chosen.Unused != nil {
		log.WarnContext(ctx, "the built-in static data are used", "reason", chosen.Unused, "hint", fault.HintOf(chosen.Unused))
	}
	return chosen.Data, nil
}

// UpdateStaticConfig configures UpdateStatic.
type UpdateStaticConfig struct {
	Data
	SDE
	Identity
	File string // the export; "" to download it
}

// StaticUpdate says what UpdateStatic did.
type StaticUpdate struct {
	Version  string // now in use
	PricedAt time.Time
	Written  bool // false: it was in use already
	Systems  int
	Types    int
}

// downloadTime bounds a download of some 100 MB.
const downloadTime = 30 * time.Minute

// UpdateStatic puts an export of CCP's static data into the data folder. Verbs that
// start from then on use it.
func UpdateStatic(ctx context.Context, cfg UpdateStaticConfig) (StaticUpdate, error) {
	export, err := readExport(ctx, cfg)
	if err != nil {
		return StaticUpdate{}, err
	}
	data, written, err := sde.Install(cfg.Data.Data, export)
	if err != nil {
		return StaticUpdate{}, err
	}
	return StaticUpdate{
		Version: data.Version(), PricedAt: data.PricedAt(), Written: written, Systems: len(export.Systems), Types: len(export.Types),
	}, nil
}

func readExport(ctx context.Context, cfg UpdateStaticConfig) (sde.Export, error) {
	limits := sde.DefaultLimits()
	if cfg.File == "" {
		return downloadExport(ctx, cfg, limits)
	}
	f, err := os.Open(cfg.File)
	if err != nil {
		return sde.Export{}, fault.Wrap(err, "static data", "name the zip of CCP's export, or none to download it")
	}
	defer f.Close()
	return readZip(f, cfg.File, limits)
}

func readZip(f *os.File, name string, limits sde.Limits) (sde.Export, error) {
	info, err := f.Stat()
	if err != nil {
		return sde.Export{}, err
	}
	if !info.Mode().IsRegular() {
		return sde.Export{}, fault.New("static data: "+name+" is no file", "name the zip of CCP's export")
	}
	export, err := sde.ReadZip(f, info.Size(), limits)
	return export, fault.Wrap(err, name, "")
}

func downloadExport(ctx context.Context, cfg UpdateStaticConfig, limits sde.Limits) (_ sde.Export, err error) {
	if err := webAddress("sde-url", cfg.SDEURL); err != nil {
		return sde.Export{}, fault.Usage(err)
	}
	f, err := os.CreateTemp("", "battlescope-sde-*.zip")
	if err != nil {
		return sde.Export{}, fault.Wrap(err, "download static data", "see that the folder for temporary files has 200 MB of room")
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	ctx, cancel := context.WithTimeout(ctx, downloadTime)
	defer cancel()
	source := sde.Source{URL: cfg.SDEURL, UserAgent: userAgent(cfg.Contact), Client: http.DefaultClient, MaxBytes: limits.Archive}
	if _, err := source.Download(ctx, f); err != nil {
		return sde.Export{}, err
	}
	return readZip(f, cfg.SDEURL, limits)
}

// userAgent names program and operator to the services that are asked.
func userAgent(contact string) string {
	return fmt.Sprintf("BattleScope/%s (%s)", Version(), contact)
}
