import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json, JsonObject } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import { clientAttributes, clientMetadata, overrideSection } from './client-metadata.ts'
import { attributeNames, readDocument, showDocument, withKept } from './document.ts'
import { problemLine } from './problem.ts'
import { readSettings } from './setting.ts'
import { keptAttributes } from './unserved/attribute.ts'

const wrapped = (section: string): 'plain' | 'wrapped' =>
  section === overrideSection ? 'plain' : 'wrapped'

test('PingAM: rest-api-oauth2-client a document of defaults comes back as it went', () => {
  const shown = showDocument(clientAttributes, {}, wrapped)
  const { document, problems, unknown } = readDocument(clientAttributes, shown)
  assert.deepEqual(problems, [])
  assert.deepEqual(unknown, [])
  assert.deepEqual(showDocument(clientAttributes, document, wrapped), shown)
  assert.deepEqual(
    readSettings(clientMetadata, document).values,
    readSettings(clientMetadata, {}).values,
  )
})

test('PingAM: rest-api-oauth2-client values are wrapped, overrides never, what is unset has no value', () => {
  const shown = showDocument(clientAttributes, {}, wrapped) as Record<string, JsonObject>
  assert.deepEqual(shown.coreOAuth2ClientConfig?.status, { inherited: false, value: 'Active' })
  assert.deepEqual(shown.signEncOAuth2ClientConfig?.jwkSet, { inherited: false })
  assert.equal(shown.overrideOAuth2ClientConfig?.providerOverridesEnabled, false)
  const plain = showDocument(clientAttributes, {}, () => 'plain') as Record<string, JsonObject>
  assert.equal(plain.coreOAuth2ClientConfig?.status, 'Active')
  assert.equal(plain.signEncOAuth2ClientConfig?.jwkSet, null)
})

test('PingAM: rest-api-oauth2-client wrapped and plain values are read alike, null is unset', () => {
  const { document } = readDocument(clientAttributes, {
    _id: 'x',
    _rev: '1',
    coreOAuth2ClientConfig: {
      status: { inherited: false, value: 'Inactive' },
      scopes: ['a'],
      clientName: { inherited: false },
      agentgroup: null,
    },
    coreUmaClientConfig: {},
    _type: { _id: 'OAuth2Client' },
  })
  assert.deepEqual(document, { coreOAuth2ClientConfig: { status: 'Inactive', scopes: ['a'] } })
})

const besideInherited: Json[] = [null, 'Sleeping', 7, true, [], [7], {}, { value: 'Inactive' }]
for (const value of besideInherited) {
  test(`C-40 what stands beside "inherited": true is not looked at: ${JSON.stringify(value)}`, () => {
    const inherits = { inherited: true, value }
    const read = readDocument(clientAttributes, {
      coreOAuth2ClientConfig: { status: inherits, scopes: inherits, accessTokenLifetime: inherits },
      advancedOAuth2ClientConfig: { grantTypes: inherits, subjectType: { inherited: true } },
    })
    assert.deepEqual(read, { document: {}, kept: {}, problems: [], unknown: [] })
  })
}

const unknowns: [input: JsonObject, path: string][] = [
  [{ coreOAuth2ClientConfig: { clientname: [] } }, 'coreOAuth2ClientConfig.clientname'],
  [{ coreOAuth2ClientConfig: { constructor: null } }, 'coreOAuth2ClientConfig.constructor'],
  [{ somethingElse: { status: 'Active' } }, 'somethingElse'],
  [{ coreOAuth2ClientConfig: ['status'] }, 'coreOAuth2ClientConfig'],
  [{ constructor: {} }, 'constructor'],
]
for (const [input, path] of unknowns) {
  test(`T-8 unknown is told by its path: ${JSON.stringify(input)}`, () => {
    assert.deepEqual(readDocument(clientAttributes, input).unknown, [path])
  })
}

test('PingAM: rest-api-oauth2-client a list of null is an empty list, and no name is the empty text too', () => {
  const { document, problems } = readDocument(clientAttributes, {
    coreOAuth2ClientConfig: {
      agentgroup: '',
      secretLabelIdentifier: '',
      scopes: { inherited: false, value: [null, 'a', null] },
    },
    advancedOAuth2ClientConfig: { name: { inherited: false, value: [null] }, descriptions: [null] },
    coreOpenIDClientConfig: { backchannel_logout_uri: '', clientSessionUri: '' },
  })
  assert.deepEqual(problems, [])
  assert.deepEqual(document.coreOAuth2ClientConfig, {
    agentgroup: '',
    secretLabelIdentifier: '',
    scopes: ['a'],
  })
  assert.deepEqual(document.advancedOAuth2ClientConfig, { name: [], descriptions: [] })
  const wrong = { coreOAuth2ClientConfig: { clientName: 'web', scopes: [7] } }
  assert.equal(readDocument(clientAttributes, wrong).problems.length, 2)
})

