-- name: MarketPrices :many
SELECT type_id, average, adjusted, fetched_at FROM market_prices;

-- name: MarketPricesAt :one
SELECT fetched_at FROM market_prices LIMIT 1;

-- name: DropMarketPrices :exec
DELETE FROM market_prices;
