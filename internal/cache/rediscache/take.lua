#!lua flags=allow-oom
-- Takes tokens out of a bucket by the generic cell rate algorithm, ITU-T I.371.
-- KEYS: the bucket, its hold. ARGV in microseconds: the cost of the tokens, a refill.
-- Returns 0, or how many microseconds to wait. Time is the server's, so that clients
-- need not agree on theirs. A full server still takes the few bytes of a bucket.
local held = redis.call('PTTL', KEYS[2])
if held > 0 then
  return held * 1000
end
local cost, refill = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
-- When it will be full. Further ahead than a refill it is only after the clock was
-- set back, or when the bucket was slower before.
local full = tonumber(redis.call('GET', KEYS[1]) or now)
full = math.min(math.max(full, now), now + refill) + cost
if full - now > refill then
  return math.ceil(full - now - refill)
end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return 0
