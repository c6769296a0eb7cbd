import assert from 'node:assert/strict'
import { test } from 'node:test'
import { origin, requestOf } from '../../../test/world.ts'
import { apiVersion, openJson } from './version.ts'

const request = (method: string, headers: Record<string, string> = {}) =>
  requestOf(method, origin, { headers })

const asks: [
  name: string,
  asked: string | undefined,
  supported: string[],
  served: string | number,
][] = [
  ['the newest without a header', undefined, ['1.1', '2.1'], '2.1'],
  ['a lower minor is served by a higher one', 'resource=2.0, protocol=1.0', ['2.1'], '2.1'],
  ['in either order', 'protocol=1.0,resource=2.1', ['2.1'], '2.1'],
  ['frodo’s protocol', 'protocol=2.1,resource=1.0', ['1.0'], '1.0'],
  ['the major asked for', 'resource=3.1, protocol=1.0', ['2.1', '3.1', '4.0'], '3.1'],
  ['only a protocol', 'protocol=1.0', ['2.1'], '2.1'],
  ['a higher minor is not served', 'resource=2.2', ['2.1'], 404],
  ['an unknown major is not served', 'resource=42.0, protocol=1.0', ['2.1'], 404],
  ['an unknown protocol is not served', 'resource=2.1, protocol=3.0', ['2.1'], 404],
  ['no version at all', 'nonsense', ['2.1'], 400],
  ['a version named twice', 'resource=2.1, resource=2.0', ['2.1'], 400],
  ['a number too long', 'resource=2.00000', ['2.1'], 400],
]
for (const [name, asked, supported, served] of asks) {
  test(`PingAM: rest-api-versioning ${name}`, () => {
    const version = apiVersion(
      request('POST', asked === undefined ? {} : { 'accept-api-version': asked }),
      supported,
    )
    if ('status' in version) {
      assert.equal(version.status, served)
      if (served === 404) assert.deepEqual(version, { status: 404, headers: {}, body: '' })
      return
    }
    assert.equal(version.resource, served)
    assert.equal(version.headers['content-api-version'], `resource=${served}`)
    assert.equal('warning' in version.headers, asked?.includes('resource') !== true)
  })
}

test('PingAM: rest-api-csrf a write needs a header that no form can send', () => {
  const plain = openJson(request('POST', { 'content-type': 'text/plain' }), ['2.1'])
  assert.ok('status' in plain)
  assert.equal(plain.status, 403)
  assert.equal(plain.body, '{"code":403,"reason":"Forbidden","message":"Forbidden"}')
  for (const method of ['PUT', 'DELETE', 'PATCH'])
    assert.ok('status' in openJson(request(method), ['2.1']))
  assert.ok('resource' in openJson(request('GET'), ['2.1']))
  assert.ok(
    'resource' in openJson(request('POST', { 'x-requested-with': 'forgerock-sdk' }), ['2.1']),
  )
  assert.ok(
    'resource' in openJson(request('POST', { 'accept-api-version': 'resource=2.1' }), ['2.1']),
  )
})
