import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller, callWith } from '../administrator.ts'
import { exportedJourney } from '../exported-journey.ts'
import type { Account } from '../service-account.ts'
import { accountAssertion, askByAssertion, serviceAccount } from '../service-account.ts'
import { bodyOf, origin, world } from '../world.ts'

const json = `${origin}/am/json`
const alpha = `${json}/realms/root/realms/alpha`
const agents = `${alpha}/realm-config/agents/OAuth2Client`
const role = 'condition,description,name,privileges,temporalConstraints'

/** One request as frodo 3.1 sends it in cloud mode, and with which version. */
type Request = readonly [method: 'GET' | 'POST', url: string, version: string]

const everyRealm: Request = [
  'GET',
  `${json}/global-config/realms/?_queryFilter=true`,
  'protocol=2.0,resource=1.0',
]

/** What its commands ask after the login; `config export` also asks for what is only kept. */
const commands: readonly (readonly [command: string, requests: readonly Request[]])[] = [
  [
    'info',
    [
      ['GET', `${json}/serverinfo/version`, 'resource=1.0'],
      ['GET', `${origin}/environment/info`, 'protocol=1.0,resource=1.0'],
    ],
  ],
  ['realm list', [everyRealm]],
  ['oauth client list', [['GET', `${agents}?_queryFilter=true`, 'protocol=2.1,resource=1.0']]],
  ['oauth client export', [['GET', `${agents}/myClient`, 'protocol=2.1,resource=1.0']]],
  [
    'service list',
    [
      [
        'POST',
        `${alpha}/realm-config/services?_action=nextdescendents`,
        'protocol=1.0,resource=1.0',
      ],
    ],
  ],
  [
    'config export',
    [
      everyRealm,
      [
        'POST',
        `${json}/global-config/services?_action=nextdescendents`,
        'protocol=1.0,resource=1.0',
      ],
      ['GET', `${origin}/environment/variables`, 'protocol=1.0,resource=1.0'],
      ['GET', `${origin}/environment/secrets`, 'protocol=1.0,resource=1.0'],
      ['GET', `${origin}/openidm/config?_queryFilter=true`, ''],
      ['GET', `${origin}/openidm/config?_queryFilter=_id%20sw%20'emailTemplat'`, ''],
      ['GET', `${origin}/openidm/config/sync`, ''],
      ['GET', `${origin}/openidm/config/ui/themerealm`, ''],
      [
        'GET',
        `${origin}/openidm/internal/role?_queryFilter=true&_pageSize=1000&_fields=${role}`,
        '',
      ],
      ['GET', `${origin}/openidm/managed//_application?_queryFilter=true&_pageSize=1000`, ''],
      ['GET', `${origin}/openidm/managed/alpha_application?_queryFilter=true&_pageSize=1000`, ''],
    ],
  ],
]

const w = await world()

/** frodo's own login: it asks for all it might need, and once more by the same assertion for what there is. */
async function logIn(account: Account): Promise<string> {
  const assertion = accountAssertion(w, account, {
    aud: `${origin}:8080/am/oauth2/access_token`,
  })
  const wanted = 'fr:am:* fr:idc:analytics:* fr:idc:certificate:* fr:idc:esv:* fr:idm:*'
  const refused = bodyOf(await askByAssertion(w, assertion, { scope: wanted }))
  assert.equal(refused.error, 'invalid_scope')
  const bad = String(refused.error_description).substring(39).split(',')
  const scope = wanted.split(' ').filter((each) => !bad.includes(each))
  const answer = bodyOf(await askByAssertion(w, assertion, { scope: scope.join(' ') }))
  assert.deepEqual(Object.keys(answer), ['access_token', 'scope', 'token_type', 'expires_in'])
  assert.equal(answer.scope, 'fr:am:* fr:idm:*')
  return String(answer.access_token)
}

test('PingAM: frodo logs in by service account, learns its name, and its commands get what they ask', async (t) => {
  const account = await serviceAccount(w, ['fr:am:*', 'fr:idm:*'], { name: 'frodo' })
  const call = callWith(w, { authorization: `Bearer ${await logIn(account)}` })
  const itself = await call('GET', `${origin}/openidm/managed/svcacct/${account.id}?_fields=*`)
  assert.equal(bodyOf(itself).name, 'frodo')
  for (const [command, requests] of commands) {
    await t.test(command, async () => {
      for (const [method, url, version] of requests) {
        const headers = version === '' ? {} : { 'accept-api-version': version }
        const body = method === 'POST' ? {} : undefined
        assert.equal((await call(method, url, body, headers)).status, 200, url)
      }
    })
  }
})

test('PingAM: frodo saves a connection: an administrator makes the service account of it', async () => {
  const { call } = await caller(w, '/', ['admin'])
  const scopes = Object.values(
    bodyOf(await call('GET', `${origin}/environment/scopes/service-accounts`)),
  )
  const jwks = JSON.stringify({ keys: [(await serviceAccount(w, [])).signer.jwk] })
  const made = await call('POST', `${origin}/openidm/managed/svcacct?_action=create`, {
    name: 'Frodo-SA-1795905481',
    description: 'A Frodo Service Account',
    accountStatus: 'active',
    scopes: scopes.map((each) => (each as { scope: string }).scope),
    jwks,
  })
  assert.equal(made.status, 201)
  assert.equal(bodyOf(made).accountStatus, 'Active')
})

const [script = ''] = Object.keys(exportedJourney.scripts)
const trees = 'realm-config/authentication/authenticationtrees/trees'

/** What `config import -a` puts, kind by kind, without revisions. */
const documents: readonly (readonly [url: string, document: Record<string, unknown>])[] = [
  [`${json}/global-config/services/dashboard`, { _id: '', assignedDashboard: [] }],
  [`${alpha}/scripts/${script}`, exportedJourney.scripts[script] ?? {}],
  [`${alpha}/${trees}/Register`, { _id: 'Register', entryNodeId: 'n', nodes: {} }],
  [`${alpha}/realm-config/agents/WebAgent/front`, { _id: 'front', status: 'Active' }],
  [`${alpha}/realm-config/services/email`, { _id: '', port: 465 }],
  [`${origin}/openidm/config/emailTemplate/welcome`, { _id: 'emailTemplate/welcome', from: 'a' }],
  [`${origin}/openidm/config/ui/themerealm`, { _id: 'ui/themerealm', realm: { alpha: [] } }],
]

test('PingAM: frodo imports everything, kind by kind and twice, and exports it again as it was', async () => {
  const account = await serviceAccount(w, ['fr:am:*', 'fr:idm:*'])
  const call = callWith(w, { authorization: `Bearer ${await logIn(account)}` })
  const { _rev, ...client } = bodyOf(await call('GET', `${agents}/myClient`))
  for (const [url, document] of [...documents, [`${agents}/myClient`, client] as const])
    for (const _ of ['once', 'again']) {
      const { status, body } = await call('PUT', url, document)
      assert.ok([200, 201].includes(status), `${url} ${status} ${String(body)}`)
      const { _rev: _old, ...read } = bodyOf(await call('GET', url))
      // AM says of a service what type it is of, whoever put it.
      assert.deepEqual({ ...read, _type: document._type }, { _type: undefined, ...document }, url)
    }
  const [, exported = []] = commands.find(([name]) => name === 'config export') ?? []
  for (const [method, url] of exported)
    assert.equal((await call(method, url, method === 'POST' ? {} : undefined)).status, 200, url)
})
