import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionOf, authIdOf, formBrowser } from '../../../../test/form-browser.ts'
import { byId, elements } from '../../../../test/html-tree.ts'
import { letterBox } from '../../../../test/letters.ts'
import { people, request } from '../../../../test/people.ts'
import { scripting, writeScript } from '../../../../test/scripts.ts'
import { tree, withTrees } from '../../../../test/trees.ts'
import type { HttpResponse } from '../../../base/http.ts'
import { success } from '../../../journey/built-in/journey.ts'
import { createSession } from '../../../session/session.ts'
import { findEndUser } from '../../../user/end-user.ts'
import { noteOf } from '../../../user/notes.ts'
import { login } from '../login.ts'

const world = await people()
const box = letterBox()
const mailing = { emailTemplateName: 'resetPassword', objectLookup: true }
const own = scripting({ ...world.alpha, mail: box.mail })
const script = {
  writes: await writeScript(own, {
    source: `openidm.patch("managed/user/${world.demo.sub}", null,
      [{ operation: "replace", field: "givenName", value: "changed" }]); action.goTo("true")`,
  }),
  reads: await writeScript(own, {
    source: `openidm.read("managed/user/${world.demo.sub}"); action.goTo("true")`,
  }),
}
const decides = (id: string) => ({
  type: 'ScriptedDecisionNode',
  settings: { script: id, outcomes: ['true'] },
  to: { true: 'ask' },
})
const ask = { type: 'UsernameCollectorNode', to: { outcome: success } }
const named = {
  type: 'SetStateNode',
  settings: { attributes: { username: 'demo', mail: 'x@example.com' } },
}
const realm = await withTrees(own, {
  Mails: tree({
    who: { ...named, to: { outcome: 'mail' } },
    mail: { type: 'EmailSuspendNode', settings: mailing, to: { outcome: success } },
  }),
  Inner: tree({
    run: {
      type: 'InnerTreeEvaluatorNode',
      settings: { tree: 'Counts' },
      to: { true: success, false: success },
    },
  }),
  Counts: tree({
    who: { ...named, to: { outcome: 'count' } },
    count: { type: 'IncrementLoginCountNode', to: { outcome: 'ask' } },
    ask,
  }),
  Locks: tree({
    who: { ...named, to: { outcome: 'lock' } },
    lock: { type: 'AccountLockoutNode', to: { outcome: 'ask' } },
    ask,
  }),
  Writes: tree({ writes: decides(script.writes), ask }),
  Reads: tree({ reads: decides(script.reads), ask }),
})
const endpoint = login(() => undefined)
const visitor = () => formBrowser((http) => endpoint.handle(realm, http), '/am/XUI/')

function fields(page: HttpResponse): Record<string, string> {
  return Object.fromEntries(
    elements(String(page.body), 'input').map(({ attributes }) => [
      attributes.get('name') ?? '',
      attributes.get('value') ?? '',
    ]),
  )
}

const demo = async () => findEndUser(realm, world.demo.sub)

test('RFC 9110 §9.2.1 to open a login page sends no letter, and neither does HEAD; its button does, once', async () => {
  const b = visitor()
  const query = 'realm=/alpha&service=Mails'
  const head = await endpoint.handle(realm, request('HEAD', `/am/XUI/?${query}`))
  const page = await b.get(query)
  assert.deepEqual([head.status, page.status, authIdOf(page)], [200, 200, ''])
  assert.match(
    String(byId(String(page.body), 'description') && page.body),
    /may send you a message/,
  )
  assert.deepEqual(await box.fresh(), [])
  const sent = await b.post(actionOf(page), fields(page))
  assert.equal(sent.status, 200)
  assert.deepEqual(
    (await box.fresh()).map(({ to }) => to.address),
    ['demo@example.com'],
  )
})

test('C-30 the button counts only in the browser that it was given to, and what is posted unasked sends nothing', async () => {
  const [mine, theirs] = [visitor(), visitor()]
  const query = 'realm=/alpha&service=Mails'
  const crossed = fields(await theirs.get(query))
  for (const form of [crossed, {}, { proof: 'x' }, { authId: 'a.b.c', IDToken1: 'demo' }]) {
    const answer = await mine.post(query, form)
    assert.equal(answer.status, 400)
    assert.ok(byId(String(answer.body), 'stale'))
  }
  assert.deepEqual(await box.fresh(), [])
})

test('RFC 9110 §9.2.1 no account is changed by opening a page, in a journey within one and by a script either', async () => {
  const before = await demo()
  for (const service of ['Inner', 'Counts', 'Locks', 'Writes']) {
    const page = await visitor().get(`realm=/alpha&service=${service}`)
    assert.ok(fields(page).proof, service)
  }
  assert.deepEqual(await demo(), before)
  const reads = await visitor().get('realm=/alpha&service=Reads')
  assert.ok(authIdOf(reads), 'what only reads asks at once')
  const b = visitor()
  const page = await b.get('realm=/alpha&service=Counts')
  assert.ok(authIdOf(await b.post(actionOf(page), fields(page))))
  assert.equal(noteOf((await demo()) ?? world.demo, 'loginCount'), 1)
})

test('C-2c to look whose form a late one is sends nothing and writes nothing', async () => {
  const b = visitor()
  const query = 'realm=/alpha&service=Mails'
  const old = await b.get('realm=/alpha&service=Reads')
  world.clock.now += 1
  const user = await findEndUser(realm, world.demo.sub)
  assert.ok(user)
  const session = await createSession(realm, user, 'Login')
  b.jar.set('iPlanetDirectoryPro', session.token)
  const form = { authId: authIdOf(old), IDToken1: 'demo' }
  const late = await b.post(query, form)
  assert.ok([200, 303].includes(late.status))
  assert.deepEqual(await box.fresh(), [])
})
