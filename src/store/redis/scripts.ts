import { hash } from 'node:crypto'

/*
 * What Redis does in one step. A value begins with its version and its last second, 6 bytes each; what has
 * ended by the time of the caller counts as not there, whatever Redis's own clock says.
 */

/** How a write script ended. */
export const ended = { lost: 0, won: 1, spent: 2 } as const

const shared = `
local now = tonumber(ARGV[1])
local function live(key)
  local head = redis.call('GETRANGE', key, 0, 11)
  if #head < 12 or struct.unpack('>I6', head, 7) < now then return nil end
  return string.sub(head, 1, 6)
end
local function put(key, value, ttl)
  if ttl == '0' then redis.call('SET', key, value) else redis.call('SET', key, value, 'EX', ttl) end
end
`

/** Of a write: KEYS record, names, ends, counter, mark, as far as it has them; ARGV as in `write.ts`. */
const filing = `
local function file(names, ends)
  local gone = redis.call('ZRANGEBYSCORE', ends, '-inf', '(' .. ARGV[7], 'LIMIT', 0, 10)
  if #gone > 0 then
    redis.call('ZREM', names, unpack(gone))
    redis.call('ZREM', ends, unpack(gone))
  end
  local ttl = tonumber(ARGV[3])
  for key, score in pairs({ [names] = '0', [ends] = ARGV[6] }) do
    local before = redis.call('TTL', key)
    redis.call('ZADD', key, score, ARGV[5])
    if ttl == 0 then
      if before >= 0 then redis.call('PERSIST', key) end
    elseif before == -2 or (before >= 0 and before < ttl) then
      redis.call('EXPIRE', key, ttl)
    end
  end
end
`

const unfiling = `
local function file(names, ends)
  redis.call('ZREM', names, ARGV[5])
  redis.call('ZREM', ends, ARGV[5])
end
`

/** Which of its keys a write script is given beside the record's. */
export interface Given {
  /** Names and ends of the record's folder. */
  readonly filed: boolean
  /** The count of changes, told on the channel. */
  readonly counted: boolean
  readonly marked: boolean
}

/** What is done where the record is as the verb wants it. */
const verbs = {
  insert: { when: 'not live(KEYS[1])', what: 'put(KEYS[1], ARGV[2], ARGV[3])', filing },
  replace: { when: 'live(KEYS[1]) == ARGV[4]', what: 'put(KEYS[1], ARGV[2], ARGV[3])', filing },
  delete: { when: 'live(KEYS[1])', what: `redis.call('DEL', KEYS[1])`, filing: unfiling },
}

export type Verb = keyof typeof verbs

/** A write: gives how it ended, or that and the count where changes are counted. */
function written(verb: Verb, { filed, counted, marked }: Given): string {
  const { when, what, filing: ofFolder } = verbs[verb]
  const counter = `KEYS[${filed ? 4 : 2}]`
  const mark = `KEYS[${2 + (filed ? 2 : 0) + (counted ? 1 : 0)}]`
  const count = counted
    ? `local function done(ended, changed)
  local count = 0
  if changed then
    count = redis.call('INCR', ${counter})
    redis.call('PUBLISH', ARGV[8], count)
  end
  return { ended, count }
end`
    : 'local function done(ended) return ended end'
  const spend = `if live(${mark}) then return done(${ended.spent}, false) end
put(${mark}, ARGV[9], ARGV[10])`
  return `${shared}${filed ? ofFolder : ''}${count}
${marked ? spend : ''}
if not (${when}) then return done(${ended.lost}, ${marked}) end
${what}
${filed ? 'file(KEYS[2], KEYS[3])' : ''}
return done(${ended.won}, true)`
}

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

const yesAndNo = [false, true]

/** The name of a write. */
export function nameOf(verb: Verb, { filed, counted, marked }: Given): string {
  return `parapet_${verb}${filed ? '_filed' : ''}${counted ? '_counted' : ''}${marked ? '_marked' : ''}`
}

export const listName = 'parapet_list'

/** A script, and the name under which a server has it that was given it once. */
export interface Script {
  readonly lua: string
  readonly sha: string
}

function scriptOf(lua: string): Script {
  return { lua, sha: hash('sha1', lua) }
}

/** All of them by their names. */
export const scripts: Readonly<Record<string, Script>> = {
  [listName]: scriptOf(listed),
  ...Object.fromEntries(
    (['insert', 'replace', 'delete'] as const).flatMap((verb) =>
      yesAndNo.flatMap((filed) =>
        yesAndNo.flatMap((counted) =>
          yesAndNo.map((marked) => {
            const given = { filed, counted, marked }
            return [nameOf(verb, given), scriptOf(written(verb, given))]
          }),
        ),
      ),
    ),
  ),
}
