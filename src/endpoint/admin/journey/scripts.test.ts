import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../../test/administrator.ts'
import { withEvents } from '../../../../test/events.ts'
import { exportedJourney } from '../../../../test/exported-journey.ts'
import { bodyOf, world } from '../../../../test/world.ts'
import type { JsonObject } from '../../../base/json.ts'

const w = await world()
const call = await administrator(w)
const [[id, script] = ['', {} as JsonObject]] = Object.entries(exportedJourney.scripts)

async function ask(method: string, url: string, body?: unknown) {
  const answer = await call(method, url, body, {
    'accept-api-version': 'protocol=2.0,resource=1.0',
  })
  return { status: answer.status, headers: answer.headers, body: bodyOf(answer) as JsonObject }
}

test('PingAM: a script is put, read as it came, listed by name, and deleted', async () => {
  const { value: created, events } = await withEvents(() => ask('PUT', `/scripts/${id}`, script))
  assert.equal(created.status, 201)
  assert.ok(created.headers.etag)
  assert.equal(created.headers['content-api-version'], 'resource=1.1')
  const told = events.find(({ name }) => name === 'script.saved')
  assert.ok(told)
  assert.equal((told.fields.changes as JsonObject).script, '[masked]')
  const read = await ask('GET', `/scripts/${id}`)
  assert.deepEqual([read.body, read.headers.etag], [script, undefined])
  const list = async (filter: string) =>
    (await ask('GET', `/scripts?_queryFilter=${encodeURIComponent(filter)}`)).body
  const found = await list('name eq "Mine"')
  assert.deepEqual([found.result, found.remainingPagedResults], [[script], 0])
  assert.deepEqual((await list('context eq "OIDC_CLAIMS"')).result, [])
  assert.deepEqual((await list('default eq false')).result, [script])
  assert.deepEqual((await ask('DELETE', `/scripts/${id}`)).body, { _id: id })
  const gone = await ask('GET', `/scripts/${id}`)
  const message = `Script with UUID ${id} could not be found in realm /alpha`
  assert.deepEqual(gone.body, { code: 404, reason: 'Not Found', message })
})

test('PingAM: a name is one script’s, and a script is base64', async () => {
  await ask('PUT', `/scripts/${id}`, script)
  const taken = await ask('PUT', '/scripts/other', { ...script, _id: 'other' })
  const message = 'Script with name Mine already exist in realm /alpha'
  assert.deepEqual([taken.status, taken.body.message], [409, message])
  const plain = await ask('PUT', '/scripts/other', { ...script, name: 'B', script: 'not base64!' })
  assert.equal(plain.status, 400)
})

test('C-39 a script that nothing here runs is kept and named', async () => {
  const claims = { ...script, name: 'Claims', context: 'OIDC_CLAIMS' }
  const kept = await ask('PUT', '/scripts/claims', claims)
  assert.deepEqual(kept.body.parapet, { unserved: ['*'] })
})

test('PingAM: a script is validated without being run', async () => {
  const validate = async (text: string, language = 'JAVASCRIPT') =>
    (
      await ask('POST', '/scripts?_action=validate', {
        script: Buffer.from(text).toString('base64'),
        language,
      })
    ).body
  assert.deepEqual(await validate('outcome = "true";'), { success: true })
  const wrong = await validate('outcome = 1;\noutcome = ;')
  const [error] = wrong.errors as readonly JsonObject[]
  assert.deepEqual([wrong.success, error?.line], [false, 2])
  assert.equal((await validate('x', 'GROOVY')).success, false)
})
