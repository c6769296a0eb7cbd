import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people, request } from '../../../test/people.ts'
import { inHashLane } from '../../base/hashing/lanes.ts'
import { lanes, waiting } from '../../base/hashing/queues.ts'
import { oneATurn } from '../../base/one-a-turn.ts'
import { nextTurn } from '../../base/time.ts'
import { createSession } from '../../session/session.ts'
import { deviceCookie } from '../../user/device.ts'
import { findEndUser } from '../../user/end-user.ts'
import { note, noteOf } from '../../user/notes.ts'
import { changeOwnPassword } from './own-password.ts'

test('C-34 however many change their password at once, whoever logs in begins', async () => {
  const { alpha, demo } = await people()
  const session = await createSession(alpha, demo, 'Login')
  const { promise, resolve } = Promise.withResolvers<void>()
  const running = Array.from({ length: lanes }, () =>
    inHashLane({ kind: 'login', source: 'before' }, () => promise),
  )
  // Each by a browser of its own, so that none is taken for the same as another.
  const changes = Array.from({ length: 4 * (lanes + 1) }, () => {
    const device = /=([^;]*)/.exec(deviceCookie(alpha, request('POST', '/'), demo))?.[1]
    const change = { current: 'Ch4ng31t', next: '', peer: '192.0.2.1', device }
    return changeOwnPassword(alpha, session, change)
  })
  for (let turn = 0; turn < 100 && waiting.size < changes.length; turn += 1) await nextTurn()
  assert.equal(waiting.size, changes.length)
  const begun = oneATurn(() => 'begun', { kind: 'login', source: '192.0.2.2' })
  resolve()
  await Promise.all([...running, ...changes])
  assert.equal(begun, 'begun')
})

test('PingDS: a password that has to be another one is not replaced by itself', async () => {
  const { alpha, demo } = await people()
  const session = await createSession(alpha, demo, 'Login')
  await note(alpha, demo.sub, () => ({ mustChangePassword: true }))
  const change = (next: string) =>
    changeOwnPassword(alpha, session, {
      ...{ current: 'Ch4ng31t', next, peer: '192.0.2.1', device: undefined },
    })
  const isToBeChanged = async () => {
    const user = await findEndUser(alpha, demo.sub)
    return user && noteOf(user, 'mustChangePassword')
  }
  assert.deepEqual(await change('Ch4ng31t'), {
    ...{ path: 'userpassword', text: 'must be another one than before' },
  })
  assert.equal(await isToBeChanged(), true)
  assert.equal(await change('another one 1'), undefined)
  assert.equal(await isToBeChanged(), undefined)
})
