#!lua flags=allow-oom
-- Makes a hold last for ARGV[1] milliseconds at least. A hold is a key that lives as
-- long as it is in force.
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
end
return 0
