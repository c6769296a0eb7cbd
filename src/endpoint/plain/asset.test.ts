import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { newTrace } from '../../base/trace.ts'
import { stylesheet } from '../../page/static-file.ts'
import type { Realm } from '../../realm/realm.ts'
import { assets } from './asset.ts'

const css = assets.find(({ path }) => path === '/XUI/parapet.css')

function request(query: string, ifNoneMatch?: string): HttpRequest {
  const headers = ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }
  return {
    ...{ method: 'GET', path: '/am/XUI/parapet.css', query, headers, rawHeaders: [], rest: '' },
    ...{ body: Buffer.alloc(0), origin: 'http://localhost:8080', peer: '127.0.0.1' },
    trace: newTrace({ method: 'GET', peer: '127.0.0.1' }),
  }
}

function get(query: string, ifNoneMatch?: string): HttpResponse {
  return css?.handle({} as Realm, request(query, ifNoneMatch)) as HttpResponse
}

test('RFC 9111 §5.2.2 the address pages use may be kept, another is asked for again', () => {
  const named = get(new URL(stylesheet.href, 'http://x').search.slice(1))
  assert.equal(named.status, 200)
  assert.equal(named.headers['content-type'], 'text/css;charset=UTF-8')
  assert.match(String(named.headers['cache-control']), /immutable/)
  assert.match(named.body.toString(), /prefers-color-scheme/)
  for (const query of ['', 'v=', 'v=other']) {
    assert.equal(get(query).headers['cache-control'], 'no-cache', query)
  }
})

test('C-30 nothing that pages load can be taken for another type, and only scripts are some', async () => {
  for (const asset of assets) {
    const { headers } = await asset.handle({} as Realm, request(''))
    assert.equal(headers['x-content-type-options'], 'nosniff', asset.path)
    const script = headers['content-type'] === 'text/javascript;charset=UTF-8'
    assert.equal(script, asset.path.endsWith('.js'), asset.path)
  }
})

test('RFC 9110 §13.1.2 a known version is not sent again', () => {
  const { etag } = stylesheet
  for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const answer = get('', known)
    assert.equal(answer.status, 304, known)
    assert.equal(answer.body, '')
    assert.equal(answer.headers.etag, etag)
  }
  for (const other of ['"x"', etag.slice(1, -1), '']) assert.equal(get('', other).status, 200)
})
