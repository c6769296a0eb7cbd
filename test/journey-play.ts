/** Journeys that people begin, answer, repeat, resume and spoil, each held against `test/journey-model.ts`. */
import assert from 'node:assert/strict'
import { people as accounts } from '../src/config/user/people.ts'
import { openAuthId } from '../src/journey/auth-id.ts'
import { workedOnFor } from '../src/journey/engine/record.ts'
import type { NodeType, Visit } from '../src/journey/journey.ts'
import { nodeTypes } from '../src/journey/node-types.ts'
import { resume, run, show, start } from '../src/journey/run.ts'
import type { Step } from '../src/journey/step.ts'
import { memoryStore } from '../src/store/memory/memory.ts'
import { StoreUnavailable } from '../src/store/store.ts'
import { altered } from './altered.ts'
import { failingWrites } from './failing-writes.ts'
import type { Deed } from './journey-deed.ts'
import type { ModelTree, Standing } from './journey-model.ts'
import { begun, goneOn, idOf, innerName, modelNodes } from './journey-model.ts'
import { written } from './journey-trees.ts'
import { people } from './people.ts'
import { withTrees } from './trees.ts'

const world = await people()
const { types, effects, links } = modelNodes(world.demo)
Object.assign(
  nodeTypes as Record<string, NodeType>,
  Object.fromEntries(types.map((row) => [row.type, row])),
)

/** A step that somebody was handed, what they answered to it, and until when it can be read. */
interface Given {
  readonly authId: string
  readonly until: number
  answered?: string
}

/** A journey that somebody has begun. */
interface Begun {
  readonly visitor: string
  readonly given: Given[]
  /** The second in which it began to be over for who never answered. */
  readonly firstUntil: number
  until: number
  standing: Standing
  /** Whether the last answer led to where it stands; not once it was resumed. */
  byAnswer: boolean
  endedAt?: number
  /** What came of its last answer is lost, so that nobody takes the step any more. */
  abandoned?: true
}

let visitors = 0

