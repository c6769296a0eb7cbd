/** Requests that are refused for the certificate that tokens are tied to. */
import { postProof, proofKey } from '../dpop.ts'
import { authorizeUrl, codeOf, person } from '../flow.ts'
import { recordedWorld } from '../history.ts'
import { ways } from '../mtls.ts'
import type { Issued } from '../pki.ts'
import { cn, issue } from '../pki.ts'
import { redirect_uri, register, secret } from '../register.ts'
import { base, basic, bodyOf, pushForm, verifier } from '../world.ts'
import type { Case, Topic } from './told.ts'

export async function certificateBindingCases(): Promise<Topic> {
  const w = await recordedWorld({
    certificates: { asked: true, proxied: false, authorities: [] },
  })
  const [own, other] = [issue({ subject: cn('own') }), issue({ subject: cn('other') })]
  const key = await proofKey()
  await register(w, 'bound', {
    advanced: { isConsentImplied: true },
    keys: { mTLSCertificateBoundAccessTokens: true },
  })
  const authorization = basic('bound', secret)
  const post = (form: Readonly<Record<string, string>>, shown?: Issued, headers = {}) => {
    const sent = { form, headers: { authorization, ...headers } }
    return w.serve(ways.direct('POST', `${base}/access_token`, shown, sent))
  }
  const credentials = { grant_type: 'client_credentials', scope: 'write' }
  const p = await person(w)
  const url = authorizeUrl({ client_id: 'bound', ...pushForm({ redirect_uri, scope: 'openid' }) })
  const code = codeOf(await p.get(url))
  const grant = { grant_type: 'authorization_code', redirect_uri, code_verifier: verifier, code }
  const token = String(bodyOf(await post(grant, own)).access_token)
  const headers = { authorization: `Bearer ${token}` }
  const at = (shown?: Issued): Case[1] => {
    return () => w.serve(ways.direct('GET', `${base}/userinfo`, shown, { headers }))
  }
  const cases: Topic['cases'] = [
    ['certificate-required', () => post(credentials)],
    ['proof-beside', () => post(credentials, own, { dpop: postProof(w, key, '/access_token') })],
    [
      'dpop-jkt-beside-certificate',
      () => {
        const form = pushForm({ redirect_uri, scope: 'openid', dpop_jkt: key.jkt })
        return w.serve(
          ways.direct('POST', `${base}/par`, own, { form, headers: { authorization } }),
        )
      },
    ],
    ['token-certificate-missing', at()],
    ['token-certificate', at(other)],
  ]
  return { w, cases }
}
