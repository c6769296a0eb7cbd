import { whenReady } from '../base/ready.ts'
import type { Method, Proof } from './method/method.ts'
import { verifySecret } from './secret.ts'

const right: Proof = {}

/** How the methods that send the secret itself verify it. */
export const verifyBySecret: Method['verify'] = (realm, client, { proof }) =>
  whenReady(verifySecret(realm, client, proof), (good) => (good ? right : undefined))
