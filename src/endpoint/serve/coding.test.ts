import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base, bodyOf, origin, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { endpoints } from '../index.ts'
import type { Endpoint } from './endpoint.ts'

const w = await world()
const form = 'application/x-www-form-urlencoded'
const forms = endpoints.filter((e) => e.under === 'oauth2' && e.methods.includes('POST'))

function send(
  { path, under }: Endpoint,
  method: string,
  headers: Readonly<Record<string, string>>,
  body = 'a=b',
): Promise<HttpResponse> {
  const above = {
    oauth2: base,
    json: `${origin}/am/json/realms/root/realms/alpha`,
    am: `${origin}/am`,
    root: origin,
    openidm: `${origin}/openidm`,
  }[under]
  return w.serve(requestOf(method, above + path.replace('/*', '/x'), { headers, body }))
}

/** What it comes to: of pages the status, of others the whole. */
function outcome({ status, headers, body }: HttpResponse): unknown {
  return String(headers['content-type']).startsWith('text/html') ? status : [status, String(body)]
}

for (const endpoint of forms) {
  test(`RFC 6749 appendix B ${endpoint.path}: a charset that is only said changes nothing`, async () => {
    const plain = outcome(await send(endpoint, 'POST', { 'content-type': form }))
    for (const charset of ['utf-8', 'ISO-8859-1', 'us-ascii', 'windows-1252', '""', '"utf-8"'])
      assert.deepEqual(
        outcome(await send(endpoint, 'POST', { 'content-type': `${form}; charset=${charset}` })),
        plain,
        charset,
      )
  })

  test(`H-2 ${endpoint.path}: UTF-7 and UTF-16 are refused`, async () => {
    for (const charset of ['utf-7', 'UTF-16', '"utf-16le"', 'utf-16be', 'utf-8; charset=utf-7']) {
      const response = await send(endpoint, 'POST', {
        'content-type': `${form}; charset=${charset}`,
      })
      assert.equal(response.status, 400, charset)
      if (endpoint.errors === 'oauth')
        assert.equal(bodyOf(response).error_description, 'Invalid Content Type', charset)
    }
  })
}

for (const endpoint of endpoints) {
  for (const method of endpoint.methods.filter((each) => each !== 'GET')) {
    test(`RFC 9110 §8.4 ${method} ${endpoint.under} ${endpoint.path}: a coded body is 415, and says what is read`, async () => {
      for (const coding of ['gzip', 'br', 'deflate', 'identity, gzip', 'x']) {
        const headers = { 'content-type': form, 'content-encoding': coding }
        const response = await send(endpoint, method, headers)
        assert.equal(response.status, 415, coding)
        assert.equal(response.headers['accept-encoding'], 'identity')
      }
      for (const coding of ['identity', 'Identity', '']) {
        const headers = { 'content-type': form, 'content-encoding': coding }
        const { headers: answered } = await send(endpoint, method, headers)
        assert.equal(answered['accept-encoding'], undefined, coding)
      }
      const empty = await send(endpoint, method, { 'content-encoding': 'gzip' }, '')
      assert.equal(empty.headers['accept-encoding'], undefined, 'no body')
    })
  }
}
