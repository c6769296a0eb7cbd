/** What a client remembers of its authorizations, so that it can tell what a server has forgotten. */
import type { Party } from '../party.ts'
import type { Sent } from '../wire.ts'

/** One authorization as its client knows it. */
export interface Flow {
  readonly party: Party
  readonly request_uri: string
  /** What was done last; the words in -ing were asked for and not answered. */
  step: 'pushed' | 'opening' | 'coded' | 'redeeming' | 'granted' | 'refreshing'
  code: string
  /** Every refresh token that was given, the one in force last. */
  readonly refresh: string[]
  access_token: string
  /** How often a code was given for the request_uri, and tokens for the code. */
  readonly given: { codes: number; tokens: number }
}

/** A proof that was accepted, with the request it was accepted for. */
export interface UsedProof {
  readonly party: Party
  readonly path: string
  readonly parameters: Readonly<Record<string, string>>
  readonly proof: Pick<Sent, 'headers' | 'form'>
}

/** All of a load. */
export interface Ledger {
  readonly flows: Flow[]
  readonly proofs: UsedProof[]
  /** Answers nobody should get, killed server or not. */
  readonly wrong: string[]
}

export function newLedger(): Ledger {
  return { flows: [], proofs: [], wrong: [] }
}

export function newFlow(party: Party, request_uri: string): Flow {
  const given = { codes: 0, tokens: 0 }
  return { party, request_uri, step: 'pushed', code: '', refresh: [], access_token: '', given }
}
