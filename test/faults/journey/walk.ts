/** Journeys of the demo's user at any server: each of their steps counts once, and a session has had all of them. */
import type { Json, JsonObject } from '../../../src/base/json.ts'
import { isObject, member } from '../../../src/base/json.ts'
import { begun, step } from '../../race/journey/steps.ts'
import type { Thing } from '../history.ts'
import type { Node } from '../node.ts'
import { bodyOf, called, type Stage } from '../stage.ts'
import { oneOf, some, thingOf } from '../things.ts'
import { noteUse } from '../uses.ts'
import { walkedName } from './walked.ts'

/** What is answered in turn on the way to a session; and what leads to none, in place of the last. */
const right: readonly Json[] = ['demo', 'Ch4ng31t', 0]
const leave: Json = 1
const last = right.length - 1

/** A step that was asked, and nothing more is known of. */
export interface Walk {
  readonly journey: number
  /** How many steps were answered before. */
  readonly at: number
  readonly asked: JsonObject
  readonly thing: Thing
}

let journeys = 0

/** Notes a step that was handed out, which its `authId` says the end of. */
function handed(stage: Stage, by: string, journey: number, at: number, asked: JsonObject): Walk {
  const thing = thingOf('journey', '/alpha', `${journey}.${at}`)
  const [, claims = ''] = String(asked.authId).split('.')
  const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number }
  stage.history.give(by, thing, exp)
  const walk = { journey, at, asked, thing }
  stage.walks.push(walk)
  return walk
}

/** Begins one, which stores nothing. */
export async function beginWalk(
  stage: Stage,
  node: Node = oneOf(stage),
): Promise<Walk | undefined> {
  const answer = await called(stage, node, () => step(node.w, begun(walkedName)))
  if (answer === undefined || answer.status === 503) return undefined
  if (answer.status !== 200) stage.wrong.push(`a journey: ${answer.status} ${answer.text}`)
  journeys += 1
  return answer.status === 200
    ? handed(stage, node.name, journeys, 0, bodyOf(answer) as JsonObject)
    : undefined
}

/** Answers a step, and notes what came of it; gives the next one. */
export async function answerWalk(
  stage: Stage,
  { journey, at, asked, thing }: Walk,
  node: Node = oneOf(stage),
  value: Json = right[at] ?? '',
): Promise<Walk | undefined> {
  const ended = noteUse(stage, node, thing)
  const answer = await called(stage, node, () => step(node.w, {}, asked, value))
  if (answer === undefined || answer.status === 503) {
    ended({ phase: 'unknown' })
    return undefined
  }
  const body = bodyOf(answer) as JsonObject
  const kind = endOf(answer.status, body)
  if (kind === 'over') ended({ phase: 'fail' })
  else if (kind === undefined) ended({ phase: 'unknown' })
  else ended({ phase: 'ok', result: `${kind} by ${String(value)} ${String(body.tokenId ?? '')}` })
  if (kind !== 'over' && kind !== expected(at, value))
    stage.wrong.push(`step ${at} of a journey, ${String(value)}: ${answer.status} ${answer.text}`)
  return kind === 'asked' ? handed(stage, node.name, journey, at + 1, body) : undefined
}

type End = 'asked' | 'session' | 'failure' | 'over'

function endOf(status: number, body: JsonObject): End | undefined {
  if (status === 200) return member(body, 'authId') === undefined ? 'session' : 'asked'
  if (status !== 401) return undefined
  const { detail } = body
  return isObject(detail) && member(detail, 'errorCode') === '110' ? 'over' : 'failure'
}

/** A session comes of the last node alone, after all others. */
function expected(at: number, value: Json): End {
  if (at < last) return 'asked'
  return value === leave ? 'failure' : 'session'
}

/** Goes through one, now and then with two answers at once, and leaves it wherever chance has it. */
export async function goThrough(stage: Stage): Promise<void> {
  let walk = await beginWalk(stage)
  while (walk !== undefined && some(0.85)) {
    const now: Walk = walk
    const answers = [right[now.at]]
    if (some(0.3)) answers.push(now.at === last && some(0.5) ? leave : right[now.at])
    const next = await Promise.all(
      answers.map((answer) => answerWalk(stage, now, oneOf(stage), answer)),
    )
    walk = next.find((each) => each !== undefined)
  }
}

/** One that waits for its last answer. */
export async function walkToLast(stage: Stage): Promise<Walk> {
  let walk = await beginWalk(stage)
  while (walk !== undefined && walk.at < last) walk = await answerWalk(stage, walk)
  if (walk === undefined) throw new Error('no journey')
  return walk
}