export async function newPlay(inner: ModelTree, first: ModelTree) {
  const { clock } = world
  const { store: records, fail } = failingWrites(memoryStore(() => clock.now))
  const trees = new Map([inner, first].map((tree) => [tree.name, tree]))
  const save = () =>
    withTrees(
      { ...world.alpha, records },
      Object.fromEntries([...trees].map(([name, tree]) => [name, written(tree)])),
    )
  let realm = await save()
  const all: Begun[] = []
  const visit = (visitor: string): Visit => ({
    ...{ peer: '127.0.0.1', session: undefined, login_hint: undefined, locales: [] },
    device: visitor,
  })
  const resumeAt = { resumeUri: (id: string): string => id, people: accounts }
  const inputs = (answer: string) => new Map([['IDToken1', answer]])

  async function send(begun: Begun, given: Given, answer: string): Promise<Step> {
    const authId = openAuthId(realm, given.authId)
    if (typeof authId !== 'object') return { kind: 'over' }
    const step = await run(realm, visit(begun.visitor), authId, inputs(answer), resumeAt)
    if (step.kind === 'success' || step.kind === 'failure') await step.settle(begun.visitor)
    return step
  }

  /** Whether a step says where the journey stands now. */
  function tells(begun: Begun, step: Step, again: boolean): void {
    const { standing, visitor } = begun
    assert.equal(effects.get(visitor) ?? 0, standing.effects, 'effects')
    if (standing.kind === 'changed') {
      assert.equal(step.kind, 'over')
      return
    }
    if (standing.kind === 'success' || standing.kind === 'failure') {
      if (again) {
        assert.deepEqual(step, { kind: 'again', told: visitor })
        return
      }
      assert.equal(step.kind, standing.kind)
      assert.ok(step.kind === 'success' || step.kind === 'failure')
      assert.equal(step.ended.user !== undefined, standing.proven, 'whom it proved')
      return
    }
    assert.ok(step.kind === 'ask', step.kind)
    assert.equal(step.suspended, standing.kind === 'suspend')
    const prompt = step.callbacks[0]?.output[0]?.value
    const [frame] = standing.frames
    const id = frame && idOf(frame.tree, frame.at as number)
    assert.equal(typeof prompt === 'string' ? prompt.replace(/\.+$/, '') : id, id)
  }

  /** Takes over where a journey has come to. */
  function came(begun: Begun, step: Step, byAnswer: boolean): void {
    begun.byAnswer = byAnswer
    const { kind } = begun.standing
    if (kind === 'suspend') begun.until = clock.now + 300
    if (kind === 'success' || kind === 'failure') begun.endedAt = clock.now
    if (step.kind === 'ask') begun.given.push({ authId: step.authId, until: begun.until })
  }

  const isLive = ({ until }: Begun): boolean => clock.now < until
  const isFree = (begun: Begun): boolean => isLive(begun) && begun.abandoned !== true

  /** What answering a step has to come to: on, to the same as before, or nowhere. */
  function expected(begun: Begun, given: Given, answer: string): 'on' | 'again' | 'over' {
    if (clock.now >= given.until) return 'over'
    const { standing, given: all, endedAt, firstUntil } = begun
    if (given.answered === undefined)
      return given === all.at(-1) && standing.kind === 'ask' && isFree(begun) ? 'on' : 'over'
    const latest = all.findLast(({ answered }) => answered !== undefined)
    if (given !== latest || given.answered !== answer || !begun.byAnswer) return 'over'
    if (standing.kind === 'changed') return 'over'
    if (endedAt !== undefined)
      return clock.now <= Math.max(endedAt + 60, firstUntil) ? 'again' : 'over'
    return isLive(begun) ? 'again' : 'over'
  }

  async function began(): Promise<void> {
    visitors += 1
    const visitor = `visitor ${visitors}`
    const step = await start(realm, visit(visitor), { journey: 'Outside', resumeAt })
    const until = clock.now + 300
    const standing = begun(trees, 'Outside')
    const one: Begun = { visitor, given: [], firstUntil: until, until, standing, byAnswer: false }
    tells(one, step, false)
    came(one, step, false)
    all.push(one)
  }

  async function answer({ which, back, answer, times }: Deed): Promise<void> {
    const begun = all[which % all.length] as Begun
    const given = begun.given.at(-1 - back)
    if (given === undefined) return
    const outcome = expected(begun, given, answer)
    if (outcome === 'on') begun.standing = goneOn(trees, begun.standing, answer)
    const steps = await Promise.all(Array.from({ length: times }, () => send(begun, given, answer)))
    if (outcome === 'over')
      return assert.deepEqual(
        steps,
        steps.map(() => ({ kind: 'over' })),
      )
    if (outcome === 'again') {
      for (const step of steps) tells(begun, step, true)
      return
    }
    given.answered = answer
    const isEnd = (step: Step): boolean => step.kind === 'success' || step.kind === 'failure'
    const ofOne = steps.find(isEnd) ?? (steps[0] as Step)
    if (isEnd(ofOne)) assert.equal(steps.filter(isEnd).length, 1)
    for (const step of steps) tells(begun, step, step !== ofOne)
    came(begun, ofOne, true)
  }

  /** Two different answers to the same step, at once: one counts. */
  async function race({ which }: Deed): Promise<void> {
    const begun = all[which % all.length] as Begun
    const given = begun.given.at(-1)
    if (given === undefined || expected(begun, given, 'right') !== 'on') return
    if (given.answered !== undefined) return
    const answers = ['right', 'wrong'] as const
    const steps = await Promise.all(answers.map((each) => send(begun, given, each)))
    const lost = steps.findIndex(({ kind }) => kind === 'over')
    const from = begun.standing
    const led = answers.map((each) => goneOn(trees, from, each))
    if (led.every(({ kind }) => kind === 'changed')) {
      begun.standing = led[0] as Standing
      given.answered = 'neither'
      return assert.deepEqual(
        steps.map(({ kind }) => kind),
        ['over', 'over'],
      )
    }
    const won = steps.findIndex(({ kind }) => kind !== 'over')
    if (won === -1) {
      // Whichever came first led to a tree that is no longer what it was.
      const changed = led.findIndex(({ kind }) => kind === 'changed')
      begun.standing = led[changed] as Standing
      given.answered = answers[changed] as string
      return assert.equal(effects.get(begun.visitor) ?? 0, begun.standing.effects)
    }
    assert.notEqual(lost, -1, 'both were taken')
    begun.standing = led[won] as Standing
    given.answered = answers[won] as string
    tells(begun, steps[won] as Step, false)
    came(begun, steps[won] as Step, true)
  }

  async function resumed({ which, times }: Deed): Promise<void> {
    const begun = all[which % all.length] as Begun
    const link = links.get(begun.visitor)
    if (link === undefined) return
    const goes = begun.standing.kind === 'suspend' && isFree(begun)
    if (goes) {
      begun.standing = goneOn(trees, begun.standing)
      begun.until = clock.now + 300
    }
    const steps = await Promise.all(
      Array.from({ length: times }, () =>
        resume(realm, visit(begun.visitor), link, '', () => resumeAt),
      ),
    )
    // Whoever came at the same time may be told to come again.
    const on = steps.filter(({ kind }) => kind !== 'over' && kind !== 'busy')
    for (const step of on)
      if (step.kind === 'success' || step.kind === 'failure') await step.settle({})
    if (!goes || begun.standing.kind === 'changed') {
      assert.equal(on.length, 0)
      assert.equal(effects.get(begun.visitor) ?? 0, begun.standing.effects)
      return
    }
    assert.equal(on.length, 1, 'resumed more than once')
    tells(begun, on[0] as Step, false)
    came(begun, on[0] as Step, false)
  }

  /** The store fails before it has what came of a step: that happened, and the step can be taken again, or is over. */
  async function lost({ which, answer, times }: Deed): Promise<void> {
    const begun = all[which % all.length] as Begun
    const given = begun.given.at(-1)
    const link = links.get(begun.visitor)
    const suspended = begun.standing.kind === 'suspend' && isFree(begun) && link !== undefined
    if (!suspended && (given === undefined || expected(begun, given, answer) !== 'on')) return
    const led = goneOn(trees, begun.standing, suspended ? undefined : answer)
    // Once: it is given back. As long as anybody waits: it is not, and nobody takes it any more.
    fail(1, times > 1 ? Number.POSITIVE_INFINITY : 1)
    const tried = suspended
      ? resume(realm, visit(begun.visitor), link, '', () => resumeAt).then(async (step) => {
          if (step.kind === 'success' || step.kind === 'failure') await step.settle({})
        })
      : send(begun, given as Given, answer)
    await assert.rejects(tried, StoreUnavailable)
    fail(0, 0)
    if (link !== undefined) links.set(begun.visitor, link)
    begun.standing = { ...begun.standing, effects: led.effects }
    if (times === 1) return
    begun.abandoned = true
    clock.now += workedOnFor
  }

  async function shown({ which }: Deed): Promise<void> {
    const begun = all[which % all.length] as Begun
    const given = begun.given.at(-1)
    const authId = given && openAuthId(realm, given.authId)
    if (given?.answered !== undefined || typeof authId !== 'object' || !isFree(begun)) return
    if (begun.standing.kind === 'ask') tells(begun, await show(realm, authId), false)
  }

  return {
    start: began,
    deeds: {
      start: began,
      answer,
      race,
      resume: resumed,
      lose: lost,
      show: shown,
      async wait({ seconds }: Deed): Promise<void> {
        clock.now += seconds
      },
      async tamper({ which, place }: Deed): Promise<void> {
        const given = all[which % all.length]?.given.at(-1)
        if (given === undefined) return
        const text = altered(given.authId, place % given.authId.length)
        assert.equal(typeof openAuthId(realm, text), 'undefined')
      },
      async change(_: Deed, second: ModelTree): Promise<void> {
        trees.set('Outside', { ...second })
        trees.set(innerName, { ...(trees.get(innerName) as ModelTree) })
        realm = await save()
      },
    },
    /** After their time no journey has left a record. */
    async nothingIsLeft(): Promise<void> {
      const before = clock.now
      clock.now += 1000
      const { records: left } = await records.walk(1000)
      assert.deepEqual(left, [])
      clock.now = before
    },
  }
}
