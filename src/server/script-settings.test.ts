import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { usualScriptRules } from '../realm/script/rules.ts'
import { scriptRules } from './script-settings.ts'
import { readServerSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-scripts-'))
after(() => rmSync(folder, { recursive: true }))

function read(content: unknown) {
  const file = join(folder, 'values.json')
  writeFileSync(file, JSON.stringify(content))
  return readServerSettings({ PARAPET_SCRIPT_VALUES: file, PARAPET_SCRIPT_TIME: '50' })
}

test('house: what scripts may take is as usual where nothing else is set', () => {
  const { settings } = readServerSettings({})
  assert.ok(settings !== undefined)
  assert.deepEqual(scriptRules(settings), usualScriptRules)
})

test('PingAM: systemEnv and secrets stand in a file, apart for each realm', () => {
  const { settings } = read({
    '/alpha': { variables: { 'esv.a': 'b' }, secrets: { 'scripted.node.k': 's' } },
    '/': { addresses: ['crm.internal:8443'] },
  })
  assert.ok(settings !== undefined)
  const { bounds, values } = scriptRules(settings)
  assert.equal(bounds.computing, 50)
  assert.deepEqual(values, {
    '/alpha': {
      ...{ variables: { 'esv.a': 'b' }, secrets: { 'scripted.node.k': 's' }, addresses: [] },
    },
    '/': { variables: {}, secrets: {}, addresses: ['crm.internal:8443'] },
  })
})

for (const [title, content] of [
  ['no object', []],
  ['a realm without a path', { alpha: {} }],
  ['a realm that is no object', { '/alpha': 'x' }],
  ['a secret that is no text', { '/alpha': { secrets: { a: 1 } } }],
  ['an address that is no text', { '/alpha': { addresses: [1] } }],
] as const)
  test(`house: a file for scripts with ${title} is refused, and its content not told`, () => {
    const { problems } = read(content)
    assert.match(problems.join(), /^PARAPET_SCRIPT_VALUES: must name a file /)
  })
