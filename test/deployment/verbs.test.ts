/** What sizing goes by: how often each step of an authorization asks the store of the records for something. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { saveClient } from '../../src/client/registration.ts'
import { hashSecret } from '../../src/client/stored-secret.ts'
import type { Store } from '../../src/store/store.ts'
import { codeOf, person, tokenRequest } from '../flow.ts'
import { base, basic, bodyOf, callback, pushForm, requestOf, verifier, world } from '../world.ts'

/** A store that writes down which verbs it is asked for; not what it answers from its own knowledge. */
function counted(store: Store, asked: string[]): Store {
  const noted =
    <A extends readonly unknown[], R>(verb: string, act: (...args: A) => R) =>
    (...args: A): R => {
      asked.push(verb)
      return act(...args)
    }
  return {
    ...store,
    get: noted('get', store.get),
    insert: noted('insert', store.insert),
    replace: noted('replace', store.replace),
    delete: noted('delete', store.delete),
    list: noted('list', store.list),
  }
}

test('house: a push writes once, a visit with a session and the token request read and write as the guide to scaling counts', async () => {
  const [records, settings]: [string[], string[]] = [[], []]
  const w = await world({
    records: (store) => counted(store, records),
    settings: (store) => counted(store, settings),
  })
  const secrets = [await hashSecret(await w.realm(), 'a secret of the shop', false)]
  const advancedOAuth2ClientConfig = { isConsentImplied: true }
  const coreOAuth2ClientConfig = { redirectionUris: [callback], scopes: ['openid', 'profile'] }
  const document = { advancedOAuth2ClientConfig, coreOAuth2ClientConfig }
  await saveClient(await w.realm(), { client_id: 'shop', document, secrets })
  const headers = { authorization: basic('shop', 'a secret of the shop') }
  const somebody = await person(w)
  const steps: [step: string, records: string, settings: string][] = []
  const step = (name: string): void => {
    const told = (verbs: string[]): string => verbs.splice(0).join(', ') || 'nothing'
    steps.push([name, told(records), told(settings)])
  }
  // The second time everything is known that is the same for all.
  for (let i = 0; i < 2; i++) {
    steps.length = 0
    step('before')
    const sent = { headers, form: pushForm({ client_id: 'shop', scope: 'openid profile' }) }
    const made = await w.serve(requestOf('POST', `${base}/par`, sent))
    assert.equal(made.status, 201, String(made.body))
    const { request_uri } = bodyOf(made)
    step('push')
    const query = new URLSearchParams({ client_id: 'shop', request_uri: String(request_uri) })
    const visited = await somebody.get(`${base}/authorize?${query.toString()}`)
    const code = codeOf(visited)
    step('visit')
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback }
    const tokens = await tokenRequest(w, { ...form, code_verifier: verifier }, headers)
    assert.equal(tokens.status, 200)
    step('token')
  }
  const guide = readFileSync(resolve(import.meta.dirname, '../../docs/guide/scaling.md'), 'utf8')
  const told = [...guide.matchAll(/^\| (push|visit|token) [^|]*\| ([^|]+) \| ([^|]+) \|/gm)]
  assert.deepEqual(
    steps.slice(1),
    told.map(([, name, verbs, read]) => [name, verbs, read]),
  )
})
