import type { JsonObject } from '../../base/json.ts'
import { parseJson } from '../../base/json.ts'
import type { JweAlg, JweEnc, JwsAlg } from '../../jose/algorithm.ts'
import { jweAlgorithms, jwsAlgorithms } from '../../jose/algorithm.ts'
import { secretEncryptionKey, serves } from '../../jose/encryption/encryption-key.ts'
import { secretKey } from '../../jose/jwk.ts'
import { readKeySet } from '../../jose/jwks.ts'
import type { RemoteConsentSettings } from '../../protocol/agent/remote-consent.ts'
import { agentSection, remoteConsentAgent } from '../../protocol/agent/remote-consent.ts'
import type { Problem } from '../../protocol/problem.ts'
import { readSettings } from '../../protocol/setting.ts'

/** What of an agent cannot be had with the keys and the secret it has. */
export function remoteConsentProblems(
  document: JsonObject,
  secret: string | undefined,
): readonly Problem[] {
  const { values } = readSettings(remoteConsentAgent, document)
  return [...signatureProblems(values, secret), ...keyProblems(values, secret)]
}

function signatureProblems(
  values: RemoteConsentSettings,
  secret: string | undefined,
): readonly Problem[] {
  const names = ['remoteConsentRequestSigningAlgorithm', 'remoteConsentResponseSigningAlg'] as const
  return names.flatMap((name) => {
    const alg: JwsAlg = values[name]
    if (jwsAlgorithms[alg].kty !== 'oct') return []
    const fits = secret !== undefined && secretKey(secret, alg).ok
    return fits
      ? []
      : [problem(name, `needs a secret of ${jwsAlgorithms[alg].minimumBits / 8} bytes`)]
  })
}

function keyProblems(
  values: RemoteConsentSettings,
  secret: string | undefined,
): readonly Problem[] {
  const { publicKeyLocation, jwkSet, remoteConsentRequestEncryptionEnabled: encrypted } = values
  const alg: JweAlg = values.remoteConsentRequestEncryptionAlgorithm
  const enc: JweEnc = values.remoteConsentRequestEncryptionMethod
  const set = jwkSet === '' ? undefined : readKeySet(parseJson(jwkSet))
  if (set?.ok === false) return [problem('jwkSet', set.reason)]
  if (!encrypted) return []
  const name = 'remoteConsentRequestEncryptionAlgorithm'
  if (jweAlgorithms[alg].kty === 'oct') {
    const fits = secret !== undefined && secretEncryptionKey(secret, alg, enc).ok
    return fits ? [] : [problem(name, 'needs a secret')]
  }
  if (publicKeyLocation !== 'jwks' || set === undefined) return []
  return set.encrypting.some((key) => serves(key, alg, enc))
    ? []
    : [problem(name, 'the key set has no key to encrypt to with it')]
}

function problem(name: keyof RemoteConsentSettings, text: string): Problem {
  return { path: `${agentSection}.${name}`, text }
}
