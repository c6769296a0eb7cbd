import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimsOf } from '../../../../test/flow.ts'
import { parsed, ways, worldOf } from '../../../../test/mtls.ts'
import type { Issued } from '../../../../test/pki.ts'
import { cn, issue } from '../../../../test/pki.ts'
import { accountAssertion, serviceAccount, tokenUrl } from '../../../../test/service-account.ts'
import { bodyOf, origin } from '../../../../test/world.ts'
import { anyState } from '../../../config/kind.ts'
import { oauth2ProviderKind } from '../../../config/oauth2-provider.ts'
import { jwtBearerGrant } from '../../../protocol/grant-type.ts'

const w = await worldOf([])
const root = await w.realm('/')
await oauth2ProviderKind.save(
  root,
  '',
  {
    parapetConfig: { senderConstraint: 'either' },
    coreOAuth2Config: { statelessTokensEnabled: true },
    advancedOAuth2Config: { tlsClientCertificateTrustedHeader: 'x-client-cert' },
  },
  { by: 'test', condition: anyState },
)
const account = await serviceAccount(w, ['fr:am:*'])
const [own, other] = [issue({ subject: cn('own') }), issue({ subject: cn('other') })]
const url = `${origin}/am/json/realms/root/realms/alpha/realm-config/services/oauth-oidc`

async function tokenBy(way: keyof typeof ways, shown: Issued | undefined): Promise<string> {
  const form = {
    grant_type: jwtBearerGrant,
    client_id: 'service-account',
    assertion: accountAssertion(w, account),
    scope: 'fr:am:*',
  }
  const answer = await w.serve(ways[way]('POST', tokenUrl, shown, { form }))
  assert.equal(answer.status, 200, String(answer.body))
  return String(bodyOf(answer).access_token)
}

for (const way of ['direct', 'proxy'] as const)
  test(`MTLS-6, K-9 ${way}: a service account’s token of a certificate administers with that certificate alone`, async () => {
    const token = await tokenBy(way, own)
    assert.deepEqual(claimsOf(token).cnf, { 'x5t#S256': parsed(own).thumbprint })
    const administer = async (shown: Issued | undefined): Promise<number> => {
      const headers = {
        authorization: `Bearer ${token}`,
        'accept-api-version': 'protocol=2.1,resource=1.0',
      }
      return (await w.serve(ways[way]('GET', url, shown, { headers }))).status
    }
    assert.deepEqual(
      [await administer(own), await administer(other), await administer(undefined)],
      [200, 401, 401],
    )
  })