test('PingAM: rest-api-oauth2-client every refused value is told by its path and what it should be', () => {
  const { problems } = readDocument(clientAttributes, {
    coreOAuth2ClientConfig: { status: 'Sleeping', scopes: 'openid', accessTokenLifetime: 1.5 },
    signEncOAuth2ClientConfig: { jwksUri: 'ftp://a.example' },
    advancedOAuth2ClientConfig: { subjectType: 'both' },
  })
  assert.deepEqual(problems.map(problemLine), [
    'coreOAuth2ClientConfig.status: must be one of "Active", "Inactive"',
    'coreOAuth2ClientConfig.scopes: must be a list of scopes (RFC 6749 §3.3), at most 200',
    'coreOAuth2ClientConfig.accessTokenLifetime: must be a whole number from 0 to 2147483648',
    'signEncOAuth2ClientConfig.jwksUri: not https',
    'advancedOAuth2ClientConfig.subjectType: must be one of "public", "pairwise"',
  ])
})

test('PingAM: rest-api-oauth2-client older exports read too', () => {
  const { problems, document } = readDocument(clientAttributes, {
    advancedOAuth2ClientConfig: { subjectType: 'Public', treeName: '[Empty]' },
    overrideOAuth2ClientConfig: {
      oidcClaimsPluginType: 'SCRIPTED',
      oidcClaimsScript: '36863ffb-40ec-48b9-94b1-9a99f71cc3b5',
    },
  })
  assert.deepEqual(problems, [])
  const { values } = readSettings(clientMetadata, document)
  assert.deepEqual([values.subject_type, values.treeName], ['public', ''])
})

test('C-39 what is not served is kept as it came, apart from what is, and comes back in its place', () => {
  const input = {
    coreOAuth2ClientConfig: { status: 'Inactive', agentgroup: 'web', invented: [1, { a: null }] },
    advancedOAuth2ClientConfig: {
      updateAccessToken: { inherited: false, value: 'eyJ0eXAi' },
      blank: null,
    },
    signEncOAuth2ClientConfig: { jwksUri: 'http://am:80/am/oauth2/connect/jwk_uri' },
    newSection: { x: 1 },
    newList: ['y'],
    ['__proto__']: { polluted: true },
    parapet: { unserved: ['what an answer said'] },
  }
  const read = readDocument(clientAttributes, input)
  assert.deepEqual(read.problems, [])
  assert.deepEqual(read.document, { coreOAuth2ClientConfig: { status: 'Inactive' } })
  const { values } = readSettings(clientMetadata, read.document)
  assert.deepEqual([values.subject_type, values.jwks_uri], ['public', ''])
  const whole = withKept(read.document, read.kept)
  assert.deepEqual(readDocument(clientAttributes, whole), read)
  const shown = showDocument(clientAttributes, whole, () => 'plain') as Record<string, JsonObject>
  assert.deepEqual(shown.coreOAuth2ClientConfig?.invented, [1, { a: null }])
  assert.equal(shown.advancedOAuth2ClientConfig?.updateAccessToken, 'eyJ0eXAi')
  assert.equal(shown.advancedOAuth2ClientConfig?.blank, null)
  assert.deepEqual([shown.newSection, shown.newList], [{ x: 1 }, ['y']])
  const paths = keptAttributes(clientAttributes, read.document, read.kept)
  assert.deepEqual(paths.map(({ path, stops }) => `${path} ${stops}`).sort(), [
    'advancedOAuth2ClientConfig.updateAccessToken nothing',
    'coreOAuth2ClientConfig.agentgroup all',
    'coreOAuth2ClientConfig.invented nothing',
    'newList nothing',
    'newSection nothing',
    'signEncOAuth2ClientConfig.jwksUri keys',
  ])
})

const placeholders: Json[] = [
  '&{fqdn}',
  ['https://$', '{HOST}/cb'].join(''),
  ['@@HOST@@'],
  { a: '{{host}}' },
  '{UI_URL}',
]
for (const value of placeholders) {
  test(`C-39 what a template has left to be filled in is refused where it would be served: ${JSON.stringify(value)}`, () => {
    const input = {
      coreOAuth2ClientConfig: { clientName: [value] },
      advancedOAuth2ClientConfig: { customProperties: [value] },
    }
    const paths = readDocument(clientAttributes, input).problems.map(({ path }) => path)
    assert.ok(paths.includes('coreOAuth2ClientConfig.clientName'))
    assert.ok(!paths.includes('advancedOAuth2ClientConfig.customProperties'))
  })
}

test('no two rows of one table share their place in PingAM’s document', () => {
  const rows = Object.values(clientAttributes)
  assert.equal(new Set(rows.map((row) => `${row.section}.${row.name}`)).size, rows.length)
  assert.ok(attributeNames(clientAttributes).includes('redirectionUris'))
  assert.ok(rows.every((row) => row.about !== '' && !isObject(row.read)))
})
