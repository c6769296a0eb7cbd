import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Breaching, breaching, errorOf, registerBreaching } from '../../test/breaches.ts'
import { withEvents } from '../../test/events.ts'
import { register } from '../../test/register.ts'
import { base, bodyOf, requestOf, world } from '../../test/world.ts'
import type { HttpResponse } from '../base/http.ts'
import type { JsonObject } from '../base/json.ts'
import type { Trace } from '../base/trace.ts'
import { type RequirementName, requirements } from '../protocol/value/requirement.ts'

const w = await world()
/** All of it is watched there. */
const all = await world({
  alpha: { parapetConfig: { observedRequirements: Object.keys(requirements) } },
})

interface Answered {
  readonly response: HttpResponse
  readonly trace: Trace
  /** What the event of the request says of it. */
  readonly told: unknown
}

async function answered({ request }: Breaching, client_id: string): Promise<Answered> {
  const http = await request(w, client_id)
  const { value: response, events } = await withEvents(() => w.serve(http))
  const told = events.find(({ name }) => name === 'request')?.fields.would_refuse
  return { response, trace: http.trace, told }
}

for (const [name, row] of Object.entries(breaching) as [RequirementName, Breaching][]) {
  test(`C-31 ${name} refuses where it is enforced, and lets through and tells where it is watched`, async () => {
    await registerBreaching(w, name, row)
    const enforced = await answered(row, name)
    assert.equal(errorOf(enforced.response), row.error, String(enforced.response.body))
    assert.deepEqual([enforced.trace.refusal?.why, enforced.told], [row.why, undefined])

    await registerBreaching(w, name, row, [name])
    const watched = await answered(row, name)
    assert.equal(errorOf(watched.response), undefined, String(watched.response.body))
    assert.deepEqual(
      watched.trace.breaches?.map(({ requirement, why, code }) => [requirement, why, code]),
      [[name, row.why, row.error]],
    )
    assert.deepEqual(watched.told, [row.why])
  })

  test(`C-31 ${name} is watched for a client that demands nothing, where the realm’s list has it`, async () => {
    const client_id = `free ${name}`
    const { profile: _, ...own } = row.demanded.own ?? {}
    const nothing = Object.fromEntries(
      Object.keys(own).map((key) => [key, key === 'codeVerifierEnforced' ? '' : false]),
    )
    const advanced = { ...row.demanded.advanced, require_pushed_authorization_requests: false }
    await register(all, client_id, { ...row.demanded, advanced, own: nothing })
    const http = await row.request(all, client_id)
    const response = await all.serve(http)
    assert.equal(errorOf(response), undefined, String(response.body))
    const told = http.trace.breaches?.find(({ requirement }) => requirement === name)
    assert.deepEqual([told?.why, told?.code], [row.why, row.error])
  })
}

test('C-31 metadata list what is enforced, and nothing that is only watched', async () => {
  const metadata = async (alpha: JsonObject) => {
    const server = await world({ alpha })
    return bodyOf(await server.serve(requestOf('GET', `${base}/.well-known/openid-configuration`)))
  }
  const demanded = { parapetConfig: { profile: 'fapi2' } }
  const { parapetConfig: own } = demanded
  const observedRequirements = Object.keys(requirements)
  const enforced = await metadata(demanded)
  const watched = await metadata({ parapetConfig: { ...own, observedRequirements } })
  const free = await metadata({})
  for (const name of [
    'require_pushed_authorization_requests',
    'token_endpoint_auth_methods_supported',
    'dpop_signing_alg_values_supported',
    'request_object_signing_alg_values_supported',
  ]) {
    assert.notDeepEqual(enforced[name], free[name], name)
    assert.deepEqual(watched[name], free[name], name)
  }
})
