/**
 * Judges a history. What clients saw is held against what is promised, whatever happened to the servers:
 *
 * - *twice*: what counts once has one success; one that was asked for again and gave the same is no second.
 * - *late*: nothing is taken after its end, the last that it was given.
 * - *stranger*: nothing is taken that nobody was given: kinds and realms never meet.
 * - *ended*: nothing is taken that was seen to be ended otherwise.
 * - *lost*: what was acknowledged is not refused before its end, unless something else may have used or ended it.
 *
 * Where a clock was being set under a use, or its server was cut off from where things are kept, nothing is *late* or
 * *lost* by that use.
 *
 * An operation whose outcome is unknown may have been done or not, at any time since it was asked: it excuses
 * a refusal, and is neither a success nor a failure.
 */
import type { Doubt, Line, Thing } from './history.ts'

export interface Breach {
  readonly rule: 'twice' | 'late' | 'stranger' | 'ended' | 'lost'
  readonly thing: string
  readonly why: string
}

/**
 * One operation whole. Times in milliseconds, and places among the lines, since a clock may stand still; both are
 * endless where nobody was told how it ended.
 */
interface Whole {
  readonly process: string
  readonly phase: 'ok' | 'fail' | 'unknown'
  readonly from: number
  readonly until: number
  readonly begun: number
  readonly ended: number
  readonly expires: readonly [earliest: number, latest: number]
  readonly result: string | undefined
  readonly doubt: Doubt | undefined
}

interface About {
  readonly give: Whole[]
  readonly use: Whole[]
  readonly end: Whole[]
}

/** All breaches of a history; `tolerance`: seconds by which clocks may differ. */
export function judge(lines: readonly Line[], tolerance: number): readonly Breach[] {
  return [...byThing(lines)].flatMap(([thing, about]) =>
    rules.flatMap(([rule, find]) =>
      find(about, tolerance * 1000).map((why) => ({ rule, thing, why })),
    ),
  )
}

/** A thing as a text, of which no two have the same. */
export function nameOf({ kind, realm, name }: Thing): string {
  return `${kind} ${realm} ${name}`
}

function byThing(lines: readonly Line[]): ReadonlyMap<string, About> {
  const answers = new Map<number, readonly [Line, number]>()
  for (const [i, line] of lines.entries())
    if (line.phase !== 'invoke') answers.set(line.number, [line, i])
  const things = new Map<string, About>()
  for (const [i, line] of lines.entries()) {
    if (line.phase !== 'invoke') continue
    const name = nameOf(line.thing)
    const about = things.get(name) ?? { give: [], use: [], end: [] }
    things.set(name, about)
    about[line.operation].push(whole([line, i], answers.get(line.number)))
  }
  return things
}

function whole(
  [{ process, at }, begun]: readonly [Line, number],
  answer: readonly [Line, number] | undefined,
): Whole {
  const [end, place] = answer ?? [undefined, never]
  const phase = end === undefined || end.phase === 'invoke' ? 'unknown' : end.phase
  const [earliest, latest] = end?.expires ?? [never, never]
  const isTold = end !== undefined && phase !== 'unknown'
  return {
    ...{ process, phase, begun, from: at },
    until: isTold ? end.at + (end.ahead ?? 0) : never,
    ended: isTold ? place : never,
    expires: [earliest * 1000, latest * 1000],
    ...{ result: end?.result, doubt: end?.doubt },
  }
}

const never = Number.POSITIVE_INFINITY

/** What a rule has against what happened to one thing; `slack` in milliseconds. */
type Find = (about: About, slack: number) => readonly string[]

const succeeded = ({ use }: About): readonly Whole[] => use.filter(({ phase }) => phase === 'ok')

const twice: Find = (about) => {
  const results = new Map(succeeded(about).map((use) => [use.result, use]))
  if (results.size < 2) return []
  const who = [...results.values()].map(({ process, from }) => `${process} at ${from}`)
  return [`${results.size} successes: ${who.join(', ')}`]
}

const late: Find = (about, slack) => {
  const expires =
    about.give.length === 0 ? never : Math.max(...about.give.map((give) => give.expires[1]))
  return succeeded(about)
    .filter(({ from, doubt }) => from >= expires + 1000 + slack && doubt !== 'clock')
    .map(({ process, from }) => `${process} used it ${(from - expires) / 1000} s after its end`)
}

const stranger: Find = (about) => {
  const given = about.give.some(({ phase }) => phase !== 'fail')
  return given ? [] : succeeded(about).map(({ process }) => `${process} used what nobody was given`)
}

const ended: Find = (about) => {
  const seen = Math.min(...about.end.map(({ phase, ended }) => (phase === 'ok' ? ended : never)))
  return succeeded(about)
    .filter(({ begun }) => begun > seen)
    .map(({ process, from }) => `${process} used it at ${from}, and it had been ended`)
}

const lost: Find = ({ give, use, end }, slack) => {
  const [given] = give.filter(({ phase }) => phase === 'ok')
  if (given === undefined) return []
  const mayHaveEnded = [...use, ...end].filter(({ phase, doubt }) => phase !== 'fail' || doubt)
  return use
    .filter(({ phase, doubt }) => phase === 'fail' && doubt === undefined)
    .filter(({ until }) => until < given.expires[0] - slack)
    .filter((refusal) => !mayHaveEnded.some(({ begun }) => begun < refusal.ended))
    .map(({ process, from }) => `${process} was refused at ${from}, and nobody had used it`)
}

const rules: readonly (readonly [Breach['rule'], Find])[] = [
  ['twice', twice],
  ['late', late],
  ['stranger', stranger],
  ['ended', ended],
  ['lost', lost],
]
