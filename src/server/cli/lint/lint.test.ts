import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../../../test/command-line.ts'
import { register } from '../../../../test/register.ts'

const { w, run: line, answers } = await commandLine()
await register(w, 'app')
const directory = mkdtempSync(join(tmpdir(), 'parapet-lint-'))
after(() => rmSync(directory, { recursive: true }))

const run = async (
  ...args: readonly string[]
): Promise<readonly [status: number, said: string]> => {
  const { status, out, err } = await line('lint', '--realm', '/alpha', ...args)
  return [status, out + err]
}

test('the command holds a registered client against every profile, in lines of 80 columns, and ends with 1', async () => {
  const [status, said] = await run('app')
  assert.equal(status, 1)
  for (const line of said.split('\n')) assert.ok(line.length <= 80, line)
  assert.match(said, /^FAPI 2\.0 Security Profile: \d+ not met\n {2}§/)
  assert.match(said, /\nOAuth 2\.1 \(draft\): \d+ not met\n/)
  assert.match(
    said,
    /\n {2}§5\.3\.2\.2-3 Only pushed requests are taken\.\n {4}registration: requests that were/,
  )
})

test('the command holds a registration in a file, in whichever form, and a request that is typed or piped', async () => {
  const file = join(directory, 'registration.json')
  writeFileSync(file, JSON.stringify({ redirect_uris: ['http://rp.example/cb'] }))
  const [status, said] = await run('--file', file, '--json', '--profile', 'oauth-2.1')
  assert.equal(status, 1)
  const violations = JSON.parse(said) as readonly { rule: string; profile: string }[]
  assert.ok(violations.some(({ rule }) => rule === 'redirect-https'))
  assert.deepEqual([...new Set(violations.map(({ profile }) => profile))], ['oauth-2.1'])

  const form = 'response_type=code&code_challenge=x&redirect_uri=https%3A%2F%2Frp.example%2Fcb'
  answers.push(`${form}\n`)
  const asked = await run('--request', '--json', '--profile', 'haip')
  const ofRequest = (JSON.parse(asked[1]) as readonly { rule: string; looks: string }[])
    .filter(({ looks }) => looks === 'request')
    .map(({ rule }) => rule)
  assert.deepEqual(ofRequest, ['request-challenge-method', 'request-scope'])
})

test('the command ends with 0 where nothing is wrong, and with 2 where it cannot tell', async () => {
  await register(w, 'good', {
    advanced: {
      ...{ tokenEndpointAuthMethod: 'private_key_jwt', responseTypes: ['code'] },
      grantTypes: ['authorization_code'],
    },
    keys: { tokenEndpointAuthSigningAlgorithm: 'ES256' },
    own: { profile: 'fapi2' },
  })
  assert.deepEqual(await run('good', '--profile', 'fapi2-sp'), [
    0,
    'FAPI 2.0 Security Profile: nothing is wrong\n',
  ])
  for (const [args, says] of [
    [['nobody'], /there is no client nobody in \/alpha/],
    [['app', '--file', 'a'], /one of them/],
    [['--file', join(directory, 'missing.json')], /missing\.json/],
    [['app', '--profile', 'fapi1'], /--profile is one of fapi2-sp/],
    [['--request'], /there is no request/],
    [['--realm', '/nowhere'], /there is no realm/],
  ] as const) {
    const [status, said] = await run(...args)
    assert.equal(status, 2, said)
    assert.match(said, says)
  }
})
