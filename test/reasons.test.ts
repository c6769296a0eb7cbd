import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpointsOfReasons } from '../scripts/reference/reason-endpoints.ts'
import type { ReasonName } from '../src/protocol/reason/index.ts'
import { reasons } from '../src/protocol/reason/index.ts'
import type { Reason } from '../src/protocol/reason/reason.ts'
import { admissionCases } from './reasons/admission.ts'
import { certificateBindingCases } from './reasons/certificate-binding.ts'
import { clientCases } from './reasons/client.ts'
import { detailsCases } from './reasons/details.ts'
import { dpopCases, nonceCases } from './reasons/dpop.ts'
import { goneCases } from './reasons/gone.ts'
import { laterCases } from './reasons/later.ts'
import { objectCases } from './reasons/object.ts'
import { pushCases } from './reasons/push.ts'
import { remoteConsentCases } from './reasons/remote-consent.ts'
import { resourceCases } from './reasons/resource.ts'
import { rootCases } from './reasons/root.ts'
import { serviceAccountCases } from './reasons/service-account.ts'
import { tokenCases } from './reasons/token.ts'
import type { Topic } from './reasons/told.ts'
import { toldOf } from './reasons/told.ts'
import { visitCases } from './reasons/visit.ts'
import { code, isTest, sources } from './source.ts'

const topics: readonly (readonly [what: string, made: () => Promise<Topic>])[] = [
  ['RFC 9126 §2.3 a push', pushCases],
  ['RFC 9396 §5 authorization details', detailsCases],
  ['RFC 6749 §2.3 a call whose client is not proven', clientCases],
  ['RFC 6749 §5.2 a token request', tokenCases],
  ['RFC 6749 §4.1.2.1 a visit', visitCases],
  ['PingAM: remote-consent an answer of a service', remoteConsentCases],
  ['RFC 9101 §6 a request object', objectCases],
  ['RFC 9449 §4.3 a proof of possession', dpopCases],
  ['RFC 8705 §3 a certificate that tokens are tied to', certificateBindingCases],
  ['RFC 9449 §8 a proof without the nonce of its realm', nonceCases],
  ['RFC 8707 §2 what names a resource, or is for one,', resourceCases],
  ['RFC 9126 §4 what changed since', laterCases],
  ['RFC 7523 §2.1 a service account', serviceAccountCases],
  ['K-4 what the root realm alone knows, and an assertion', rootCases],
  ['RFC 6585 §4 a call too many', admissionCases],
  ['C-37 what somebody asks who is gone, or too late,', goneCases],
]
/** Endpoints whose refusals `explain` knows. */
const recorded = new Set(['/par', '/authorize', '/access_token'])

const reached = new Set<string>()
/** Reason and endpoint of each refusal. */
const seen = new Set<string>()

for (const [what, made] of topics) {
  test(`${what} that is refused tells its row of reasons, and explain says the same with its section`, async () => {
    const topic = await made()
    try {
      const wrong: unknown[] = []
      for (const [why, ask] of topic.cases) {
        reached.add(why)
        const told = await toldOf(topic, ask)
        const { codes, section } = reasons[why] as Reason
        const { error, endpoint, stopped } = told
        const explained =
          !recorded.has(String(endpoint)) || (stopped?.why === why && stopped.section === section)
        seen.add(`${why} ${String(endpoint)}`)
        if (told.why !== why || !codes.some((code) => code === error) || !explained)
          wrong.push({ why, told })
      }
      assert.deepEqual(wrong, [])
    } finally {
      await topic.w.recorder.stop()
    }
  })
}

test('RFC 6749 §5.2 every row of reasons has a request that is refused for it', () => {
  assert.deepEqual(
    Object.keys(reasons).filter((why) => !reached.has(why)),
    [],
  )
})

test('house: the page of reasons names the endpoint of every refusal that was seen, and at least one for each row', () => {
  const named = endpointsOfReasons()
  const unnamed = [...seen].filter((each) => {
    const [why, endpoint = ''] = each.split(' ')
    const paths = named.get(why as ReasonName) ?? []
    return !paths.includes('*') && !paths.includes(endpoint)
  })
  assert.deepEqual(unnamed, [])
  assert.deepEqual(
    Object.keys(reasons).filter((why) => !named.has(why as ReasonName)),
    [],
  )
  // A page where everything stands everywhere would say nothing.
  assert.deepEqual(named.get('code-verifier-wrong'), ['/access_token'])
  assert.deepEqual(named.get('request-uri-in-push'), ['/par'])
})

/** Files whose refusals are of no push, visit or token request. */
const others = [
  'src/endpoint/oauth/{bearer,introspect,revoke,userinfo}.ts',
  'src/token/user-claims.ts',
]

test('RFC 6749 §5.2 every place on the way of a push, a visit or a token request that refuses names its reason', () => {
  const folders =
    'authorization,client,grant,token,binding,endpoint/oauth,endpoint/authorize,protocol'
  const apart = new Set(sources(...others).map(({ path }) => path))
  const places = sources(`src/{${folders}}/**/*.ts`)
    .filter(({ path }) => !isTest(path) && !apart.has(path))
    .flatMap((source) =>
      code(source)
        .split('new OAuthError(')
        .slice(1)
        .map((rest) => ({ path: source.path, made: rest.slice(0, end(rest)) })),
    )
  assert.ok(places.length > 60)
  // What hands on a detail was given it by somebody who named the reason, as its type says.
  assert.deepEqual(
    places.filter(({ made }) => !/\b(?:why|detail)\b/.test(made)),
    [],
  )
})

/** Where the call ends whose arguments begin here. */
function end(text: string): number {
  let depth = 1
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text[i] as string)) depth++
    if (')]}'.includes(text[i] as string) && --depth === 0) return i
  }
  return text.length
}
