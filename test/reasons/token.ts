/** Token requests that are refused for what they bring. */
import type { Changes } from '../flow.ts'
import { codeFor, person, redeem, refresh, tokenRequest, tokensFor } from '../flow.ts'
import { recordedWorld } from '../history.ts'
import { postAs, register } from '../register.ts'
import { base, basic, callback, requestOf, verifier } from '../world.ts'
import type { Topic } from './told.ts'

export async function tokenCases(): Promise<Topic> {
  const w = await recordedWorld()
  const p = await person(w)
  await register(w, 'other')
  await register(w, 'public', { core: { clientType: 'Public' } })
  await register(w, 'code only', { advanced: { grantTypes: ['authorization_code'] } })
  const grant = {
    grant_type: 'authorization_code',
    redirect_uri: callback,
    code_verifier: verifier,
  }
  const asked = (form: Changes) => () => tokenRequest(w, form)
  const fresh = (changes: Changes) => async () => redeem(w, await codeFor(w, {}, p), changes)
  const other = (form: Readonly<Record<string, string>>) => () =>
    postAs(w, 'other', '/access_token', form)
  const spent = await codeFor(w, {}, p)
  await redeem(w, spent)
  const used = await codeFor(w, {}, p)
  await redeem(w, used)
  const tokens = await tokensFor(w, {}, p)
  const cases: Topic['cases'] = [
    [
      'credentials-in-uri',
      () =>
        w.serve(
          requestOf('POST', `${base}/access_token?code=x`, {
            headers: { authorization: basic() },
            form: grant,
          }),
        ),
    ],
    ['grant-type-missing', asked({})],
    ['grant-type-unknown', asked({ grant_type: 'x' })],
    [
      'grant-type-unregistered',
      () => postAs(w, 'code only', '/access_token', { grant_type: 'client_credentials' }),
    ],
    ['code-missing', asked({ grant_type: 'authorization_code' })],
    ['code-unknown', asked({ ...grant, code: 'x' })],
    ['code-foreign', async () => other({ ...grant, code: await codeFor(w, {}, p) })()],
    ['code-spent', () => redeem(w, used, { code_verifier: 'x' })],
    ['code-replayed', () => redeem(w, spent)],
    ['code-ended', () => redeem(w, spent)],
    ['code-redirect-uri', fresh({ redirect_uri: `${callback}/` })],
    ['code-redirect-uri-missing', fresh({ redirect_uri: undefined })],
    ['code-verifier-missing', fresh({ code_verifier: undefined })],
    ['code-verifier-malformed', fresh({ code_verifier: 'x' })],
    ['code-verifier-wrong', fresh({ code_verifier: `${verifier}x` })],
    ['refresh-missing', asked({ grant_type: 'refresh_token' })],
    ['refresh-unknown', () => refresh(w, 'x')],
    [
      'refresh-foreign',
      other({ grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) }),
    ],
    ['refresh-scope-wider', () => refresh(w, tokens.refresh_token, { scope: 'openid' })],
    [
      'refresh-replayed',
      async () => {
        await refresh(w, tokens.refresh_token)
        w.clock.now += 60
        return refresh(w, tokens.refresh_token)
      },
    ],
    ['refresh-ended', () => refresh(w, tokens.refresh_token)],
    [
      'client-credentials-public',
      () => tokenRequest(w, { grant_type: 'client_credentials', client_id: 'public' }, {}),
    ],
    ['client-credentials-openid', other({ grant_type: 'client_credentials', scope: 'openid' })],
    [
      'code-expired',
      async () => {
        const code = await codeFor(w, {}, p)
        w.clock.now += 119
        return redeem(w, code)
      },
    ],
  ]
  return { w, cases }
}
