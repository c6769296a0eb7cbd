/** Clients and a browser at work, all at once, until the server is gone. */
import {
  ask,
  codeOf,
  codeParameters,
  type Party,
  pushParameters,
  refreshParameters,
  visit,
} from '../party.ts'
import type { Answer, Wire } from '../wire.ts'
import { jsonOf } from '../wire.ts'
import { type Flow, type Ledger, newFlow } from './ledger.ts'

/** How many requests are under way at once. */
const workers = 24

export interface Load {
  /** Settles when every worker has found the server gone, or has been stopped. */
  readonly over: Promise<unknown>
  /** No worker begins anything more. */
  stop(): void
}

/**
 * Pushes, opens, redeems and refreshes; leaves some flows at every step. Everything asked and
 * everything answered is in the ledger when it happens.
 */
export function load(w: Wire, parties: readonly Party[], cookie: string, ledger: Ledger): Load {
  let going = true
  const work = async (party: Party): Promise<void> => {
    while (going) await oneFlow(w, party, cookie, ledger, () => going)
  }
  const over = Promise.all(
    Array.from({ length: workers }, (_, i) =>
      work(parties[i % parties.length] as Party).catch((error: unknown) => {
        // An answer that cannot be is to be told from a connection that ended.
        if (!isGone(error)) ledger.wrong.push(String(error))
      }),
    ),
  )
  return {
    over,
    stop() {
      going = false
    },
  }
}

function isGone(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return /^(ECONNRESET|ECONNREFUSED|EPIPE)$/.test(code ?? '') || message === 'cut off'
}

async function oneFlow(
  w: Wire,
  party: Party,
  cookie: string,
  ledger: Ledger,
  going: () => boolean,
): Promise<void> {
  const { request_uri } = jsonOf(await proven(w, party, '/par', pushParameters, ledger), 201)
  const flow = newFlow(party, String(request_uri))
  ledger.flows.push(flow)
  const goesOn = (): boolean => going() && Math.random() < 0.75
  if (goesOn()) await open(w, flow, cookie)
  if (flow.code !== '' && goesOn()) await redeem(w, flow, ledger)
  while (flow.refresh.length > 0 && goesOn()) await refresh(w, flow, ledger)
}

/** A request whose proof is remembered once it was accepted. */
async function proven(
  w: Wire,
  party: Party,
  path: string,
  parameters: Readonly<Record<string, string>>,
  ledger: Ledger,
): Promise<Answer> {
  const proof = party.proof()
  const answer = await ask(w, party, path, parameters, proof)
  const single = proof.form?.client_assertion !== undefined
  if (single && answer.status < 300) ledger.proofs.push({ party, path, parameters, proof })
  return answer
}

async function open(w: Wire, flow: Flow, cookie: string): Promise<void> {
  flow.step = 'opening'
  const answer = await visit(w, flow.party, flow.request_uri, cookie)
  const code = codeOf(answer)
  if (code === undefined) throw new Error(`no code: ${answer.status} ${answer.text}`)
  flow.code = code
  flow.given.codes += 1
  flow.step = 'coded'
}

async function redeem(w: Wire, flow: Flow, ledger: Ledger): Promise<void> {
  flow.step = 'redeeming'
  keep(flow, await proven(w, flow.party, '/access_token', codeParameters(flow.code), ledger))
  flow.given.tokens += 1
}

async function refresh(w: Wire, flow: Flow, ledger: Ledger): Promise<void> {
  flow.step = 'refreshing'
  const parameters = refreshParameters(flow.refresh.at(-1) ?? '')
  keep(flow, await proven(w, flow.party, '/access_token', parameters, ledger))
}

/** Takes over what a token answer says. */
export function keep(flow: Flow, answer: Answer): void {
  const { refresh_token, access_token } = jsonOf(answer)
  flow.refresh.push(String(refresh_token))
  flow.access_token = String(access_token)
  flow.step = 'granted'
}
