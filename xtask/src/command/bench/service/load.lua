-- Asks for customers at random. Arguments: what every path begins with, the number of customers,
-- the token, the seed. The last five characters of an identifier are its number.
local digits = "0123456789abcdefghjkmnpqrstvwxyz"
local head, tail, count

local function digit(number, divisor)
  local place = math.floor(number / divisor) % 32 + 1
  return digits:sub(place, place)
end

function init(args)
  head = "GET " .. args[1]
  count = tonumber(args[2])
  tail = " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " .. args[3] .. "\r\n\r\n"
  math.randomseed(tonumber(args[4]))
end

function request()
  local n = math.random(0, count - 1)
  return head .. digit(n, 1048576) .. digit(n, 32768) .. digit(n, 1024) .. digit(n, 32)
    .. digit(n, 1) .. tail
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('{"requests":%d,"micros":%d,"p50":%d,"p99":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), failed))
end
