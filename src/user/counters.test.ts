import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { people } from '../../test/people.ts'
import { userFolder } from './account/key.ts'
import {
  afterChange,
  epochFor,
  withAllEnded,
  withApplicationEnded,
  withSessionsEnded,
} from './counters.ts'
import type { EndUser } from './end-user.ts'
import { changeEndUser, findEndUser } from './end-user.ts'
import { endAllOf, endSessionsOf } from './epoch.ts'

const { alpha, demo } = await people()

/** How a server counts that knows one counter for everything, and those of applications. */
const older = {
  session: (user: EndUser) => user.epoch,
  grant: (user: EndUser) => user.epoch + (user.withdrawn.one ?? 0),
}
const ours = {
  session: (user: EndUser) => user.epoch,
  grant: (user: EndUser) => epochFor(user, 'one'),
}

const ends: Readonly<Record<string, (user: EndUser) => EndUser>> = {
  all: withAllEnded,
  sessions: withSessionsEnded,
  one: (user) => withApplicationEnded(user, 'one'),
  other: (user) => withApplicationEnded(user, 'other'),
}
const over = { session: ['all', 'sessions'], grant: ['all', 'one'] } as const

test('C-37 what is over is over for servers that know two counters and for those that know one, whichever made it', () => {
  const step = fc.constantFrom(...Object.keys(ends))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let user = demo
      const states = [user, ...steps.map((name) => (user = ends[name]?.(user) ?? user))]
      for (const what of ['session', 'grant'] as const)
        for (const maker of [older, ours])
          for (const reader of [older, ours])
            for (let made = 0; made < states.length; made += 1)
              for (let read = made; read < states.length; read += 1) {
                const [then, now] = [states[made] ?? user, states[read] ?? user]
                const lives = maker[what](then) === reader[what](now)
                const between = steps.slice(made, read)
                const ended = between.some((name) => over[what].some((each) => each === name))
                if (ended) assert.equal(lives, false)
                else if (maker === ours && reader === ours) assert.equal(lives, true)
              }
    }),
  )
})

test('C-37 a change of password ends sessions and, as the realm says, grants; deactivation ends both; nothing else ends any', () => {
  const keeping = { provider: { passwordChangeEndsGrants: false } }
  const ending = { provider: { passwordChangeEndsGrants: true } }
  const cases: readonly (readonly [
    what: string,
    realm: typeof ending,
    before: Partial<EndUser>,
    change: Partial<EndUser>,
    ended: readonly [sessions: boolean, grants: boolean],
  ])[] = [
    ['another password', ending, {}, { password: 'another' }, [true, true]],
    ['another password, grants kept', keeping, {}, { password: 'another' }, [true, false]],
    ['the same hash again', ending, {}, { password: demo.password }, [false, false]],
    ['deactivated', keeping, {}, { status: 'Inactive' }, [true, true]],
    ['activated', ending, { status: 'Inactive' }, { status: 'Active' }, [false, false]],
    ['inactive still', ending, { status: 'Inactive' }, { status: 'Inactive' }, [false, false]],
    ['roles', ending, {}, { roles: ['admin'], attributes: {} }, [false, false]],
  ]
  for (const [what, realm, state, change, ended] of cases) {
    const before = { ...demo, ...state }
    const after = afterChange(realm, before, { ...before, ...change })
    const seen = [after.epoch !== before.epoch, epochFor(after, 'x') !== epochFor(before, 'x')]
    assert.deepEqual(seen, ended, what)
  }
})

test('the second counter is stored only where it differs: what was written before has both at one', async () => {
  const stored = async (): Promise<Record<string, unknown>> => {
    const { value } =
      (await alpha.settings.get(`${userFolder(alpha)}/${demo.sub}`)) ?? assert.fail()
    return JSON.parse(value.toString()) as Record<string, unknown>
  }
  await changeEndUser(alpha, demo.sub, { password: '' })
  assert.deepEqual([(await stored()).epoch, 'grantEpoch' in (await stored())], [1, false])
  await endSessionsOf(alpha, demo.sub)
  assert.deepEqual([(await stored()).epoch, (await stored()).grantEpoch], [2, 1])
  assert.equal((await findEndUser(alpha, demo.sub))?.grantEpoch, 1)
  await endAllOf(alpha, demo.sub)
  assert.deepEqual([(await stored()).epoch, 'grantEpoch' in (await stored())], [3, false])
})
