import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keySet, signer } from '../../../test/assertion.ts'
import { world } from '../../../test/world.ts'
import { clientKind } from '../client.ts'
import type { Kind, Saved } from '../kind.ts'
import { anyState } from '../kind.ts'
import { serviceAccountKind } from '../service-account.ts'
import { userKind } from '../user.ts'
import { spellingBehind } from './subject.ts'

const change = { by: 'test', condition: anyState }
const id = 'ffffffff-3b4e-4c5d-8e6f-7a8b9c0d1e2f'
const jwks = keySet(await signer('ES256'))
const publicClient = { coreOAuth2ClientConfig: { clientType: 'Public' } }

const kinds: Readonly<Record<string, readonly [Kind, object]>> = {
  'an account': [userKind, { username: 'ann' }],
  'a service account': [serviceAccountKind, { name: 'deploy', scopes: ['fr:am:*'], jwks }],
}

/** Small and capital letters in turns: most letters of it differ from both. */
const mixed = [...id].map((letter, i) => (i % 2 === 0 ? letter.toUpperCase() : letter)).join('')

for (const [what, [kind, input]] of Object.entries(kinds)) {
  test(`T-10 ${what} and a client are never called by one UUID, in whatever letters and order`, async () => {
    for (const spelling of [id, id.toUpperCase(), mixed]) {
      const root = await (await world()).realm('/')
      const client = (client_id: string): Promise<Saved> =>
        clientKind.save(root, client_id, { ...publicClient }, change)
      // What lies among the spellings without being one holds up nothing.
      for (const near of ['FFFF', 'FFFFFFFF-x', `${id.slice(0, -1)}G`, 'Zz', 'zz'])
        assert.equal((await client(near)).outcome, 'created', near)
      assert.equal((await client(spelling)).outcome, 'created')
      const later = await kind.save(root, id, { ...input }, change)
      assert.equal(later.outcome, 'invalid', spelling)
      assert.equal((await clientKind.remove(root, spelling, change)).outcome, 'removed')
      assert.equal((await kind.save(root, id, { ...input }, change)).outcome, 'created', spelling)
      assert.equal((await client(spelling)).outcome, 'invalid', spelling)
    }
  })
}

test('T-10 the spelling behind a text is the first that comes later in the order of keys', () => {
  const spellings = (name: string): readonly string[] =>
    [...name].reduce<readonly string[]>(
      (all, letter) =>
        all.flatMap((one) => [
          ...new Set([one + letter.toUpperCase(), one + letter.toLowerCase()]),
        ]),
      [''],
    )
  const texts = spellings('a-f')
    .flatMap((one) => [one, one.slice(0, 2), one.slice(0, 1), `${one}x`])
    .concat(['', '0', 'B', 'G', 'b', 'z', 'A', 'A-E', 'A-a', 'a-a', 'a-z', 'A.', 'A!'])
  for (const name of ['a-f', 'a0f', 'ff', '1-2'])
    for (const text of [...texts, ...spellings(name)])
      assert.equal(
        spellingBehind(name, text),
        spellings(name)
          .filter((each) => each > text)
          .sort()[0],
        `${name} behind ${text}`,
      )
})
