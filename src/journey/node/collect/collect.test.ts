import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeIn } from '../../../../test/one-node.ts'
import { people } from '../../../../test/people.ts'

const { alpha } = await people()

test('PingAM: Username Collector names what a browser may fill in, and shows the name that is known where it is to', async () => {
  const known = { shared: { username: 'ann' } }
  const asked = (settings: object) =>
    nodeIn(alpha, 'UsernameCollectorNode', { ...settings }).asks(known)
  assert.equal(
    await asked({}),
    '[{"type":"NameCallback","output":[{"name":"prompt","value":"User Name"}],"input":[{"name":"IDToken1","value":""}]}]',
  )
  assert.equal(
    await asked({ autocompleteValues: ['username', 'webauthn'], prepopulate: true }),
    '[{"type":"NameCallback","output":[{"name":"prompt","value":"User Name"},{"name":"autocompleteValues","value":["username","webauthn"]}],"input":[{"name":"IDToken1","value":"ann"}]}]',
  )
})
