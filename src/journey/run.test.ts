import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeys } from '../../test/journeys.ts'
import { people } from '../../test/people.ts'
import { keep, tree, withTrees } from '../../test/trees.ts'
import type { Json } from '../base/json.ts'
import { nodesFolder } from '../realm/journey/list.ts'
import type { Shelf } from '../store/store.ts'
import { failure, success } from './built-in/journey.ts'
import { findJourney } from './find.ts'

const { alpha, demo, clock } = await people()
const at = journeys(alpha)
const both = (name: Json, word: Json): Record<string, Json> => ({ IDToken1: name, IDToken2: word })

test('PingAM: Login asks name and password on one page', async () => {
  const step = await at.start('Login')
  assert.equal(
    JSON.stringify(step.callbacks),
    '[{"type":"NameCallback","output":[{"name":"prompt","value":"User Name"}],"input":[{"name":"IDToken1","value":""}],"_id":0},' +
      '{"type":"PasswordCallback","output":[{"name":"prompt","value":"Password"}],"input":[{"name":"IDToken2","value":""}],"_id":1}]',
  )
})

test('PingAM: Login succeeds with the right answers, fails with others', async () => {
  const right = await at.answer('Login', both('demo', 'Ch4ng31t'))
  assert.deepEqual([right.kind, at.userOf(right)], ['success', { sub: demo.sub, epoch: 0 }])
  const wrong = await at.answer('Login', both('demo', 'wrong'))
  assert.deepEqual([wrong.kind, at.triedIn(wrong)], ['failure', 'demo'])
})

test('PingAM: what is left empty is asked again, with what was given, but no password', async () => {
  const again = at.asked(await at.answer('Login', both('demo', '')))
  assert.deepEqual(again.callbacks[0]?.input, [{ name: 'IDToken1', value: 'demo' }])
  const without = at.asked(await at.answer('Login', both('', 'Ch4ng31t')))
  assert.deepEqual(without.callbacks[1]?.input, [{ name: 'IDToken2', value: '' }])
  at.asked(await at.answer('Login', {}))
})

test('login_hint stands in the name field and can be changed', async () => {
  const hinted = journeys(alpha, { login_hint: 'somebody' })
  const step = await hinted.start('Login')
  assert.deepEqual(step.callbacks[0]?.input, [{ name: 'IDToken1', value: 'somebody' }])
  assert.equal((await hinted.answer('Login', both('demo', 'Ch4ng31t'))).kind, 'success')
})

test('Password asks only the password of the session’s user, before the hint, which comes before nobody', async () => {
  const known = journeys(alpha, { session: { username: 'demo' }, login_hint: 'somebody' })
  const one = { IDToken1: 'Ch4ng31t' }
  const types = async (visits: typeof known) =>
    (await visits.start('Password')).callbacks.map(({ type }) => type)
  assert.deepEqual(await types(known), ['PasswordCallback'])
  assert.equal((await known.answer('Password', one)).kind, 'success')
  const hinted = journeys(alpha, { login_hint: 'demo' })
  assert.deepEqual(await types(hinted), ['PasswordCallback'])
  assert.equal((await hinted.answer('Password', one)).kind, 'success')
  const nobody = journeys(alpha, { login_hint: 'nobody' })
  assert.equal((await nobody.answer('Password', one)).kind, 'failure')
  assert.deepEqual(await types(at), ['NameCallback', 'PasswordCallback'])
  assert.equal((await at.answer('Password', both('demo', 'Ch4ng31t'))).kind, 'success')
})

test('only journeys the realm has enabled are found, by other names too', async () => {
  const settings = {
    journeys: ['Login', 'Missing'],
    journeyAliases: { ldapService: 'Login', no: 'Password' },
  }
  const { alpha: narrow } = await people(settings)
  assert.equal(findJourney(narrow, 'Login')?.name, 'Login')
  assert.equal(findJourney(narrow, 'ldapService')?.name, 'Login')
  for (const name of ['Password', 'no', 'Missing', 'login', '', '__proto__', 'constructor'])
    assert.equal(findJourney(narrow, name), undefined, name)
})

test('PingAM: authn-rest of the same answers sent at once by many one is worked on, and all are told the same', async () => {
  const step = await at.start('Login')
  const sent = Array.from({ length: 16 }, () => at.run(step.authId, both('demo', 'wrong')))
  const kinds = (await Promise.all(sent)).map((each): string => each.kind)
  assert.deepEqual(kinds.sort(), [...Array.from({ length: 15 }, () => 'again'), 'failure'])
})

