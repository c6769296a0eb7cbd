/** After a restart: every operation is tried again, answered or not, and what comes of it is counted. */
import assert from 'node:assert/strict'
import { ask, codeOf, codeParameters, oauth2, refreshParameters, visit } from '../party.ts'
import type { Answer, Wire } from '../wire.ts'
import type { Flow, Ledger, UsedProof } from './ledger.ts'
import { keep } from './load.ts'

/** What the recount of a ledger found. */
export interface Recount {
  /** Acknowledged pushes nobody had tried to open: each opened now. */
  opened: number
  /** Operations without an answer that turned out to be done, and those that were done now. */
  done: number
  undone: number
  /** Refused second uses: request_uris, codes, refresh tokens, assertions. */
  refused: number
}

const runners = 16

/** Checks all flows; throws at the first that lost or gained anything. */
export async function recount(
  w: Wire,
  cookie: string,
  { flows, proofs }: Ledger,
): Promise<Recount> {
  const found: Recount = { opened: 0, done: 0, undone: 0, refused: 0 }
  // Those that may only be asked again for a while come first.
  const order = ['refreshing', 'granted', 'redeeming', 'coded', 'opening', 'pushed']
  const sorted = flows.toSorted((a, b) => order.indexOf(a.step) - order.indexOf(b.step))
  await inParallel(sorted, (flow) => recountFlow(w, cookie, flow, found))
  await inParallel(proofs, (used) => recountProof(w, used, found))
  return found
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items]
  const runner = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: runners }, runner))
}

async function recountFlow(w: Wire, cookie: string, flow: Flow, found: Recount): Promise<void> {
  if (flow.step === 'pushed' || flow.step === 'opening') await reopen(w, cookie, flow, found)
  if (flow.step === 'coded' || flow.step === 'redeeming') await redeemAgain(w, flow, found)
  if (flow.step === 'granted' || flow.step === 'refreshing') await refreshAgain(w, flow, found)
  await spentFlow(w, cookie, flow)
  found.refused += 2
  assert.ok(flow.given.codes <= 1, `${flow.given.codes} codes for one request_uri`)
  assert.ok(flow.given.tokens <= 1, `${flow.given.tokens} times tokens for one code`)
}

async function reopen(w: Wire, cookie: string, flow: Flow, found: Recount): Promise<void> {
  const answer = await visit(w, flow.party, flow.request_uri, cookie)
  const code = codeOf(answer)
  if (flow.step === 'pushed') {
    assert.notEqual(code, undefined, `an acknowledged push is lost: ${answer.text}`)
    found.opened += 1
  } else if (code === undefined) {
    assert.match(answer.text, /invalid_request_uri|been used/, answer.text)
    found.done += 1
  } else found.undone += 1
  if (code === undefined) return
  flow.code = code
  flow.given.codes += 1
  flow.step = 'coded'
}

function tokens(
  w: Wire,
  flow: Flow,
  parameters: Readonly<Record<string, string>>,
): Promise<Answer> {
  return ask(w, flow.party, '/access_token', parameters)
}

async function redeemAgain(w: Wire, flow: Flow, found: Recount): Promise<void> {
  const answer = await tokens(w, flow, codeParameters(flow.code))
  if (flow.step === 'coded') assert.equal(answer.status, 200, `a code is lost: ${answer.text}`)
  else if (answer.status === 200) found.undone += 1
  else {
    refuses(answer)
    found.done += 1
  }
  if (answer.status !== 200) return
  flow.given.tokens += 1
  keep(flow, answer)
}

/** The token in force has a successor, always the same; those before it have none. */
async function refreshAgain(w: Wire, flow: Flow, found: Recount): Promise<void> {
  const before = flow.access_token
  const inForce = flow.refresh.at(-1) ?? ''
  if (flow.step === 'granted') await isActive(w, before)
  keep(flow, await tokens(w, flow, refreshParameters(inForce)))
  const again = await tokens(w, flow, refreshParameters(inForce))
  assert.equal(again.status, 200, `a refresh token cannot be asked for again: ${again.text}`)
  assert.equal(JSON.parse(again.text).refresh_token, flow.refresh.at(-1), 'two successors')
  const old = flow.refresh.at(-3)
  if (old === undefined) return
  refuses(await tokens(w, flow, refreshParameters(old)))
  found.refused += 1
}

async function isActive(w: Wire, access_token: string): Promise<void> {
  const headers = { authorization: `Bearer ${access_token}` }
  const answer = await w.call('GET', `${oauth2}/userinfo`, { headers })
  assert.equal(answer.status, 200, `an access token is lost: ${answer.text}`)
}

/** Nothing comes of a flow that has been recounted, however often the server was restarted since. */
export async function spentFlow(w: Wire, cookie: string, flow: Flow): Promise<void> {
  assert.equal(codeOf(await visit(w, flow.party, flow.request_uri, cookie)), undefined)
  if (flow.code === '') return
  refuses(await tokens(w, flow, codeParameters(flow.code)))
  // C-14: which ended the grant, whatever was in force.
  const last = flow.refresh.at(-1)
  if (last !== undefined) refuses(await tokens(w, flow, refreshParameters(last)))
}

async function recountProof(w: Wire, used: UsedProof, found: Recount): Promise<void> {
  const answer = await ask(w, used.party, used.path, used.parameters, used.proof)
  assert.match(answer.text, /"invalid_client"/, 'an assertion was accepted twice')
  found.refused += 1
}

function refuses(answer: Answer): void {
  assert.match(`${answer.status} ${answer.text}`, /^400 .*"invalid_grant"/)
}
