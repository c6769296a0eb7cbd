/** An application as somebody's test has it: two clients, one of them with a site of its own, and three users. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../src/base/json.ts'
import { keySet, signer } from './assertion.ts'

export const redirect_uri = 'https://app.example/callback'
export const basic = `Basic ${btoa('app:app secret')}`
export const keys = await signer('ES256')

/** Where `keyed` publishes its keys and request objects, by path; and what was asked for. */
export const published = new Map([['/jwks', keySet(keys)]])
export const asked: string[] = []
export const site = createServer(({ url = '' }, response) => {
  asked.push(url)
  response.end(published.get(url))
})
await new Promise<void>((resolve) => {
  site.listen(0, '127.0.0.1', resolve)
})
export const { port } = site.address() as AddressInfo

const core = { redirectionUris: [redirect_uri], scopes: ['openid', 'notes'] }
export const config: JsonObject = {
  realms: [
    {
      path: '/alpha',
      clients: [
        {
          _id: 'app',
          coreOAuth2ClientConfig: { ...core, userpassword: 'app secret' },
          advancedOAuth2ClientConfig: { grantTypes: ['authorization_code', 'refresh_token'] },
        },
        {
          _id: 'keyed',
          coreOAuth2ClientConfig: core,
          advancedOAuth2ClientConfig: {
            tokenEndpointAuthMethod: 'private_key_jwt',
            requestUris: [`http://127.0.0.1:${port}/object`],
          },
          signEncOAuth2ClientConfig: {
            publicKeyLocation: 'jwks_uri',
            jwksUri: `http://127.0.0.1:${port}/jwks`,
            tokenEndpointAuthSigningAlgorithm: 'ES256',
            requestParameterSignedAlg: 'ES256',
          },
        },
      ],
      users: ['ann', 'ben', 'cleo'].map((_id) => ({ _id, userpassword: `${_id} has a password` })),
    },
  ],
}
