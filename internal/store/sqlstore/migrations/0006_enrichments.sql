-- +goose Up

-- Killmails of which a source gave only id and hash. ESI gives the rest.
CREATE TABLE enrichments (
    killmail_id BIGINT NOT NULL PRIMARY KEY,
    hash        TEXT NOT NULL,
    state       TEXT NOT NULL,   -- pending, processing, succeeded or failed
    source      TEXT NOT NULL,   -- the feed or import that named it
    live        BOOLEAN NOT NULL, -- announced like what the feed holds whole
    body        /*blob*/BYTEA/*end*/ NOT NULL, -- the document as it came
    has_zkb     BOOLEAN NOT NULL, -- body holds a zkb block
    reason      TEXT NOT NULL,   -- why it waits or failed
    attempts    BIGINT NOT NULL, -- how often ESI was asked
    revision    BIGINT NOT NULL, -- grows with every newer document
    due_at      BIGINT NOT NULL, -- when it is worked if nothing worked it before
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX enrichments_due ON enrichments (due_at, killmail_id) WHERE state IN ('pending', 'processing');
CREATE INDEX enrichments_state ON enrichments (state, updated_at);

-- ESI's price list as it was last fetched, in hundredths of an ISK; 0 is no price.
CREATE TABLE market_prices (
    type_id    BIGINT NOT NULL PRIMARY KEY,
    average    BIGINT NOT NULL, -- of what was traded in the last days
    adjusted   BIGINT NOT NULL, -- CCP's own measure, for what is hardly traded
    fetched_at BIGINT NOT NULL  -- the same for all
);
