import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { selfSigned, selfSignedRsa } from '../../test/certificate.ts'
import { authority } from '../../test/pki.ts'
import { scriptDefaults, scriptEnvironment, scriptsSet } from '../../test/script-settings.ts'
import { readServerSettings, serverSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-settings-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const hexKey = randomBytes(32).toString('hex')
const { cert, key } = selfSigned('localhost')
const certFile = file('cert.pem', cert)
const keyFile = file('key.pem', key)
const ca = authority('ca').pem
const caFile = file('ca.pem', ca)
const otherKeyFile = file('other.pem', selfSigned('localhost').key)
const noPem = file('no.pem', 'nothing')
const valuesFile = file('values.json', '{}')

test('house: without anything set there are defaults, and nothing that has none', () => {
  assert.deepEqual(readServerSettings({}).settings, {
    ...{
      host: '127.0.0.1',
      port: 8080,
      data: './data',
      connectionsPerAddress: 1024,
      workers: 1,
      stopDelay: 0,
    },
    ...{ logLevel: 'info', logFormat: 'json', metricsClients: 100 },
    ...{ logNames: 'hash', auditStrict: 'off' },
    ...{ history: 'on', historyPerClient: 20_000, historyPerRealm: 100_000 },
    ...scriptDefaults,
  })
})

test('house: every setting can come from the environment', () => {
  const environment = {
    ...{ HOST: '0.0.0.0', PORT: '9090', PARAPET_DATA: '/d', PARAPET_STORE: 'memory:' },
    ...{ PARAPET_SETTINGS_STORE: 'sqlite:/s', PARAPET_DURABILITY: 'disk' },
    PARAPET_BASE_URL: 'https://as.example:443/am/, http://localhost:8080',
    PARAPET_MTLS_URL: 'https://mtls.as.example/',
    PARAPET_TRUSTED_PROXIES: '10.0.0.0/8,::1, 192.0.2.1',
    ...{ PARAPET_TLS_CERT: certFile, PARAPET_TLS_KEY: keyFile },
    ...{ PARAPET_TLS_CLIENT_CA: caFile, PARAPET_TLS_CLIENT_CERTIFICATES: 'off' },
    ...{ PARAPET_KEY: hexKey, PARAPET_ADMIN_PASSWORD: 'correct horse' },
    ...{ PARAPET_LOG_LEVEL: 'warn', PARAPET_LOG_FORMAT: 'pretty' },
    ...{ PARAPET_LOG_NAMES: 'none', PARAPET_AUDIT_LOG: '-', PARAPET_AUDIT_STRICT: 'on' },
    ...{
      PARAPET_CONNECTIONS_PER_ADDRESS: '7',
      PARAPET_WORKERS: '1',
      PARAPET_STOP_DELAY: '2',
      PARAPET_NODE: 'one',
    },
    ...{ PARAPET_METRICS: '[::1]:9464', PARAPET_METRICS_CLIENTS: '3' },
    PARAPET_SMTP_URL: 'smtp://u:p@mail.example',
    ...{ PARAPET_MAIL_FROM: 'A <a@b.example>', PARAPET_MAIL_DIRECTORY: '/outbox' },
    ...{ PARAPET_HISTORY: 'off', PARAPET_HISTORY_PER_CLIENT: '5', PARAPET_HISTORY_PER_REALM: '6' },
    ...{ ...scriptEnvironment, PARAPET_SCRIPT_VALUES: valuesFile },
  }
  const read = readServerSettings(environment)
  assert.deepEqual(read, {
    settings: {
      ...{ host: '0.0.0.0', port: 9090, data: '/d', store: 'memory:' },
      ...{ settingsStore: 'sqlite:/s', durability: 'disk' },
      baseUrls: ['https://as.example', 'http://localhost:8080'],
      mtlsUrl: 'https://mtls.as.example',
      trustedProxies: ['10.0.0.0/8', '::1', '192.0.2.1'],
      ...{ tlsClientCa: ca, tlsClientCertificates: 'off' },
      ...{ tlsCert: cert, tlsKey: key, key: hexKey, adminPassword: 'correct horse' },
      ...{
        logLevel: 'warn',
        logFormat: 'pretty',
        connectionsPerAddress: 7,
        workers: 1,
        stopDelay: 2,
        node: 'one',
      },
      ...{ logNames: 'none', auditLog: '-', auditStrict: 'on' },
      ...{ metrics: { host: '::1', port: 9464 }, metricsClients: 3 },
      smtpUrl: { host: 'mail.example', port: 587, tls: 'required', user: 'u', password: 'p' },
      ...{ mailFrom: { name: 'A', address: 'a@b.example' }, mailDirectory: '/outbox' },
      ...{ history: 'off', historyPerClient: 5, historyPerRealm: 6 },
      ...{ ...scriptsSet, scriptValues: { realms: {} } },
    },
    problems: [],
  })
  assert.deepEqual(JSON.parse(JSON.stringify(read)), read, 'as a worker is handed it')
  const variables = Object.values(serverSettings).map((row) => row.environment)
  assert.deepEqual(Object.keys(environment).sort(), variables.sort())
})

test('house: a file says the same, and the environment wins over it', () => {
  const text = JSON.stringify({
    port: 1,
    host: '::1',
    baseUrls: ['https://a.example', 'http://b.example'],
  })
  const { settings } = readServerSettings({ PORT: '2', HOST: '' }, { path: 'p.json', text })
  assert.equal(settings?.port, 2)
  assert.equal(settings?.host, '::1')
  assert.deepEqual(settings?.baseUrls, ['https://a.example', 'http://b.example'])
})

test('house: a text that no file or server can be called is told by the name of its setting', () => {
  for (const name of ['data', 'host', 'store', 'auditLog']) {
    const text = JSON.stringify({ [name]: '/tmp/a\0b' })
    const { problems } = readServerSettings({}, { path: 'p.json', text })
    assert.deepEqual(problems, [`p.json: ${name}: must have no NUL sign`])
  }
})

test('house: all problems come at once, each with its place, and no secret in any', () => {
  const text = JSON.stringify({
    port: 70000,
    logLevel: 'loud',
    hots: 'x',
    host: true,
    key: 'sesame',
  })
  const { settings, problems } = readServerSettings(
    {
      PARAPET_BASE_URL: 'https://as.example/path',
      PARAPET_TRUSTED_PROXIES: '10.0.0.0/40',
      PARAPET_TLS_CERT: join(folder, 'absent.pem'),
      PARAPET_TLS_KEY: noPem,
      PARAPET_STORE: 'mysql://x',
      PARAPET_ADMIN_PASSWORD: 'hunter2',
    },
    { path: 'p.json', text },
  )
  assert.equal(settings, undefined)
  assert.deepEqual(
    problems.map((problem) => problem.replace(/ (must|the file|no such|key version).*/, '')).sort(),
    [
      ...['PARAPET_ADMIN_PASSWORD:', 'PARAPET_BASE_URL:', 'PARAPET_STORE:', 'PARAPET_TLS_CERT:'],
      ...['PARAPET_TLS_KEY:', 'PARAPET_TRUSTED_PROXIES:'],
      ...['p.json: host:', 'p.json: hots:', 'p.json: key:', 'p.json: logLevel:', 'p.json: port:'],
    ],
  )
  assert.doesNotMatch(problems.join('\n'), /sesame|hunter2/)
})

const refused: readonly (readonly [variable: string, value: string])[] = [
  ...['80x', '-1', '65536', '1e3', '0x50', '8080 '].map((value) => ['PORT', value] as const),
  ...[
    'as.example',
    'ftp://as.example',
    'https://u@as.example',
    'https://as.example?x',
    'https://as.example#',
    'https://as.example/other',
    'https://a.example,,',
  ].map((value) => ['PARAPET_BASE_URL', value] as const),
  ...['localhost', '10.0.0.0/33', '::1/129', '10.0.0', '10.0.0.0/8/8', ','].map(
    (value) => ['PARAPET_TRUSTED_PROXIES', value] as const,
  ),
  ...['sqlite:', 'memory', 'redis:x', 'redis://x/name'].map(
    (value) => ['PARAPET_STORE', value] as const,
  ),
  ['PARAPET_KEY', 'short'],
  ['PARAPET_ADMIN_PASSWORD', '1234567'],
  ['PARAPET_ADMIN_PASSWORD', 'x'.repeat(1025)],
  ['PARAPET_DATA', noPem],
  ['PARAPET_DATA', join(noPem, 'data')],
  ['PARAPET_STORE', `sqlite:${noPem}`],
  ['PARAPET_LOG_FORMAT', 'JSON'],
  ['PARAPET_CONNECTIONS_PER_ADDRESS', '0'],
  ['PARAPET_TLS_CERT', certFile],
  ['PARAPET_TLS_KEY', keyFile],
  ['PARAPET_TLS_CLIENT_CA', certFile],
  ['PARAPET_TLS_CLIENT_CA', caFile],
  ['PARAPET_TLS_CLIENT_CA', noPem],
  ['PARAPET_TLS_CLIENT_CA', keyFile],
  ...[
    'metrics',
    '/',
    '/am/metrics',
    '/openidm',
    '/.well-known/x',
    '/environment/info',
    '/demo',
    '/a/../b',
    '/a?b',
    '65536',
    ':9464',
  ].map((value) => ['PARAPET_METRICS', value] as const),
  ['PARAPET_TLS_CLIENT_CERTIFICATES', 'yes'],
  ['PARAPET_TLS_CLIENT_CERTIFICATES', 'ask'],
]

for (const [variable, value] of refused) {
  test(`house: ${variable}=${value.replace(folder, '…').slice(0, 40)} is a problem`, () => {
    const { problems } = readServerSettings({ [variable]: value })
    assert.equal(problems.length, 1)
    assert.ok(problems[0]?.includes(variable), problems[0])
  })
}

test('house: an audit log that must be written has a place', () => {
  const strict = { PARAPET_AUDIT_STRICT: 'on' }
  assert.deepEqual(readServerSettings(strict).problems, [
    'PARAPET_AUDIT_STRICT: needs PARAPET_AUDIT_LOG, without which nothing is audited',
  ])
  assert.deepEqual(readServerSettings({ ...strict, PARAPET_AUDIT_LOG: '-' }).problems, [])
})

test('house: a key that is not the certificate’s is a problem', () => {
  const environment = { PARAPET_TLS_CERT: certFile, PARAPET_TLS_KEY: otherKeyFile }
  const { problems } = readServerSettings(environment)
  assert.deepEqual(problems, ['PARAPET_TLS_KEY: is not the key of the certificate'])
})

test('house: a problem elsewhere hides none of TLS, and one of TLS none of its other half', () => {
  const pair = { PARAPET_TLS_CERT: certFile, PARAPET_TLS_KEY: otherKeyFile }
  const { problems } = readServerSettings({ PORT: 'abc', ...pair })
  assert.deepEqual(problems, [
    'PORT: must be a whole number from 0 to 65535',
    'PARAPET_TLS_KEY: is not the key of the certificate',
  ])
  const half = readServerSettings({ PARAPET_TLS_CERT: noPem, PARAPET_TLS_KEY: keyFile })
  assert.equal(half.problems.length, 1)
})

test('house: a certificate that no connection could be made with is a problem', () => {
  const weak = selfSignedRsa(1024)
  const broken = `${cert}${cert.replaceAll(/[A-Za-z0-9]{8}\n/g, '!!!!\n')}`
  for (const [name, pair] of Object.entries({ weak, broken: { cert: broken, key } })) {
    const { problems } = readServerSettings({
      PARAPET_TLS_CERT: file(`${name}.cert.pem`, pair.cert),
      PARAPET_TLS_KEY: file(`${name}.key.pem`, pair.key),
    })
    assert.equal(problems.length, 1, name)
    assert.match(problems[0] ?? '', /^PARAPET_TLS_CERT: cannot be served with \([\w ]+\)$/)
  }
})

const noObject = 'must be a JSON object that names no member twice'
const files: readonly (readonly [text: string, says: string])[] = [
  ['', 'is empty'],
  [' \n', 'is empty'],
  ['\uFEFF{"port":1}', 'begins with a byte order mark: save it as UTF-8 without one'],
  ['[]', noObject],
  ['null', noObject],
  ['{"port":1,"port":2}', noObject],
  ['{\n"adminPassword":"hunter2hunter2",\n"port":1,\n}', 'is not JSON (line 4 column 1)'],
  ['{"port":1', 'is not JSON (line 1 column 10)'],
  ['{"port":', 'is not JSON: it ends too early'],
  ['{"adminPassword":hunter2}', 'is not JSON'],
]

for (const [text, says] of files) {
  test(`house: a file ${JSON.stringify(text)} ${says}`, () => {
    const { problems } = readServerSettings({}, { path: 'p.json', text })
    assert.deepEqual(problems, [`p.json: ${says}`])
  })
}

test('house: a passphrase that looks like a list with a fault is left to the store it may have sealed', () => {
  const phrase = 'correct horse battery, 12:30 staple and a clip'
  const { settings, problems } = readServerSettings({ PARAPET_KEY: phrase })
  assert.deepEqual([settings?.key, problems], [phrase, []])
})

const hosts: readonly (readonly [host: string, good: boolean])[] = [
  ...['127.0.0.1', '0.0.0.0', '0', '::', '::1', 'fe80::1%eth0', 'localhost', 'as.example.'].map(
    (host) => [host, true] as const,
  ),
  ...['xn--bcher-kva.example', 'as_1.example', `${'a.'.repeat(126)}a`].map(
    (host) => [host, true] as const,
  ),
  ...['bad!', '[::1]', 'localhost:8080', 'http://localhost', 'a b', '-a', 'a..b', '*', 'ä'].map(
    (host) => [host, false] as const,
  ),
  ['a'.repeat(254), false],
]
for (const [host, good] of hosts) {
  test(`house: HOST=${host.slice(0, 30)} ${good ? 'may be an address' : 'is a problem before the start'}`, () => {
    const { problems } = readServerSettings({ HOST: host })
    const says = 'HOST: must be an IP address or a host name, without a port'
    assert.deepEqual(problems, good ? [] : [says])
  })
}
