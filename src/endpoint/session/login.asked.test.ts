import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FormBrowser } from '../../../test/form-browser.ts'
import { actionOf, authIdOf, formBrowser } from '../../../test/form-browser.ts'
import { people } from '../../../test/people.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import { failure, page, success } from '../../journey/built-in/journey.ts'
import { hasPassword } from '../../journey/built-in/part/part.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { readSession } from '../../session/session.ts'
import { login } from './login.ts'

const both = page(['name', 'UsernameCollectorNode'], ['word', 'PasswordCollectorNode'])
const nodes = {
  page: {
    type: 'PageNode',
    settings: both,
    to: { outcome: 'check' },
  },
  check: { type: 'DataStoreDecisionNode', to: { true: success, false: failure } },
  name: { type: 'UsernameCollectorNode' },
  word: { type: 'PasswordCollectorNode' },
}
const { alpha: plain, demo } = await people()
const alpha = await withTrees(plain, {
  Again: tree(nodes, { mustRun: true }),
  Forgotten: tree(nodes, { noSession: true }),
  Own: tree({
    who: {
      type: 'SessionDataNode',
      settings: { sessionDataKey: 'UserToken', sharedStateKey: 'userName' },
      to: { outcome: 'has' },
    },
    has: hasPassword('word', failure),
    word: { type: 'PasswordCollectorNode', to: { outcome: success } },
  }),
  Never: tree({
    level: {
      type: 'AuthLevelDecisionNode',
      settings: { authLevelRequirement: 9 },
      to: { true: success, false: failure },
    },
  }),
})
const right = { IDToken1: 'demo', IDToken2: 'Ch4ng31t' }

function visitor(realm: Realm = alpha): FormBrowser {
  const endpoint = login(() => undefined)
  return formBrowser((http) => endpoint.handle(realm, http), '/am/XUI/')
}

async function answer(b: FormBrowser, query: string, answers: Record<string, string> = right) {
  const page = await b.get(query)
  const authId = authIdOf(page)
  assert.notEqual(authId, '', query)
  return b.post(actionOf(page), { ...answers, authId })
}

const providing = (more: Partial<Realm['provider']>): Realm => ({
  ...alpha,
  provider: { ...alpha.provider, ...more },
})

test('PingAM: the login page leads where it was asked to, else where the realm says', async () => {
  const at = encodeURIComponent('/am/x')
  const realm = providing({ loginSuccessUrl: ['/am/realm'], loginFailureUrl: ['/am/failed'] })
  const leads = async (query: string, answers = right) => {
    const { status, headers } = await answer(visitor(realm), query, answers)
    return [status, headers.location]
  }
  assert.deepEqual(await leads(`goto=${at}`), [303, '/am/x'])
  assert.deepEqual(await leads('realm=/alpha'), [303, '/am/realm'])
  const wrong = { ...right, IDToken2: 'wrong' }
  assert.deepEqual(await leads(`gotoOnFail=${at}`, wrong), [303, '/am/x'])
  assert.deepEqual(await leads('realm=/alpha', wrong), [303, '/am/failed'])
})

test('CSP3 §6.4.1 to another site the login page leads by an answer of its own', async () => {
  const place = 'https://app.example/in?a="b"&c=<d>'
  const done = await answer(visitor(providing({ loginSuccessUrl: [place] })), 'realm=/alpha')
  assert.deepEqual([done.status, done.headers.refresh], [200, `0; url=${place}`])
  assert.match(
    String(done.body),
    /href="https:\/\/app\.example\/in\?a=&quot;b&quot;&amp;c=&lt;d&gt;"/,
  )
})

test('PingAM: a journey without a session leads on from the page without one', async () => {
  const b = visitor()
  const done = await answer(b, 'service=Forgotten')
  assert.deepEqual([done.status, done.headers.location], [303, '/am/XUI/?realm=%2Falpha'])
  assert.equal(b.jar.has('iPlanetDirectoryPro'), false)
})

test('PingAM: the login page runs a journey that must run, and one for a new session', async () => {
  const b = visitor()
  await answer(b, 'service=Again')
  const token = b.jar.get('iPlanetDirectoryPro') ?? ''
  assert.equal((await readSession(alpha, token))?.sub, demo.sub)
  assert.equal(authIdOf(await b.get('realm=/alpha')), '')
  for (const query of ['service=Again', 'arg=newsession', 'authlevel=1'])
    assert.notEqual(authIdOf(await b.get(query)), '', query)
  await answer(b, 'arg=newsession')
  assert.equal(await readSession(alpha, token), undefined)
})

test('PingAM: a level that was asked for at the login page stands in its form, too', async () => {
  const b = visitor()
  const failed = await answer(b, 'authlevel=1')
  assert.equal(failed.status, 401)
  assert.match(actionOf(failed), /authIndexType=level&authIndexValue=1/)
  assert.equal((await b.post(actionOf(failed), { ...right, authId: authIdOf(failed) })).status, 401)
})

test('PingAM: the login page is in the language that its locale names', async () => {
  const page = await visitor().get('locale=de_DE')
  assert.match(String(page.body), /<html lang="de">/)
  assert.match(actionOf(page), /locale=de_DE/)
})

test('PingAM: what AM’s chains had is asked for in vain', async () => {
  for (const query of [
    'module=DataStore',
    'user=demo',
    'role=x',
    'authIndexType=chain&authIndexValue=x',
  ])
    await assert.rejects(visitor().get(query), (e) => e instanceof OAuthError && e.status === 400)
})

test('C-21 what is no way to log in is told as that, and that of the realm leads to where it was to lead', async () => {
  const goto = '/am/x?a=b'
  for (const query of ['service=Gone', 'authIndexType=chain&authIndexValue=x']) {
    const at = { fate: 'way', back: '/am/XUI/?realm=%2Falpha' }
    await assert.rejects(visitor().get(query), { code: 'bad_request', detail: at })
    const on = { fate: 'way', back: `${at.back}&goto=${encodeURIComponent(goto)}` }
    const asked = `${query}&goto=${encodeURIComponent(goto)}`
    await assert.rejects(visitor().get(asked), { code: 'bad_request', detail: on })
  }
})

test('C-21 whoever is not logged in may do so first where a journey is for those who are, and comes back to it', async () => {
  const b = visitor()
  const refused = await b.get('service=Own').catch((error: unknown) => error)
  assert.ok(refused instanceof OAuthError && refused.detail.fate === 'first')
  const { back = '' } = refused.detail
  const done = await answer(b, back.slice(back.indexOf('?') + 1))
  const to = String(done.headers.location)
  assert.deepEqual([done.status, to], [303, '/am/XUI/?realm=%2Falpha&service=Own'])
  assert.notEqual(authIdOf(await b.get(to.slice(to.indexOf('?') + 1))), '')
})

test('C-21 a journey that fails at once for somebody who is logged in leads to no login', async () => {
  const b = visitor()
  await answer(b, 'realm=/alpha')
  await assert.rejects(b.get('service=Never'), { code: 'access_denied', detail: {} })
})

test('a resource that is too long is refused at the login page, too', async () => {
  const at = (length: number) =>
    visitor(alpha).get(`realm=/alpha&resource=true&resourceURL=${'a'.repeat(length)}`)
  assert.equal((await at(2048)).status, 200)
  await assert.rejects(at(2049), {
    code: 'bad_request',
    description: 'The resource is longer than 2048 bytes',
  })
})
