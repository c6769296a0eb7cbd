import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { browser } from '../../../test/browser.ts'
import {
  account,
  answerOf,
  authorizeUrl,
  claimsOf,
  logInAndReturn,
  person,
  withToken,
} from '../../../test/flow.ts'
import { post, postAs, register, secret } from '../../../test/register.ts'
import { base, basic, bodyOf, pushForm, verifier, world } from '../../../test/world.ts'

const w = await world()
const p = await person(w)
const id = 'changing'
const uri = (host: string): string => `https://${host}/cb`
const forms = {
  public: { host: 'one.example', subjectType: 'public' },
  pairwise: { host: 'one.example', subjectType: 'pairwise' },
  elsewhere: { host: 'two.example', subjectType: 'pairwise' },
} as const

function change({ host, subjectType }: (typeof forms)[keyof typeof forms]): Promise<void> {
  return amend(w, id, {
    coreOAuth2ClientConfig: { redirectionUris: [uri(host)] },
    advancedOAuth2ClientConfig: { subjectType },
  })
}

async function begun({ host }: { readonly host: string }) {
  const redirect_uri = uri(host)
  const form = pushForm({ redirect_uri, scope: 'openid', nonce: 'n' })
  const code = answerOf(await p.get(authorizeUrl({ client_id: id, ...form }))).get('code') ?? ''
  const grant = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri }
  return bodyOf(await postAs(w, id, '/access_token', grant))
}

/** Every place where a client or its resource server is told of the user of some tokens. */
async function told({ access_token, refresh_token }: Readonly<Record<string, unknown>>) {
  const headers = { authorization: basic(id, secret) }
  const looks = [access_token, refresh_token].map(async (token) =>
    bodyOf(await post(w, '/introspect', { token: String(token) }, headers)),
  )
  return [
    claimsOf(access_token),
    bodyOf(await withToken(w, '/userinfo', access_token)),
    bodyOf(await withToken(w, '/tokeninfo', access_token)),
    ...(await Promise.all(looks)),
  ]
}

await register(w, id, {
  core: { redirectionUris: [uri('one.example')] },
  advanced: { isConsentImplied: true },
})

for (const [from, to] of [
  ['public', 'pairwise'],
  ['pairwise', 'public'],
  ['pairwise', 'elsewhere'],
  ['public', 'public'],
] as const) {
  test(`OIDC Core §12.2 a grant keeps its subject when its client is changed: ${from}, then ${to}`, async () => {
    await change(forms[from])
    const first = await begun(forms[from])
    const { sub } = claimsOf(first.id_token)
    await change(forms[to])
    const form = { grant_type: 'refresh_token', refresh_token: String(first.refresh_token) }
    const refreshed = bodyOf(await postAs(w, id, '/access_token', form))
    assert.equal(claimsOf(refreshed.id_token).sub, sub)
    for (const each of [...(await told(refreshed))]) {
      assert.equal(each.sub, sub)
      if (from !== 'public') assert.doesNotMatch(JSON.stringify(each), /"demo"/)
    }
    const later = claimsOf((await begun(forms[to])).id_token).sub
    assert.equal(later === sub, from === to)
    assert.equal(later === w.demo.sub, to === 'public')
  })
}

for (const [from, to] of [
  ['public', 'pairwise'],
  ['pairwise', 'public'],
  ['pairwise', 'elsewhere'],
] as const) {
  test(`OIDC Core §3.1.2.1 an ID token issued while its client was ${from} names its user when it is ${to}`, async () => {
    await change(forms[from])
    const id_token_hint = String((await begun(forms[from])).id_token)
    await change(forms[to])
    const form = pushForm({ redirect_uri: uri(forms[to].host), scope: 'openid', id_token_hint })
    const silent = authorizeUrl({ client_id: id, ...form, prompt: 'none' })
    assert.ok(answerOf(await p.get(silent)).has('code'))
    const someone = await person(w, { user: await account(w, `${from} ${to}`) })
    assert.ok(answerOf(await someone.get(silent)).has('error'))
    const later = browser(w)
    const detour = await later.get(authorizeUrl({ client_id: id, ...form }))
    assert.ok(answerOf(await logInAndReturn(later, detour)).has('code'))
  })
}

test('OIDC RP-Initiated Logout §2 such a token ends a session that its user has by now', async () => {
  for (const [from, to] of [
    ['public', 'pairwise'],
    ['pairwise', 'public'],
  ] as const) {
    await change(forms[from])
    const { id_token } = await begun(forms[from])
    await change(forms[to])
    const url = `${base}/connect/endSession?id_token_hint=${String(id_token)}`
    for (const each of [browser(w), await person(w)]) {
      assert.equal((await each.get(url)).status, 204)
      assert.equal(each.cookies.has('iPlanetDirectoryPro'), false)
    }
    await person(w, { at: p })
  }
})

test('OIDC Core §8.1 a client with pairwise subjects cannot ask for a user by the id that other clients have', async () => {
  await change(forms.pairwise)
  const claims = JSON.stringify({ id_token: { sub: { value: w.demo.sub } } })
  const asked = { redirect_uri: uri(forms.pairwise.host), scope: 'openid', claims, prompt: 'none' }
  const answer = answerOf(await p.get(authorizeUrl({ client_id: id, ...pushForm(asked) })))
  assert.ok(answer.has('error'))
})
