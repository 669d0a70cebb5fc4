package app

import (
	"time"

	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/zkb"
)

// Home is where the project lives; it stands in the User-Agent of every request.
const Home = "https://github.com/battlescope/battlescope"

// Data says where the embedded parts keep their files.
type Data struct {
	Data string `help:"Folder for the database." default:"data" env:"BATTLESCOPE_DATA" type:"path" placeholder:"DIR"`
}

// Feed configures the live feed.
type Feed struct {
	FeedURL     string        `name:"feed-url" help:"Root of the R2Z2 feed." default:"https://r2z2.zkillboard.com" env:"BATTLESCOPE_FEED_URL" placeholder:"URL"`
	FeedMaxRate float64       `name:"feed-max-rate" help:"Requests to the feed per second, at most; zKillboard publishes 15." default:"10" env:"BATTLESCOPE_FEED_MAX_RATE" placeholder:"N"`
	FeedIdle    time.Duration `name:"feed-idle" help:"Wait between two questions for a killmail that is not there yet; zKillboard asks for 6s." default:"6s" env:"BATTLESCOPE_FEED_IDLE" placeholder:"DURATION"`
	Contact     string        `help:"How the operators of zKillboard and EVE reach you: mail address, web page or EVE character. Sent with every request." default:"${home}" env:"BATTLESCOPE_CONTACT"`
	NoFeed      bool          `name:"no-feed" help:"Read no feed; serve what is stored." env:"BATTLESCOPE_NO_FEED"`
}

// config returns the settings of the client.
func (f Feed) config(version string) zkb.Config {
	c := zkb.DefaultConfig()
	c.BaseURL, c.MaxRate, c.Contact, c.IdleWait = f.FeedURL, f.FeedMaxRate, f.Contact, f.FeedIdle
	c.UserAgent = "BattleScope/" + version
	return c
}

// ESI configures the client of CCP's API, which knows names.
type ESI struct {
	ESIURL     string  `name:"esi-url" help:"Root of CCP's API." default:"https://esi.evetech.net" env:"BATTLESCOPE_ESI_URL" placeholder:"URL"`
	ESIMaxRate float64 `name:"esi-max-rate" help:"Requests to CCP's API per second, at most." default:"10" env:"BATTLESCOPE_ESI_MAX_RATE" placeholder:"N"`
	NoESI      bool    `name:"no-esi" help:"Ask CCP's API for nothing: names stay unresolved." env:"BATTLESCOPE_NO_ESI"`
}

// config returns the settings of the client.
func (e ESI) config(version, contact string) esi.Config {
	c := esi.DefaultConfig()
	c.BaseURL, c.MaxRate, c.Contact = e.ESIURL, e.ESIMaxRate, contact
	c.UserAgent = "BattleScope/" + version
	return c
}

// ServeConfig configures Serve.
type ServeConfig struct {
	Data
	Feed
	ESI
	Listen string `help:"Address to serve on." default:":8080" env:"BATTLESCOPE_LISTEN" placeholder:"ADDR"`
}
