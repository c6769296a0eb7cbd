import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeys } from '../../../test/journeys.ts'
import { letterBox } from '../../../test/letters.ts'
import { people } from '../../../test/people.ts'
import { anyState } from '../kind.ts'
import { keptKind } from './document.ts'
import { unservedObjects } from './list.ts'

const path = 'openidm/config/emailTemplate/forgottenUsername'
const own = {
  enabled: true,
  subject: { en: 'Hi' },
  message: { en: 'You are {{object.userName}}.' },
}

test('PingIDM: a template is there from the start, another one is written in its place, and letters are made of that', async () => {
  const { alpha, root } = await people({ journeys: ['ForgottenUsername'] })
  const box = letterBox()
  const at = journeys({ ...alpha, mail: box.mail })
  const letter = async (): Promise<string | undefined> => {
    const first = await at.start('ForgottenUsername')
    await at.run(first.authId, { IDToken1: 'demo@example.com' })
    return (await box.fresh())[0]?.text
  }
  assert.equal((await keptKind.read(root, path))?.value._id, 'emailTemplate/forgottenUsername')
  assert.match((await letter()) ?? '', /Your user name is demo/)
  const change = { by: 'amadmin', condition: anyState }
  const saved = await keptKind.save(root, path, own, change)
  assert.equal(saved.outcome, 'created')
  assert.equal('unserved' in saved, false)
  assert.equal(await letter(), 'You are demo.')
  assert.deepEqual(await unservedObjects(root), [])
  await keptKind.remove(root, path, change)
  assert.match((await letter()) ?? '', /Your user name is demo/)
  assert.equal(await keptKind.read(root, 'openidm/config/emailTemplate/other'), undefined)
  assert.equal(await keptKind.read(alpha, path), undefined)
})
