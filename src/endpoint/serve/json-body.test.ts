import assert from 'node:assert/strict'
import { test } from 'node:test'
import { origin, requestOf } from '../../../test/world.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readJsonBody } from './json-body.ts'

const jsonType = { 'content-type': 'application/json; charset=utf-8' }
const bodies: [
  name: string,
  headers: Record<string, string>,
  body: string,
  code: string | undefined,
][] = [
  ['an object', jsonType, '{"a":1}', undefined],
  ['nothing with a JSON type', jsonType, '', undefined],
  ['nothing without a type', {}, '', undefined],
  [
    'a form',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'a=1',
    'unsupported_media_type',
  ],
  [
    'JSON in a charset that is only said',
    { 'content-type': 'application/json; charset=ISO-8859-1' },
    '{}',
    undefined,
  ],
  [
    'JSON in UTF-16',
    { 'content-type': 'application/json; charset=utf-16' },
    '{}',
    'unsupported_media_type',
  ],
  ['JSON that says it is text', { 'content-type': 'text/plain' }, '{}', 'unsupported_media_type'],
  ['a list', jsonType, '[]', 'bad_request'],
  ['a member twice', jsonType, '{"a":1,"a":2}', 'bad_request'],
  ['broken JSON', jsonType, '{', 'bad_request'],
  ['depth', jsonType, `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`, 'bad_request'],
]
for (const [name, headers, body, code] of bodies) {
  test(`H-2 H-6 a JSON body: ${name}`, () => {
    const read = () => readJsonBody(requestOf('POST', origin, { headers, body }))
    if (code === undefined) assert.deepEqual(read(), JSON.parse(body || '{}'))
    else assert.throws(read, (e) => e instanceof OAuthError && e.code === code)
  })
}
