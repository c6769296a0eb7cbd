import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json, JsonObject } from '../base/json.ts'
import { briefly, claimText, claimTexts } from './claim-text.ts'
import { chooseMessages } from './messages/index.ts'

const [en, de] = [chooseMessages(), chooseMessages(['de'])]

test('values of claims are said as a person knows them', () => {
  const rows: [name: string, value: Json, text: string][] = [
    ['email', 'demo@example.com', 'demo@example.com'],
    ['email_verified', true, 'verified'],
    ['email_verified', false, 'not verified'],
    ['birthdate', '1990-04-01', 'April 1, 1990'],
    ['birthdate', '0000-04-01', '0000-04-01'],
    ['birthdate', '1990', '1990'],
    ['updated_at', 1_767_225_600, 'January 1, 2026'],
    ['updated_at', 1e300, ''],
    ['address', { formatted: '1 Example Street\r\nBristol' }, '1 Example Street, Bristol'],
    ['address', { locality: 'Berlin', country: 'DE' }, 'Berlin, DE'],
    ['name', ' a \n b ', 'a b'],
    ['name', null, ''],
    ['groups', ['a', 'b'], 'a, b'],
  ]
  for (const [name, value, text] of rows) assert.equal(claimText(name, value, en), text)
  assert.equal(claimText('birthdate', '1990-04-01', de), '1. April 1990')
  assert.equal(claimText('picture', 'x'.repeat(5000), en).length, 121)
})

test('what another value says already is not said again', () => {
  const profile: JsonObject = {
    name: 'Dana Maria Monroe',
    given_name: 'Dana',
    family_name: 'Monroe',
    nickname: 'Dan',
    preferred_username: 'Dan',
  }
  assert.deepEqual(briefly(claimTexts(profile, en)), ['Dana Maria Monroe', 'Dan'])
  assert.equal(claimTexts(profile, en).length, 5)
})
