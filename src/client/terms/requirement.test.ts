import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import { problemsOf } from '../../protocol/setting.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'

const settings = [oauth2Provider.observedRequirements, clientMetadata.observedRequirements]

test('C-31 what is never only watched is refused by its name, with the reason', () => {
  for (const setting of settings) {
    const problems = problemsOf(setting, ['require_pushed', 'replay', 'redirect_uris', 'codes'])
    const [replay, redirect, unknown, ...others] = problems.map(({ path, text }) => [
      path.slice(-3),
      text,
    ])
    assert.deepEqual(replay, [
      '[1]',
      'replay is never only watched: what may be used once would count twice',
    ])
    assert.deepEqual(redirect, [
      '[2]',
      'redirect_uris is never only watched: answers would go to others',
    ])
    assert.match(String(unknown), /^\[3\],not one of require_pushed, require_signed, /)
    assert.deepEqual(others, [])
  }
})

for (const name of ['signatures', 'code_verifier', 'expiry', 'client_binding'])
  test(`C-31 ${name} is never only watched`, () => {
    for (const setting of settings) {
      const [problem] = problemsOf(setting, [name])
      assert.ok(problem?.text.startsWith(`${name} is never only watched: `))
    }
  })
