import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people, request } from '../../../test/people.ts'
import { serverInfo } from './server-info.ts'

const { alpha } = await people({ cookieName: '6ac6499e9da2071' })

async function get(rest: string, resource: string, origin = 'http://localhost:8080') {
  const headers = { 'accept-api-version': `resource=${resource}` }
  const more = { rest, origin }
  return serverInfo.handle(alpha, request('GET', `/serverinfo/${rest}`, headers, '', more))
}

test('PingAM: serverinfo/* names the cookie, with an ETag that is its _rev', async () => {
  for (const rest of ['*', '%2A', '%2a']) {
    const answer = await get(rest, '1.1')
    const info = JSON.parse(String(answer.body))
    assert.equal(answer.status, 200)
    assert.deepEqual(
      [info._id, info.cookieName, info.secureCookie],
      ['*', '6ac6499e9da2071', false],
    )
    assert.deepEqual([info.domains, info.realm], [[], '/alpha'])
    assert.match(info._rev, /^-?\d+$/)
    assert.equal(answer.headers.etag, `"${info._rev}"`)
    assert.equal(answer.headers['content-api-version'], 'resource=1.1')
    assert.equal(answer.headers['cache-control'], 'no-store')
  }
  const secure = JSON.parse(String((await get('*', '1.1', 'https://as.example')).body))
  assert.equal(secure.secureCookie, true)
})

test('PingAM: serverinfo/version is one below 8.1.0', async () => {
  const info = JSON.parse(String((await get('version', '1.0')).body))
  assert.deepEqual(Object.keys(info), ['_id', '_rev', 'version', 'fullVersion', 'revision', 'date'])
  assert.equal(info._id, 'version')
  for (const text of [info.version, info.fullVersion]) {
    const [, major, minor] = /(\d+)\.(\d+)\.\d+/.exec(text) ?? []
    assert.ok(Number(major) < 8 || (Number(major) === 8 && Number(minor) < 1))
  }
})

test('PingAM: anything else below serverinfo is not found', async () => {
  for (const rest of ['', 'nonsense', '**', '__proto__', '*/x']) {
    const answer = await get(rest, '1.1')
    assert.deepEqual(
      [answer.status, answer.body],
      [404, '{"code":404,"reason":"Not Found","message":"Not Found"}'],
    )
  }
  assert.equal((await get('*', '9.0')).status, 404)
})
