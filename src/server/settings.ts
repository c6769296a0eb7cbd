/**
 * server: the machine around the endpoints: settings, sockets, limits, logs, the command line. It
 * knows HTTP and the operating system and decides nothing about OAuth. Nothing imports it but main.
 */
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { storeUrls } from '../store/index.ts'
import { mailProblems, mailSettings } from './mail-setting.ts'
import { scriptSettings } from './script-settings.ts'
import type { ServerSetting } from './setting.ts'
import * as read from './setting.ts'
import { fileFault } from './settings-file.ts'
import { sharingProblems } from './sharing.ts'
import { addressProblems, certificateProblems, tlsProblems } from './tls-problems.ts'

/** Every setting of the server. The name is the member of the file that `--config` names. */
export const serverSettings = {
  host: {
    environment: 'HOST',
    read: read.host,
    default: '127.0.0.1',
    about: 'Address to listen on',
  },
  port: {
    environment: 'PORT',
    read: read.whole(0, 65535),
    default: '8080',
    about: 'Port to listen on; 0 takes a free one',
  },
  baseUrls: {
    environment: 'PARAPET_BASE_URL',
    read: read.listOf(read.baseUrl),
    about: 'Addresses clients reach this server by, parted by commas: https://as.example',
  },
  mtlsUrl: {
    environment: 'PARAPET_MTLS_URL',
    read: read.baseUrl,
    about:
      'Another address of the server, at which connections are asked for certificates: where clients find what they know by the first of PARAPET_BASE_URL (mtls_endpoint_aliases)',
  },
  trustedProxies: {
    environment: 'PARAPET_TRUSTED_PROXIES',
    read: read.listOf(read.network),
    about:
      'Addresses or networks of proxies whose Forwarded and X-Forwarded headers count, and whose certificate header if a realm names one',
  },
  tlsCert: {
    environment: 'PARAPET_TLS_CERT',
    read: read.certificateFile,
    about: 'PEM file with the certificate chain; with it the server speaks https',
  },
  tlsKey: {
    environment: 'PARAPET_TLS_KEY',
    read: read.privateKeyFile,
    secret: true,
    about: 'PEM file with the private key of the certificate',
  },
  tlsClientCa: {
    environment: 'PARAPET_TLS_CLIENT_CA',
    read: read.authoritiesFile,
    about: 'PEM file with the CAs that vouch for the certificates of clients (tls_client_auth)',
  },
  tlsClientCertificates: {
    environment: 'PARAPET_TLS_CLIENT_CERTIFICATES',
    read: read.oneOf('ask', 'off'),
    about:
      'Whether TLS connections are asked for a client’s certificate: ask or off; by default if there is PARAPET_TLS_CLIENT_CA and no trusted proxy',
  },
  data: {
    environment: 'PARAPET_DATA',
    read: read.directory,
    default: './data',
    about: 'Directory for databases and key files',
  },
  store: {
    environment: 'PARAPET_STORE',
    read: read.storeUrl,
    about: `${storeUrls.join(' or ')}; by default sqlite in the data directory`,
  },
  settingsStore: {
    environment: 'PARAPET_SETTINGS_STORE',
    read: read.storeUrl,
    about: 'Where realms, clients, users and keys are kept, if elsewhere than what lives shortly',
  },
  node: {
    environment: 'PARAPET_NODE',
    read: read.nodeName,
    about:
      'What this machine is called among those on one store, if its host name and /etc/machine-id do not tell it from the others or change with each start; processes that go by one clock share it',
  },
  durability: {
    environment: 'PARAPET_DURABILITY',
    read: read.oneOf('disk', 'replica'),
    about:
      'What is written outlives, when it is answered: disk, that the store’s machine loses power; replica, that it is lost. A store that cannot promise it is not served; by default each does what it is set to',
  },
  key: {
    environment: 'PARAPET_KEY',
    read: read.masterKeys,
    secret: true,
    about: 'Sealing keys, newest first; by default a file in the data directory',
  },
  adminPassword: {
    environment: 'PARAPET_ADMIN_PASSWORD',
    read: read.password,
    secret: true,
    about: 'Password of amadmin, set when the store has no administrator yet',
  },
  logLevel: {
    environment: 'PARAPET_LOG_LEVEL',
    read: read.oneOf('debug', 'info', 'warn', 'alarm', 'off'),
    default: 'info',
    about: 'Least level that is logged: debug, info, warn, alarm or off',
  },
  logFormat: {
    environment: 'PARAPET_LOG_FORMAT',
    read: read.oneOf('json', 'pretty'),
    default: 'json',
    about: 'json: one JSON object a line; pretty: for reading on a terminal',
  },
  logNames: {
    environment: 'PARAPET_LOG_NAMES',
    read: read.oneOf('hash', 'plain', 'none'),
    default: 'hash',
    about:
      'How the name tried at a failed login is told: as a keyed hash, the same one each time; plain; or not at all',
  },
  auditLog: {
    environment: 'PARAPET_AUDIT_LOG',
    read: read.auditLog,
    about:
      'File of the audit log, opened anew at SIGHUP; - is standard output, and the log goes to standard error then; off by default',
  },
  auditStrict: {
    environment: 'PARAPET_AUDIT_STRICT',
    read: read.oneOf('on', 'off'),
    default: 'off',
    about: 'Whether requests are refused (503) while the audit log cannot be written',
  },
  metrics: {
    environment: 'PARAPET_METRICS',
    read: read.metricsPlace,
    about:
      'Where metrics are read: a port of their own on this machine (9464), an address and a port, or a path on the server’s port (/metrics) for everybody; off by default',
  },
  metricsClients: {
    environment: 'PARAPET_METRICS_CLIENTS',
    read: read.whole(0, 10_000),
    default: '100',
    about: 'Most clients that metrics tell apart; the others are counted together',
  },
  history: {
    environment: 'PARAPET_HISTORY',
    read: read.oneOf('on', 'off'),
    default: 'on',
    about:
      'Whether what became of pushes and authorizations is kept for a day, for `parapet explain`: on or off',
  },
  historyPerClient: {
    environment: 'PARAPET_HISTORY_PER_CLIENT',
    read: read.whole(1, 10_000_000),
    default: '20000',
    about:
      'Most requests of one client an hour that history keeps, by process; refusals have a quarter of it for themselves',
  },
  historyPerRealm: {
    environment: 'PARAPET_HISTORY_PER_REALM',
    read: read.whole(1, 100_000_000),
    default: '100000',
    about:
      'Most requests of one realm an hour that history keeps, by process; refusals have a quarter of it for themselves',
  },
  ...mailSettings,
  ...scriptSettings,
  workers: {
    environment: 'PARAPET_WORKERS',
    read: read.workers,
    default: '1',
    about:
      'Processes that serve on one port: a number, or auto for as many as the machine runs at once; not for memory:',
  },
  stopDelay: {
    environment: 'PARAPET_STOP_DELAY',
    read: read.whole(0, 300),
    default: '0',
    about:
      'Seconds for which a server that is told to stop goes on, no longer ready: as long as whoever sends requests there takes to see that; at least a fifth of one',
  },
  connectionsPerAddress: {
    environment: 'PARAPET_CONNECTIONS_PER_ADDRESS',
    read: read.whole(1, 1_000_000),
    default: '1024',
    about: 'Most connections one address may hold; trusted proxies are exempt',
  },
} as const satisfies Record<string, ServerSetting<unknown>>

