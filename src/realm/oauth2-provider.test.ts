import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDocument, showDocument } from '../protocol/document.ts'
import { readSettings } from '../protocol/setting.ts'
import { keptAttributes } from '../protocol/unserved/attribute.ts'
import { oauth2Provider, providerAttributes } from './oauth2-provider.ts'

const plain = (): 'plain' => 'plain'

test('C-36 C-8 C-9 C-12 defaults of a realm', () => {
  const { values } = readSettings(oauth2Provider, {})
  assert.equal(values.claimsParameterSupported, true)
  assert.equal(values.statelessTokensEnabled, true)
  assert.equal(values.clientsCanSkipConsent, true)
  assert.notEqual(values.savedConsentAttribute, '')
  assert.equal(values.parRequestUriLifetime, 90)
  assert.equal(values.codeLifetime, 60)
  assert.equal(values.codeVerifierEnforced, 'true')
})

test('PingAM: services-configuration a document of defaults comes back as it went', () => {
  const shown = showDocument(providerAttributes, {}, plain)
  const { document, problems, unknown } = readDocument(providerAttributes, shown)
  assert.deepEqual([problems, unknown], [[], []])
  assert.deepEqual(showDocument(providerAttributes, document, plain), shown)
  assert.deepEqual(
    readSettings(oauth2Provider, document).values,
    readSettings(oauth2Provider, {}).values,
  )
})

test('PingAM: services-configuration the sections are those of AM, and our own', () => {
  assert.deepEqual(Object.keys(showDocument(providerAttributes, {}, plain)).sort(), [
    'advancedOAuth2Config',
    'advancedOIDCConfig',
    'aiAgentsConfig',
    'cibaConfig',
    'clientDynamicRegistrationConfig',
    'consent',
    'coreOAuth2Config',
    'coreOIDCConfig',
    'deviceCodeConfig',
    'parapetConfig',
    'pluginsConfig',
  ])
})

test('PingAM: services-configuration what Advanced Identity Cloud sets by default is taken', () => {
  const { problems, unknown } = readDocument(providerAttributes, {
    advancedOAuth2Config: {
      codeVerifierEnforced: 'false',
      hashSalt: '&{am.oidc.client.subject.identifier.hash.salt}',
      passwordGrantAuthService: 'Login',
      supportedScopes: ['email|Your email address', 'openid|', 'fr:idm:*'],
      responseTypeClasses: [
        'code|org.forgerock.oauth2.core.AuthorizationCodeResponseTypeHandler',
        'device_code|org.forgerock.oauth2.core.TokenResponseTypeHandler',
        'token|org.forgerock.oauth2.core.TokenResponseTypeHandler',
        'id_token|org.forgerock.openidconnect.IdTokenResponseTypeHandler',
      ],
    },
    coreOIDCConfig: { oidcDiscoveryEndpointEnabled: true },
    pluginsConfig: {
      evaluateScopeClass: 'org.forgerock.openam.oauth2.OpenAMScopeValidator',
      oidcClaimsPluginType: 'SCRIPTED',
      oidcClaimsScript: 'cf3515f0-8278-4ee3-a530-1bad7424c416',
    },
    aiAgentsConfig: { aiAgentsEnabled: true },
  })
  assert.deepEqual([problems, unknown], [[], []])
})

test('C-39 what would change behaviour and is not served is kept, and what it stops is told', () => {
  const input = {
    advancedOAuth2Config: {
      tokenEncryptionEnabled: true,
      responseTypeClasses: ['code|org.forgerock.oauth2.core.AuthorizationCodeResponseTypeHandler'],
      hashSalt: '&{am.oidc.client.subject.identifier.hash.salt}',
    },
    coreOIDCConfig: { supportedIDTokenSigningAlgorithms: ['RS256'] },
    clientDynamicRegistrationConfig: { allowDynamicRegistration: true },
    pluginsConfig: {
      oidcClaimsPluginType: 'JAVA',
      oidcClaimsClass: 'example.Claims',
      validateScopeScript: '00000000-0000-4000-8000-000000000000',
      evaluateScopePluginType: 'SCRIPTED',
      evaluateScopeScript: '00000000-0000-4000-8000-000000000000',
    },
  }
  const { document, kept, problems } = readDocument(providerAttributes, input)
  assert.deepEqual(problems, [])
  const found = keptAttributes(providerAttributes, document, kept)
  assert.deepEqual(
    found.map(({ path, stops }) => `${path} ${stops}`),
    [
      'advancedOAuth2Config.tokenEncryptionEnabled all',
      'advancedOAuth2Config.responseTypeClasses user',
      'coreOIDCConfig.supportedIDTokenSigningAlgorithms nothing',
      'clientDynamicRegistrationConfig.allowDynamicRegistration nothing',
      'pluginsConfig.oidcClaimsClass openid',
      // Its type says that its class counts.
      'pluginsConfig.validateScopeScript nothing',
      'pluginsConfig.evaluateScopeScript introspection',
    ],
  )
})

test('PingAM: services-configuration no two rows share their place in the document', () => {
  const rows = Object.values(providerAttributes)
  assert.equal(new Set(rows.map((row) => `${row.section}.${row.name}`)).size, rows.length)
})
