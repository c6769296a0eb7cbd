import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeIn } from '../../../test/one-node.ts'
import { oneMore, people } from '../../../test/people.ts'
import { note } from '../../user/notes.ts'

const all = await people()

test('C-34 of those who choose another password by the same old one at once, one has chosen it', async () => {
  const { alpha } = all
  const user = await oneMore(all)
  await note(alpha, user.sub, () => ({ mustChangePassword: true }))
  const node = nodeIn(alpha, 'DataStoreDecisionNode')
  const tries = (password: string) => ({
    ...{ shared: { username: user.username }, transient: { password } },
  })
  const asked = await node.turn(tries('Ch4ng31t'))
  assert.ok(asked.kind === 'ask')
  const { keep: kept, state } = asked
  const words = ['the first of two', 'the second of two']
  const results = await Promise.all(
    words.map((next) =>
      node.turn({ state, kept, answers: [[], ['Ch4ng31t'], [next], [next], [0]] }),
    ),
  )
  const chosen = results.map((each) => each.kind === 'outcome' && each.outcome === 'true')
  assert.deepEqual(chosen.toSorted(), [false, true])
  const late = results[chosen.indexOf(false)]
  assert.equal(
    late?.kind === 'ask' && late.callbacks[0]?.output[0]?.value,
    'The old password is wrong.',
  )
  for (const [i, word] of words.entries())
    assert.equal(await node.outcome(tries(word)), String(chosen[i]))
})
