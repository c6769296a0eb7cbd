import { after, before, test } from 'node:test'
import { type Administer, administrator, keyParty, type Party } from '../party.ts'
import { oneOfLikeCalls, quotasHold } from './admission.ts'
import { openPair, type Pair } from './pair.ts'

let pair: Pair
let administer: Administer
let keyed: Party

before(async () => {
  pair = await openPair()
  administer = await administrator(pair.a)
  keyed = await keyParty(pair.a, administer)
})

after(() => pair?.close())

test('Idempotency-Key §2.6, T-1 64 like calls at once at two processes: one request_uri, one assertion, nobody refused', () =>
  oneOfLikeCalls(pair, keyed))

test('P-17 two processes on one store: together they admit what one client may, and no more once one is killed', () =>
  quotasHold(pair, administer))
