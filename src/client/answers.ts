/** What a client has registered of its answers that are JWTs: the one place that knows which attributes those are. */
import type { JweAlg, JweEnc, JwsAlg } from '../jose/algorithm.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'

/** Answers of one kind as a client wants them; what is not named is what is usual for it. */
export interface WantedAnswer {
  readonly signed: boolean
  readonly encrypted: boolean
  readonly signing: JwsAlg
  readonly alg: JweAlg
  readonly enc: JweEnc
}

/** OIDC Registration §2, JARM §3, RFC 9701 §6. */
const usual = { signing: 'RS256', alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256' } as const

/** By kind, from the client's own attributes alone. */
export const wantedAnswers = {
  authorization: (metadata) => ({
    signed: true,
    encrypted: metadata.authorization_encrypted_response_alg !== '',
    signing: metadata.authorization_signed_response_alg,
    alg: metadata.authorization_encrypted_response_alg || usual.alg,
    enc: metadata.authorization_encrypted_response_enc || usual.enc,
  }),
  userinfo: (metadata) => {
    const { userinfoResponseFormat: format } = metadata
    return {
      signed: format === 'SIGNED_JWT' || format === 'SIGNED_THEN_ENCRYPTED_JWT',
      encrypted: format === 'ENCRYPTED_JWT' || format === 'SIGNED_THEN_ENCRYPTED_JWT',
      signing: metadata.userinfo_signed_response_alg || usual.signing,
      alg: metadata.userinfo_encrypted_response_alg || usual.alg,
      enc: metadata.userinfo_encrypted_response_enc || usual.enc,
    }
  },
  introspection: (metadata) => ({
    signed: metadata.tokenIntrospectionResponseFormat !== 'JSON',
    encrypted: metadata.tokenIntrospectionResponseFormat === 'SIGNED_THEN_ENCRYPTED_JWT',
    signing: metadata.introspection_signed_response_alg || usual.signing,
    alg: metadata.introspection_encrypted_response_alg || usual.alg,
    enc: metadata.introspection_encrypted_response_enc || usual.enc,
  }),
  id_token: (metadata) => ({
    signed: false,
    encrypted: metadata.idTokenEncryptionEnabled,
    signing: usual.signing,
    alg: metadata.id_token_encrypted_response_alg || usual.alg,
    enc: metadata.id_token_encrypted_response_enc || usual.enc,
  }),
} as const satisfies Readonly<Record<string, (metadata: ClientMetadata) => WantedAnswer>>

/** What is answered. */
export type AnswerKind = keyof typeof wantedAnswers
