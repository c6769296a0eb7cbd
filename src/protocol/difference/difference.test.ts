import assert from 'node:assert/strict'
import { test } from 'node:test'
import { audienceDifference } from './audience.ts'
import { namesDifference, textDifference, timeDifference, verifierDifference } from './text.ts'
import { uriDifference } from './uri.ts'

const uris: readonly (readonly [sent: string, wanted: string[], says: string])[] = [
  ['https://a.example/cb/', ['https://a.example/cb'], 'in its trailing slash'],
  ['https://a.example/cb', ['https://a.example/cb/'], 'in its trailing slash'],
  ['https://a.example:8443/cb', ['https://a.example/cb'], 'in its port'],
  ['http://a.example/cb', ['https://a.example/cb'], 'in its scheme'],
  ['https://a.example/cb?x=1', ['https://a.example/cb'], 'in its query'],
  ['https://a.example/CB', ['https://a.example/cb'], 'in upper and lower case'],
  [
    'https://a.example/CB?x',
    ['https://a.example/cb'],
    'in upper and lower case of its path and its query',
  ],
  ['https://b.example/cb', ['https://a.example/cb'], 'in its host'],
  ['https://a.example/other', ['https://a.example/cb'], 'in its path'],
  ['https://a.example/cb#f', ['https://a.example/cb'], 'in its fragment'],
  ['https://u@a.example/cb', ['https://a.example/cb'], 'in its user part'],
  ['https://a.example:443/cb', ['https://a.example/cb'], 'in how it is written'],
  ['http://b.example/x', ['https://a.example/cb', 'http://b.example/'], 'in its path'],
  ['cb', ['https://a.example/cb'], 'in that it is no absolute URI'],
  ['https://a.example/cb', [], 'in that there is none to compare it with'],
]
test('RFC 6749 §3.1.2.3 a URI is compared with the one most like it, part by part', () => {
  for (const [sent, wanted, says] of uris) assert.equal(uriDifference(sent, wanted), says, sent)
})

const issuer = 'https://as.example/a'
const audiences: readonly (readonly [
  aud: unknown,
  form: 'string' | 'single' | 'only' | 'contains',
  says: string | undefined,
])[] = [
  [`${issuer}/`, 'string', 'in its trailing slash'],
  [[issuer], 'string', 'in that it is a list, and one text is wanted'],
  [['https://as.example/b'], 'single', 'in its path'],
  [[issuer, issuer], 'single', 'in that it has more than one member'],
  [[issuer, 'https://x.example'], 'only', 'in 1 of its 2 members'],
  [['https://y.example', 'https://x.example'], 'contains', 'in 2 of its 2 members'],
  [7, 'only', undefined],
]
test('C-1 an audience differs in a part, in its form, or in so many members', () => {
  for (const [aud, form, says] of audiences)
    assert.equal(audienceDifference(aud, [issuer], form), says, JSON.stringify(aud))
})

test('RFC 7636 §4.1 what is no code_verifier is one by length or characters', () => {
  assert.equal(verifierDifference('a'.repeat(42)), 'in its length: 1 characters too short')
  assert.equal(verifierDifference('a'.repeat(130)), 'in its length: 2 characters too long')
  assert.equal(
    verifierDifference(`${'a'.repeat(43)}+`),
    'in a character that is none of A-Z a-z 0-9 - . _ ~',
  )
  assert.equal(verifierDifference('a'.repeat(43)), undefined)
})

test('RFC 6749 §2.2, §3.3 ids, times and names are compared without being told', () => {
  assert.equal(textDifference('App', 'app'), 'in upper and lower case')
  assert.equal(textDifference('app ', 'app'), 'in spaces around it')
  assert.equal(textDifference('secret', 'app'), 'in its text')
  assert.equal(timeDifference(0.2), 'by 1 second')
  assert.equal(timeDifference(90), 'by 90 seconds')
  assert.equal(
    namesDifference(['mail', 'x-y'], ['mail']),
    'in mail and 1 that the realm does not have',
  )
})
