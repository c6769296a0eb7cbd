/** What journeys leave in a data directory, and what people and clients have in their hands then. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../../src/base/json.ts'
import { builtIn, failure, success } from '../../../src/journey/built-in/journey.ts'
import { suspendedIdIn } from '../../letters.ts'
import {
  ask,
  codeOf,
  codeParameters,
  cookieOf,
  json,
  logIn,
  open,
  pushed,
  visit,
} from '../../party.ts'
import { begun, byLetter, next, passwordThen, saveJourney, step } from '../../race/journey/steps.ts'
import { adminPassword } from '../../server.ts'
import { type Answer, jsonOf, type Wire } from '../../wire.ts'
import type { StoreFixture } from '../fixture.ts'

/** All of it belongs to demo of alpha. */
interface KeptJourneys {
  /** What was asked by a journey under way, whose name was answered. */
  readonly underWay: JsonObject
  /** What the link of a journey that waits for it carries. */
  readonly suspendedId: string
  /** A session made by a journey, and the cookie by which its browser is remembered. */
  readonly session: string
  readonly cookie: string
  /** To which a script has added something. */
  readonly access_token: string
  readonly refresh_token: string
}

type JourneyFixture = KeptJourneys & Pick<StoreFixture, 'commit' | 'at' | 'files'>

const file = join(import.meta.dirname, '..', '..', 'vectors', 'journeys.json')

export const readFixture = (): JourneyFixture =>
  JSON.parse(readFileSync(file, 'utf8')) as JourneyFixture

export function writeFixture(fixture: JourneyFixture): void {
  writeFileSync(file, `${JSON.stringify(fixture, null, 2)}\n`)
}

const scripts = {
  decides: '01e1a3c0-038b-4c16-956a-6c9d89328c01',
  adds: '01e1a3c0-038b-4c16-956a-6c9d89328c02',
} as const

/** A script decides, the device and a count are noted, and a cookie remembers the browser. */
const noting = builtIn('', {
  name: { type: 'UsernameCollectorNode', to: { outcome: 'word' } },
  ...passwordThen('decide'),
  decide: {
    type: 'ScriptedDecisionNode',
    settings: { script: scripts.decides, outcomes: ['yes'], inputs: ['*'], outputs: ['*'] },
    to: { yes: 'device' },
  },
  device: { type: 'DeviceProfileCollectorNode', to: { outcome: 'save' } },
  save: { type: 'DeviceSaveNode', to: { outcome: 'count' } },
  count: { type: 'IncrementLoginCountNode', to: { outcome: 'cookie' } },
  cookie: { type: 'SetPersistentCookieNode', to: { outcome: success } },
})

/** Lets in whoever is remembered, and nobody else. */
const remembered = builtIn('', {
  known: { type: 'PersistentCookieDecisionNode', to: { true: success, false: failure } },
})

const device = JSON.stringify({ identifier: 'a device', metadata: { platform: 'x' } })

/** Goes through the journey that notes all of it, from where its password is asked. */
export async function noted(w: Pick<Wire, 'call'>, asked: JsonObject) {
  const wantsDevice = await next(step(w, {}, asked, 'Ch4ng31t'))
  const answer = await step(w, {}, wantsDevice, device)
  const cookies = [answer.headers['set-cookie'] ?? []]
    .flat()
    .map((each) => each.split(';')[0] ?? '')
  const cookie = cookies.find((each) => each.startsWith('session-jwt=')) ?? ''
  return { session: String(jsonOf(answer).tokenId), cookie }
}

type Administers = (method: string, path: string, document?: JsonObject) => Promise<Answer>

async function administrator(w: Wire): Promise<Administers> {
  const iplanetdirectorypro = await logIn(w, ['amadmin', adminPassword], '/am/json/realms/root')
  const headers = { iplanetdirectorypro, 'accept-api-version': 'protocol=2.1,resource=1.0' }
  return (method, path, document) =>
    w.call(method, json + path, { headers, ...(document && { json: document }) })
}

async function written(call: Administers): Promise<void> {
  const put = (path: string, document: JsonObject): Promise<Answer> =>
    call('PUT', `/realm-config${path}`, document)
  await saveJourney(put, 'Noting', noting)
  await saveJourney(put, 'Remembered', remembered)
  await saveJourney(put, 'ByLetter', byLetter)
  const sources = [
    [scripts.decides, 'AUTHENTICATION_TREE_DECISION_NODE', 'outcome = "yes";'],
    [scripts.adds, 'OAUTH2_ACCESS_TOKEN_MODIFICATION', 'accessToken.setField("added", "here");'],
  ] as const
  for (const [id, context, source] of sources)
    jsonOf(
      await call('PUT', `/scripts/${id}`, {
        ...{ name: context, language: 'JAVASCRIPT', context, evaluatorVersion: '1.0' },
        script: Buffer.from(source).toString('base64'),
      }),
      201,
    )
  const path = '/services/oauth-oidc'
  const provider = jsonOf(await call('GET', `/realm-config${path}`)) as JsonObject
  const plugins = provider.pluginsConfig as JsonObject
  const pluginsConfig = { ...plugins, accessTokenModificationScript: scripts.adds }
  jsonOf(await put(path, { ...provider, pluginsConfig }))
}

/** Leaves something of everything. `link`: in the only letter there is. */
export async function collectJourneys(w: Wire, link: () => Promise<string>): Promise<KeptJourneys> {
  await written(await administrator(w))
  const toWord = async (): Promise<JsonObject> =>
    next(step(w, {}, await next(step(w, begun('Noting'))), 'demo'))
  const { session, cookie } = await noted(w, await toWord())
  await next(step(w, {}, await next(step(w, begun('ByLetter'))), 'demo'))
  const suspendedId = suspendedIdIn(await link())
  const code = codeOf(await visit(w, open, await pushed(w, open), cookieOf(session))) ?? ''
  const tokens = jsonOf(await ask(w, open, '/access_token', codeParameters(code)))
  return {
    ...{ underWay: await toWord(), suspendedId, session, cookie },
    access_token: String(tokens.access_token),
    refresh_token: String(tokens.refresh_token),
  }
}
