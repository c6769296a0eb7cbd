/** DPoP proofs (RFC 9449) that calls carry: each id counts once, at whichever server, with whatever assertion. */
import { randomUUID } from 'node:crypto'
import { proofOf } from '../dpop.ts'
import type { Thing } from './history.ts'
import type { Node } from './node.ts'
import {
  asserted,
  codeForm,
  type Form,
  isPublic,
  lifetimes,
  newId,
  oauth2Of,
  type RealmPath,
  requested,
  type signs,
} from './parties.ts'
import { ask, type Stage } from './stage.ts'
import { giveId, secondOf, some, thingOf } from './things.ts'

/** For what a proof is made: one endpoint of a realm. `client_id`: who sends it there. */
interface For {
  readonly realm: RealmPath
  readonly path: '/par' | '/access_token'
  readonly client_id: typeof signs | typeof isPublic
}

export interface Carried extends For {
  readonly thing: Thing
  /** When it was made, in seconds. */
  readonly iat: number
  /** What the header has. */
  readonly text: string
}

/** A proof that is made now. One with an id that another has had is the same thing, however late it is made. */
export function newProof(stage: Stage, made: For, jti: string = randomUUID()): Carried {
  const { history, nodes, parties } = stage
  const { realm, path } = made
  const { w } = nodes[0] as Node
  const [iat, thing] = [secondOf(stage), thingOf('proof', realm, jti)]
  history.give('client', thing, iat + lifetimes.proof)
  const htu = w.origin + oauth2Of(realm) + path
  return { ...made, thing, iat, text: proofOf(parties.holds, { htm: 'POST', htu, iat, jti }) }
}

/** Keeps it to be brought again: of those that nobody answered a few, since there are many while a server is down. */
export function keepProof(stage: Stage, proof: Carried | undefined, answer: unknown): void {
  if (proof !== undefined && (answer !== undefined || some(0.1))) stage.carried.push(proof)
}

/** What a proof is brought with: a call that had not been made before, and gets as far as its proof. */
const calls: Readonly<Record<Carried['path'], () => Form>> = {
  '/par': () => requested,
  '/access_token': () => codeForm(randomUUID()),
}

/** Brings it to a server, with an assertion that is new where its client makes any. */
export async function bring(stage: Stage, proof: Carried, node: Node): Promise<void> {
  const { realm, path, client_id } = proof
  const form = calls[path]()
  if (client_id === isPublic) {
    await ask(stage, node, { realm, path, form: { client_id, ...form }, proof }, [])
    return
  }
  const id = newId(secondOf(stage))
  giveId(stage, realm, id, false)
  const proven = { ...asserted(node.w, stage.parties, realm, id), ...form }
  const things = [thingOf('assertion', realm, id.jti)]
  await ask(stage, node, { realm, path, form: proven, proof }, things)
}

/**
 * Seconds between two proofs of one id, of which only one counts then: less than what a server takes a proof for, and than
 * clocks are set by. Once the first has ended nobody asks whether its id was there before.
 */
const near = 30

/** Brings it again: the same text, or its id in a proof that is made now. */
export function bringAgain(stage: Stage, proof: Carried, node: Node): Promise<void> {
  const isSame = some(0.5) || Math.abs(secondOf(stage) - proof.iat) > near
  return bring(stage, isSame ? proof : newProof(stage, proof, proof.thing.name), node)
}