type Table = typeof serverSettings
type Name = keyof Table

/** A setting with a default always has a value. */
type Value<R> = R extends { read: (text: string) => infer T }
  ? R extends { default: string }
    ? T
    : T | undefined
  : never

/** The values, parsed once. */
export type Settings = { readonly [N in Name]: Value<Table[N]> }

/** A configuration file as it was read. */
export interface SettingsFile {
  readonly path: string
  readonly text: string
  /** What the text says, where it is no JSON; absent: the text is read as JSON. */
  readonly document?: JsonObject
}

/** The variable that names the file where no `--config` does. */
export const configVariable = 'PARAPET_CONFIG'

/** What may stand in the file beside the settings: what a document has for realms, see `config/document/apply.ts`. */
const besideSettings: readonly string[] = ['realms', 'sealed', '$schema']

/** Settings, or every reason why there are none. */
export type SettingsRead =
  | { readonly settings: Settings; readonly problems: readonly [] }
  | { readonly settings: undefined; readonly problems: readonly [string, ...string[]] }

/** Reads file and environment; the environment wins. An empty variable counts as absent. */
export function readServerSettings(
  environment: Readonly<Record<string, string | undefined>>,
  file?: SettingsFile,
): SettingsRead {
  const problems: string[] = []
  const members = file === undefined ? {} : readMembers(file, problems)
  const values: Record<string, unknown> = {}
  const unread = new Set<string>()
  for (const [name, row] of Object.entries<ServerSetting<unknown>>(serverSettings)) {
    const variable = environment[row.environment]
    const place = variable ? row.environment : `${file?.path}: ${name}`
    const given = variable || members[name] || row.default
    if (given === undefined) continue
    try {
      values[name] = row.read(given)
    } catch (error) {
      unread.add(name)
      problems.push(`${place}: ${(error as Error).message}`)
    }
  }
  const settings = values as Settings
  // What two settings say together can be told when both could be read.
  const wasRead = (...names: Name[]): boolean => names.every((name) => !unread.has(name))
  if (wasRead('tlsCert', 'tlsKey')) problems.push(...tlsProblems(settings))
  if (wasRead('tlsCert', 'tlsClientCa', 'tlsClientCertificates', 'trustedProxies', 'mtlsUrl'))
    problems.push(...certificateProblems(settings))
  if (wasRead('baseUrls', 'mtlsUrl')) problems.push(...addressProblems(settings))
  if (wasRead('auditLog', 'auditStrict') && settings.auditStrict === 'on' && !settings.auditLog)
    problems.push('PARAPET_AUDIT_STRICT: needs PARAPET_AUDIT_LOG, without which nothing is audited')
  if (wasRead('smtpUrl', 'mailFrom', 'mailDirectory', 'baseUrls', 'trustedProxies'))
    problems.push(...mailProblems(settings))
  if (wasRead('workers', 'store', 'settingsStore')) problems.push(...sharingProblems(settings))
  const [first, ...more] = problems
  return first === undefined
    ? { settings, problems: [] }
    : { settings: undefined, problems: [first, ...more] }
}

/** Members of the file as the texts the environment would have; arrays become comma lists. */
function readMembers(file: SettingsFile, problems: string[]): Readonly<Record<string, string>> {
  const document = file.document ?? parseJson(file.text)
  const members: Record<string, string> = {}
  if (!isObject(document)) {
    problems.push(`${file.path}: ${fileFault(file.text)}`)
    return members
  }
  for (const [name, value] of Object.entries(document)) {
    const given = asText(value)
    if (besideSettings.includes(name)) continue
    if (!Object.hasOwn(serverSettings, name))
      problems.push(`${file.path}: ${name}: no such setting`)
    else if (given === undefined) problems.push(`${file.path}: ${name}: must be a text or a number`)
    else if (given.includes('\0')) problems.push(`${file.path}: ${name}: must have no NUL sign`)
    else members[name] = given
  }
  return members
}

function asText(value: Json): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  const list = Array.isArray(value) && value.every((entry) => typeof entry === 'string')
  return list ? value.join(',') : undefined
}

/** What may stand beside realms in a document that is a server's configuration. */
export const besideRealms: readonly string[] = [...Object.keys(serverSettings), ...besideSettings]
