import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { origin, world } from '../../../test/world.ts'
import { consentKey } from '../../authorization/consent.ts'
import { applicationKey } from '../../grant/application.ts'
import { never } from '../../store/store.ts'

const w = await world()
const call = await administrator(w)
const json = `${origin}/am/json`

/** The deepest realm there is, with the longest names. */
const names = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64))
const path = names.map((name) => `/${name}`).join('')
for (const [i, name] of names.entries()) {
  const parentPath = `/${names.slice(0, i).join('/')}`
  const made = await call('POST', `${json}/global-config/realms?_action=create`, {
    name,
    parentPath,
  })
  assert.equal(made.status, 201)
}
const deep = `${json}/realms/root${names.map((name) => `/realms/${name}`).join('')}`
const trees = `${deep}/realm-config/authentication/authenticationtrees`
const failure = '70e691a5-1e33-4ac3-a356-e7b6d60d92e0'
const script = { language: 'JAVASCRIPT', context: 'AUTHENTICATION_TREE_DECISION_NODE', script: '' }

interface Named {
  readonly place: string
  readonly body?: object
  /** A sign that is three in a key, and how many of it are a name there; the letters of the longest one. */
  readonly signs: readonly [sign: string, count: number]
  readonly letters: number
}

const agents = `${deep}/realm-config/agents`
const kinds: Readonly<Record<string, Named>> = {
  client: {
    place: `${agents}/OAuth2Client`,
    body: { coreOAuth2ClientConfig: { clientType: 'Public' } },
    ...{ signs: ['%', 66], letters: 128 },
  },
  'remote consent service': {
    place: `${agents}/RemoteConsentAgent`,
    signs: ['%', 64],
    letters: 128,
  },
  'agent that is only kept': { place: `${agents}/WebAgent`, signs: ['%', 67], letters: 203 },
  group: { place: `${deep}/groups`, signs: ['|', 79], letters: 128 },
  account: { place: `${deep}/users`, signs: ['|', 78], letters: 234 },
  journey: {
    place: `${trees}/trees`,
    body: { entryNodeId: failure, nodes: {} },
    ...{ signs: ['|', 58], letters: 128 },
  },
  node: {
    place: `${trees}/nodes/PageNode`,
    body: { nodes: [] },
    ...{ signs: ['|', 55], letters: 128 },
  },
  script: {
    place: `${deep}/scripts`,
    body: { name: 's', ...script },
    signs: ['|', 76],
    letters: 128,
  },
  policy: { place: `${deep}/policies`, signs: ['|', 75], letters: 227 },
  service: { place: `${deep}/realm-config/services`, signs: ['|', 70], letters: 212 },
}

for (const [name, { place, body = {}, signs, letters }] of Object.entries(kinds)) {
  test(`house: a name as long as one may be is served, and a longer one refused: ${name}`, async () => {
    const [sign, count] = signs
    const at = (id: string) => `${place}/${encodeURIComponent(id)}`
    for (const id of [sign.repeat(count), 'x'.repeat(letters)]) {
      const made = await call('PUT', at(id), body)
      assert.equal(made.status, 201, `${id.length} ${made.body}`)
      assert.equal((await call('GET', at(id))).status, 200)
      assert.equal((await call('PUT', at(id), body)).status, 200)
      assert.equal((await call('DELETE', at(id))).status, 200)
    }
    const longer = [sign.repeat(count + 1), 'x'.repeat(letters + 1), 'x'.repeat(3000)]
    for (const id of longer) {
      const refused = await call('PUT', at(id), body)
      assert.equal(refused.status, 400, `${id.length} ${refused.body}`)
      assert.equal((await call('GET', at(id))).status, 404)
      assert.equal((await call('DELETE', at(id))).status, 404)
    }
  })
}

test('house: what its users allowed a client of the longest name has a key in both shelves', async () => {
  const realm = await w.realm(path)
  for (const client_id of ['%'.repeat(66), 'x'.repeat(128)]) {
    const key = consentKey(realm, { client_id }, w.demo.sub)
    assert.equal(await w.settings.insert(key, Buffer.from('{}'), never), 'won')
    const noted = applicationKey(realm, w.demo.sub, client_id)
    assert.equal(await w.records.insert(noted, Buffer.from('{}'), never), 'won')
  }
})
