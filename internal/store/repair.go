package store

// RepairFeeds begins the names of the cursors that remember days (YYYY-MM-DD) of which
// the feed lost a part that has yet to be fetched from the history. Their sequence is how
// often a day was tried.
const RepairFeeds = "repair:"
