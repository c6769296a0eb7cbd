/**
 * Our server as it is run: sealed records, events logged, the audit log and the history on. Arguments: `sqlite`, `memory` or the URL of a store, then the
 * lifetime of a pushed request in seconds (90 if not given), and how often in a second the client with a secret may push
 * (as often as it likes if not given), and `untold` for one without log, audit log and history, and `proxied` for
 * one that a proxy on this machine hands certificates on to.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { random } from '../src/base/random.ts'
import { now as systemClock } from '../src/base/time.ts'
import { trustedTime } from '../src/base/trusted-time.ts'
import { saveClient } from '../src/client/registration.ts'
import { hashSecret } from '../src/client/stored-secret.ts'
import { endpoints } from '../src/endpoint/index.ts'
import { router } from '../src/endpoint/serve/route.ts'
import { startRecorder } from '../src/history/recorder.ts'
import type { Realm } from '../src/realm/realm.ts'
import { createRealm, realms as openRealms } from '../src/realm/realms.ts'
import { listen } from '../src/server/node.ts'
import { startAudit } from '../src/server/observe/audit.ts'
import { logLines } from '../src/server/observe/log-lines.ts'
import { serverSettings } from '../src/server/settings.ts'
import { openStores } from '../src/store/index.ts'
import { subkeys } from '../src/store/key.ts'
import { keepSwept } from '../src/store/sweeper.ts'
import { createEndUser } from '../src/user/end-user.ts'
import { freePorts } from '../test/wire.ts'
import { type ClientKind, certificate, clientIds, secret } from './clients.ts'
import { clockWithHands, fill, sweepAll } from './fill.ts'
import { settle, unsettle } from './people.ts'
import { type BenchedMethod, clientDocument, realmDocument } from './registered.ts'
import { benched } from './server.ts'
import { writerTold } from './writer.ts'

const [, , shelf = 'sqlite', lifetime = '90', quota = '0', told = 'told', proxied] = process.argv
const directory = mkdtempSync(join(tmpdir(), 'parapet-bench-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
const urls: Readonly<Record<string, string>> = { memory: 'memory:', sqlite: `sqlite:${directory}` }
const url = urls[shelf] ?? shelf
const { now: clock, forward } = clockWithHands(systemClock)
// Both clocks are moved by the same hands, so that no leap is doubted.
const { now, timeOfDay, sweepable } = trustedTime(clock, clock)
const keyText =
  url === shelf ? '8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68' : undefined
const writer = writerTold()
const stores = await openStores({ url, keyText, now: timeOfDay, sweepable, random, writer })
const handleKeys = subkeys(stores.master, 'handles')
const certificates = { asked: false, proxied: proxied === 'proxied', authorities: [] }
const world = { ...stores, handleKeys, certificates, now, timeOfDay, random, fetch }
const realms = openRealms(world)
await createRealm(stores.settings, {
  path: '/alpha',
  aliases: [],
  document: realmDocument(Number(lifetime)),
})
const realm = (await realms.find({ path: '/alpha', url: '', issuer: '' })) as Realm
const secrets = [await hashSecret(realm, secret, false)]
const methods: Readonly<Record<ClientKind, BenchedMethod>> = {
  basic: 'client_secret_basic',
  private_key_jwt: 'private_key_jwt',
  public: 'none',
  object: 'private_key_jwt',
  nested: 'private_key_jwt',
  dpop: 'private_key_jwt',
  jarm: 'private_key_jwt',
  mtls: 'self_signed_tls_client_auth',
}
for (const kind of Object.keys(clientIds) as ClientKind[]) {
  const method = methods[kind]
  const parapetClientConfig = {
    ...(kind === 'basic' ? { parPushesPerSecond: Number(quota) } : {}),
    ...(kind === 'dpop' ? { dpopBoundAccessTokens: true } : {}),
  }
  await saveClient(realm, {
    client_id: clientIds[kind],
    document: {
      ...clientDocument(method, ['authorization_code', 'refresh_token'], {
        idTokenSignedResponseAlg: 'ES256',
        ...(kind === 'mtls'
          ? { mTLSTrustedCert: certificate, mTLSCertificateBoundAccessTokens: true }
          : {}),
        ...(kind === 'jarm' ? { authorizationResponseSigningAlgorithm: 'ES256' } : {}),
      }),
      parapetClientConfig,
    },
    secrets: method === 'client_secret_basic' ? secrets : [],
  })
}
await createEndUser(realm, { username: 'demo', password: 'Ch4ng31t' })
keepSwept(stores.records)
if (told === 'told') tellAll()
const serve = router(endpoints, realms)
const [free = 0] = proxied === 'proxied' ? await freePorts(1) : []
const behind = { baseUrls: [`http://localhost:${free}`], trustedProxies: ['127.0.0.1'] }
const alone = { baseUrls: [], trustedProxies: [] }
const listener = await listen(
  { host: '127.0.0.1', port: free, ...(proxied === 'proxied' ? behind : alone) },
  serve,
)
const origin = `http://localhost:${listener.port}`
benched(origin, {
  fill: (count) => fill(serve, `${origin}/am/oauth2/realms/root/realms/alpha`, count),
  expire(seconds) {
    forward(seconds)
    return sweepAll(stores.records)
  },
  settle: (count) => settle(realm, count),
  unsettle: () => unsettle(realm),
})

/** As it is run: events as lines, the audit log on a disk, and the history with the bounds that it has by default. */
function tellAll(): void {
  logLines({ level: 'info', format: 'json' })
  startAudit({ auditLog: join(directory, 'audit.log'), auditStrict: 'off' })
  const { historyPerClient, historyPerRealm } = serverSettings
  const limits = {
    client: Number(historyPerClient.default),
    realm: Number(historyPerRealm.default),
  }
  startRecorder({ records: stores.records, realms, random }, limits)
}
