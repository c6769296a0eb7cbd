import { hash } from 'node:crypto'

/*
 * What Redis does in one step. A value begins with its version and its last second, 6 bytes each; what has
 * ended by the time of the caller counts as not there, whatever Redis's own clock says.
 */

/** How a write ended. */
export const ended = { lost: 0, won: 1, spent: 2 } as const

/** Verbs that write, as the script calls them. */
export const verbs = { insert: 'i', replace: 'r', delete: 'd' } as const

export type Verb = keyof typeof verbs

const filing = `
local function file(names, ends, name, score, kept)
  local gone = redis.call('ZRANGEBYSCORE', ends, '-inf', '(' .. longGone, 'LIMIT', 0, 10)
  if #gone > 0 then
    redis.call('ZREM', names, unpack(gone))
    redis.call('ZREM', ends, unpack(gone))
  end
  local ttl = tonumber(kept)
  for key, order in pairs({ [names] = '0', [ends] = score }) do
    local before = redis.call('TTL', key)
    redis.call('ZADD', key, order, name)
    if ttl == 0 then
      if before >= 0 then redis.call('PERSIST', key) end
    elseif before == -2 or (before >= 0 and before < ttl) then
      redis.call('EXPIRE', key, ttl)
    end
  end
end
`

/**
 * Writes, one after the other; ARGV and KEYS as `calls/batch.ts` lays them out. Gives one digit for each, how it ended, and
 * behind them the errors of those that have an `e`: what is wrong with one is no other's business. Where changes are
 * counted they are counted once, and told.
 */
const written = `
local now, longGone, channel = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local nextKey, nextArgument, changed = 0, 3, false
local function key() nextKey = nextKey + 1 return KEYS[nextKey] end
local function argument() nextArgument = nextArgument + 1 return ARGV[nextArgument] end
local function live(record)
  local head = redis.call('GETRANGE', record, 0, 11)
  if #head < 12 then return nil end
  local version, last = struct.unpack('>I6I6', head)
  if last < now then return nil end
  return version
end
local function put(record, value, ttl)
  if ttl == '0' then redis.call('SET', record, value) else redis.call('SET', record, value, 'EX', ttl) end
  changed = true
end
${filing}
local function write(verb, record, value, ttl, from, names, ends, name, score, mark, spent, kept)
  if mark then
    if live(mark) then return ${ended.spent} end
    put(mark, spent, kept)
  end
  local version = live(record)
  if verb == '${verbs.insert}' then
    if version then return ${ended.lost} end
  elseif not version or from and version ~= tonumber(from) then
    return ${ended.lost}
  end
  if verb == '${verbs.delete}' then
    redis.call('DEL', record)
    changed = true
    if names then
      redis.call('ZREM', names, name)
      redis.call('ZREM', ends, name)
    end
    return ${ended.won}
  end
  put(record, value, ttl)
  if names then file(names, ends, name, score, ttl) end
  return ${ended.won}
end
local counter = channel ~= '' and key()
local answers = { '' }
while nextArgument < #ARGV do
  local how, record, names, ends, name, score, mark, spent, kept, from = argument(), key()
  local verb = string.sub(how, 1, 1)
  if verb == '${verbs.replace}' then from = argument() end
  if string.find(how, 'f', 2, true) then names, ends, name, score = key(), key(), argument(), argument() end
  if string.find(how, 'm', 2, true) then mark, spent, kept = key(), argument(), argument() end
  local ttl, value = argument(), argument()
  local fine, answer = pcall(write, verb, record, value, ttl, from, names, ends, name, score, mark, spent, kept)
  if not fine then
    answers[#answers + 1] = { err = type(answer) == 'table' and answer.err or tostring(answer) }
    answer = 'e'
  end
  answers[1] = answers[1] .. answer
end
if changed and counter then redis.call('PUBLISH', channel, redis.call('INCR', counter)) end
return answers
`

/** KEYS names, ends; ARGV now, where to begin, how many: names of what has not ended, in order. */
const listed = `
local now, from, want, found = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), {}
while true do
  local page = redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, 1000)
  if #page == 0 then return found end
  local ends = redis.call('ZMSCORE', KEYS[2], unpack(page))
  for i, name in ipairs(page) do
    if ends[i] and tonumber(ends[i]) >= now then
      found[#found + 1] = name
      if #found == want then return found end
    end
  end
  from = '(' .. page[#page]
end
`

/** A script, and the name under which a server has it that was given it once. */
export interface Script {
  readonly lua: string
  readonly sha: string
}

function scriptOf(lua: string): Script {
  return { lua, sha: hash('sha1', lua) }
}

export const writeScript = scriptOf(written)
export const listScript = scriptOf(listed)
