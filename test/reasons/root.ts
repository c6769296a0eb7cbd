/** What the root realm alone refuses, and assertions from before an operator accepted a store. */
import { clientKind } from '../../src/config/client.ts'
import { anyState } from '../../src/config/kind.ts'
import type { EndUser } from '../../src/user/end-user.ts'
import { createEndUser } from '../../src/user/end-user.ts'
import { trustedAdministrators } from '../administration-client.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../assertion.ts'
import { authorizeUrl, person } from '../flow.ts'
import { recordedWorld } from '../history.ts'
import { post, redirect_uri, register } from '../register.ts'
import { accountAssertion, askByAssertion, serviceAccount } from '../service-account.ts'
import { origin, pushForm } from '../world.ts'
import type { Topic } from './told.ts'

const root = `${origin}/am/oauth2`

export async function rootCases(): Promise<Topic> {
  const w = await recordedWorld({ accepted: 1_800_000_000 })
  const key = await signer('ES256')
  await register(
    w,
    'jwt',
    {
      advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
      keys: {
        publicKeyLocation: 'jwks',
        jwkSet: keySet(key),
        tokenEndpointAuthSigningAlgorithm: 'ES256',
      },
    },
    '/',
  )
  const account = await serviceAccount(w, ['fr:am:*'])
  const realm = await w.realm('/')
  await clientKind.save(realm, 'idmAdminClient', trustedAdministrators, {
    by: 'test',
    condition: anyState,
  })
  const user = await createEndUser(realm, { username: 'clerk', password: 'Ch4ng31t' })
  const clerk = await person(w, { user: user as EndUser, path: '/' })
  const cases: Topic['cases'] = [
    [
      'assertion-old',
      () =>
        post(
          w,
          `${root}/par`,
          pushForm({
            ...proof(assertion(key, goodClaims('jwt', root, w.clock.now))),
            redirect_uri,
          }),
        ),
    ],
    ['grant-assertion-old', () => askByAssertion(w, accountAssertion(w, account))],
    [
      'administration-scope',
      () =>
        clerk.get(
          authorizeUrl(
            { client_id: 'idmAdminClient', ...pushForm({ scope: 'fr:am:*', redirect_uri }) },
            root,
          ),
        ),
    ],
  ]
  return { w, cases, path: '/' }
}