test('PingAM: authn-rest a step that was answered takes no other answer, and the same once more leads to the same step', async () => {
  const step = await at.start('Login')
  const first = at.asked(await at.run(step.authId, both('demo', '')))
  const once = at.asked(await at.run(step.authId, both('demo', '')))
  assert.deepEqual(once.callbacks, first.callbacks)
  assert.equal((await at.run(step.authId, both('demo', 'Ch4ng31t'))).kind, 'over')
  assert.equal((await at.run(once.authId, both('demo', 'Ch4ng31t'))).kind, 'success')
})

test('PingAM: after five minutes a journey is over, and nothing of it is left', async () => {
  const step = await at.start('Login')
  const next = at.asked(await at.run(step.authId, both('demo', '')))
  clock.now += 300
  assert.equal(at.open(next.authId), 'expired')
  clock.now += 1
  const left = await (alpha.records as Shelf).walk(100)
  assert.deepEqual(left.records, [])
  clock.now -= 301
})

test('T-2 a first step that a node gave more time cannot be answered anew once its journey has ended', async () => {
  const realm = await withTrees(alpha, {
    Longer: tree({
      longer: {
        type: 'UpdateJourneyTimeoutNode',
        settings: { operation: 'MODIFY', value: 600 },
        to: { outcome: 'name' },
      },
      name: { type: 'UsernameCollectorNode', to: { outcome: failure } },
    }),
  })
  const longer = journeys(realm)
  const { authId } = await longer.start('Longer')
  assert.equal((await longer.run(authId, { IDToken1: 'demo' })).kind, 'failure')
  clock.now += 300
  for (let minutes = 0; minutes < 120; minutes += 1) {
    clock.now += 60
    assert.notEqual((await longer.run(authId, { IDToken1: 'somebody' })).kind, 'failure')
  }
})

test('PingAM: authn-rest a first step is answered, whatever signs it has to remember', async () => {
  for (const sign of ['a', '\u00fc', '\u6f22', '\u{1f98a}']) {
    const realm = await withTrees(alpha, {
      Remembers: tree({
        set: {
          type: 'SetStateNode',
          settings: { attributes: { x: sign.repeat(3300 / sign.length) } },
          to: { outcome: 'name' },
        },
        name: { type: 'UsernameCollectorNode', to: { outcome: success } },
      }),
    })
    const remembers = journeys(realm)
    const { authId } = await remembers.start('Remembers')
    assert.equal(typeof remembers.open(authId), 'object', sign)
  }
})

test('answers to a node that is set otherwise meanwhile are none, on a page too', async () => {
  const pageOf = (...types: readonly string[]) => ({
    nodes: types.map((nodeType) => ({ _id: nodeType, nodeType })),
  })
  const [name, word] = ['UsernameCollectorNode', 'PasswordCollectorNode'] as const
  const realm = await withTrees(alpha, {
    Chosen: tree({
      choice: {
        type: 'ChoiceCollectorNode',
        settings: { choices: ['no', 'yes'] },
        to: { no: failure, yes: success, other: failure },
      },
    }),
    Paged: tree({
      page: { type: 'PageNode', settings: pageOf(name, word), to: { outcome: success } },
      [name]: { type: name },
      [word]: { type: word },
    }),
  })
  const changed = journeys(realm)
  const chosen = await changed.start('Chosen')
  const paged = await changed.start('Paged')
  await keep(realm, `${nodesFolder}/ChoiceCollectorNode/choice`, { choices: ['yes', 'other'] })
  await keep(realm, `${nodesFolder}/${name}/${name}`, { prepopulate: true })
  assert.equal((await changed.run(chosen.authId, { IDToken1: 0 })).kind, 'over')
  assert.equal((await changed.run(paged.authId, both('demo', 'Ch4ng31t'))).kind, 'over')
  assert.equal((await changed.answer('Chosen', { IDToken1: 0 })).kind, 'success')
  assert.equal((await changed.answer('Paged', both('demo', 'Ch4ng31t'))).kind, 'success')
})

test('a journey that is changed while it begins is over, and no fault of this server', async () => {
  const realm = await withTrees(alpha, {
    Brief: tree({ name: { type: 'UsernameCollectorNode', to: { outcome: failure } } }),
  })
  for (let last = 1; last < 3; last += 1) {
    let asked = 0
    const changing = new Map(realm.journeys)
    changing.get = (name) => {
      asked += 1
      return asked > last ? undefined : realm.journeys.get(name)
    }
    const step = await journeys({ ...realm, journeys: changing }).begin('Brief')
    assert.ok(step.kind === 'over' || step.kind === 'failure', step.kind)
  }
})
