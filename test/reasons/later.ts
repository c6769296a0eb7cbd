/** What is refused because something changed since, or because of what else came or failed. */
import { StoreUnavailable } from '../../src/store/store.ts'
import { signer } from '../assertion.ts'
import type { Changes } from '../flow.ts'
import { authorizeUrl, codeOf, person, slimUrl, somebody } from '../flow.ts'
import { recordedWorld } from '../history.ts'
import { postAs, redirect_uri, register } from '../register.ts'
import { objectClaims, pushObject, registerSigner, signed } from '../request-object.ts'
import { undelayed } from '../undelayed.ts'
import { base, basic, bodyOf, pushForm, requestOf, verifier } from '../world.ts'
import type { Topic } from './told.ts'

export async function laterCases(): Promise<Topic> {
  let failing: Error | undefined
  const w = await recordedWorld({
    alpha: {
      advancedOAuth2Config: { codeVerifierEnforced: 'false' },
      advancedOIDCConfig: {},
      parapetConfig: { requestObjectProcessingEnforced: true },
    },
    records: (store) => ({
      ...store,
      insert: (...args: Parameters<typeof store.insert>) => {
        if (failing === undefined) return store.insert(...args)
        throw failing
      },
    }),
  })
  const p = await person(w)
  const key = await signer('ES256')
  const silent = { advanced: { isConsentImplied: true } }
  await registerSigner(w, 'signs', [key], { keys: { requestParameterSignedAlg: 'ES256' } })
  const form = pushForm({ redirect_uri })
  const code = async (client_id: string, changes: Changes = {}) => {
    await register(w, client_id, silent)
    const parameters = { client_id, ...pushForm({ redirect_uri, ...changes }) }
    return codeOf(await p.get(authorizeUrl(parameters)))
  }
  const redeem = (client_id: string, text: string, code_verifier = verifier) => {
    const grant_type = 'authorization_code'
    return postAs(w, client_id, '/access_token', {
      grant_type,
      code: text,
      redirect_uri,
      code_verifier,
    })
  }
  const failed = (error: Error) => async () => {
    failing = error
    try {
      return await postAs(w, 'stays', '/par', form)
    } finally {
      failing = undefined
    }
  }
  const object = (claims: Changes, beside: Changes) => () => {
    const request = signed(key, objectClaims(w, 'signs', claims))
    return p.get(authorizeUrl({ client_id: 'signs', request, redirect_uri, ...beside }))
  }
  await register(w, 'stays', silent)
  const old = await code('stays')
  const cases: Topic['cases'] = [
    ['store-unavailable', failed(new StoreUnavailable('down'))],
    ['server-fault', failed(new Error('a bug'))],
    [
      'code-verifier-unasked',
      async () =>
        redeem(
          'stays',
          await code('stays', { code_challenge: undefined, code_challenge_method: undefined }),
        ),
    ],
    [
      'code-terms',
      async () => {
        const text = await code('moved')
        await register(w, 'moved', { core: { redirectionUris: ['https://new.example/'] } })
        return redeem('moved', text)
      },
    ],
    [
      'scope-taken-back',
      async () => {
        const text = await code('less')
        await register(w, 'less', { core: { scopes: ['profile'] } })
        return redeem('less', text)
      },
    ],
    ['response-type-beside-missing', object({}, {})],
    ['openid-beside-missing', object({ scope: 'openid' }, { response_type: 'code' })],
    ['request-object-response-type', object({}, { response_type: 'token' })],
    [
      'request-object-key-withdrawn',
      async () => {
        const request = signed(key, objectClaims(w, 'signs'))
        const { request_uri } = bodyOf(await pushObject(w, 'signs', request))
        await registerSigner(w, 'signs', [await signer('ES256')])
        return p.get(slimUrl(String(request_uri), { client_id: 'signs' }))
      },
    ],
    [
      'request-uri-other-browser',
      async () => {
        await register(w, 'asks')
        const { request_uri } = bodyOf(await postAs(w, 'asks', '/par', form))
        const url = slimUrl(String(request_uri), { client_id: 'asks' })
        await p.get(url)
        return (await person(w, { user: await somebody(w) })).get(url)
      },
    ],
    [
      'client-tries',
      async () => {
        const headers = { authorization: basic('stays', 'wrong') }
        const ask = () => w.serve(requestOf('POST', `${base}/par`, { form, headers }))
        await undelayed(() => Promise.all(Array.from({ length: 20 }, ask)))
        return ask()
      },
    ],
    [
      'request-object-tries',
      async () => {
        const url = authorizeUrl({ client_id: 'signs', request: 'x' })
        for (let i = 0; i < 20; i++) await p.get(url)
        return p.get(url)
      },
    ],
    [
      'code-gone',
      async () => {
        w.clock.now += 100_000_000
        await w.records.sweep()
        return redeem('stays', old)
      },
    ],
  ]
  return { w, cases }
}
