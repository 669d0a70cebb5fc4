package zkb

import (
	"fmt"
	"time"
)

const site = "https://zkillboard.com"

// KillURL is zKillboard's page of a killmail.
func KillURL(killmailID int64) string { return fmt.Sprintf("%s/kill/%d/", site, killmailID) }

// RelatedURL is zKillboard's page of the kills in a system within an hour before
// and after start. zKillboard takes full hours only: start is rounded to the nearest.
func RelatedURL(systemID int64, start time.Time) string {
	return fmt.Sprintf("%s/related/%d/%s/", site, systemID, start.UTC().Round(time.Hour).Format("200601021504"))
}
