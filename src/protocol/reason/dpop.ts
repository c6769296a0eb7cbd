import type { Reasons } from './reason.ts'

const proof = ['invalid_dpop_proof'] as const
const nonce = ['use_dpop_nonce'] as const

/** What is wrong with a DPoP proof, or with the key it proves. */
export const dpopReasons = {
  'dpop-repeated': {
    says: 'The request has more than one DPoP header.',
    section: 'RFC 9449 §4.3-1',
    codes: proof,
  },
  'dpop-unreadable': {
    says: 'The DPoP proof is no compact JWT that can be read, or is too long.',
    section: 'RFC 9449 §4.3-2',
    codes: proof,
  },
  'dpop-typ': {
    says: 'The typ of the DPoP proof is not dpop+jwt.',
    section: 'RFC 9449 §4.3-4',
    codes: proof,
  },
  'dpop-alg': {
    says: 'The DPoP proof is signed by no algorithm that the client’s profile takes for it.',
    section: 'RFC 9449 §4.3-5',
    codes: proof,
  },
  'dpop-key': {
    says: 'The jwk of the DPoP proof is missing, is not public, is weak or does not fit its alg.',
    section: 'RFC 9449 §4.3-7',
    codes: proof,
  },
  'dpop-signature': {
    says: 'The signature of the DPoP proof was not made by the key in its jwk.',
    section: 'RFC 9449 §4.3-6',
    codes: proof,
  },
  'dpop-claim-missing': {
    says: 'The DPoP proof lacks jti, htm, htu or iat, or beside an access token ath.',
    section: 'RFC 9449 §4.3-3',
    codes: proof,
  },
  'dpop-claim-malformed': {
    says: 'A claim of the DPoP proof is of the wrong type.',
    section: 'RFC 9449 §4.3-3',
    codes: proof,
  },
  'dpop-jti-long': {
    says: 'The jti of the DPoP proof is longer than 512 characters.',
    section: 'RFC 9449 §11.1',
    codes: proof,
  },
  'dpop-htm': {
    says: 'The htm of the DPoP proof is not the method of the request.',
    section: 'RFC 9449 §4.3-8',
    codes: proof,
  },
  'dpop-htu': {
    says: 'The htu of the DPoP proof is not the address that the request was sent to.',
    section: 'RFC 9449 §4.3-9',
    codes: proof,
  },
  'dpop-ath': {
    says: 'The ath of the DPoP proof is not the hash of the access token beside it.',
    section: 'RFC 9449 §4.3-12',
    codes: proof,
  },
  'dpop-time': {
    says: 'The DPoP proof is from a time to come, or from before the store was accepted.',
    section: 'RFC 9449 §4.3-11',
    codes: proof,
  },
  'dpop-expired': {
    says: 'The DPoP proof was made too long ago.',
    section: 'RFC 9449 §4.3-11',
    codes: proof,
  },
  'dpop-replayed': {
    says: 'The DPoP proof has been used before.',
    section: 'RFC 9449 §11.1',
    rule: 'K-6',
    codes: proof,
  },
  'dpop-nonce-missing': {
    says: 'The DPoP proof has no nonce, and the realm asks for one.',
    section: 'RFC 9449 §8',
    rule: 'C-26',
    codes: nonce,
  },
  'dpop-nonce-unknown': {
    says: 'The nonce of the DPoP proof has ended, or is none that this realm handed out.',
    section: 'RFC 9449 §8',
    rule: 'C-26',
    codes: nonce,
  },
  'dpop-jkt-malformed': {
    says: 'The dpop_jkt is no SHA-256 thumbprint in base64url.',
    section: 'RFC 9449 §10',
    codes: ['invalid_request'],
  },
  'dpop-jkt-other': {
    says: 'The dpop_jkt is not the thumbprint of the key that the DPoP proof beside it proves.',
    section: 'RFC 9449 §10.1',
    codes: ['invalid_request'],
  },
  'dpop-jkt-with-token': {
    says: 'The request names a DPoP key, and its response type issues an access token that could be tied to none.',
    section: 'RFC 9449 §10',
    rule: 'C-26',
    codes: ['invalid_request'],
  },
  'token-audience': {
    says: 'The access token is for resources of which this server is none.',
    section: 'RFC 8707 §2, RFC 9068 §4',
    codes: ['invalid_token'],
  },
  'token-scheme': {
    says: 'The access token is tied to a key and came as a bearer token, or is tied to none and came by DPoP.',
    section: 'RFC 9449 §7.2',
    rule: 'K-9',
    codes: ['invalid_token'],
  },
  'token-proof-missing': {
    says: 'The access token is tied to a key, and the request does not prove any.',
    section: 'RFC 9449 §7.1',
    rule: 'K-9',
    codes: proof,
  },
  'token-proof-unasked': {
    says: 'The access token is tied to no key, or to a certificate, and whoever proves a key beside it believes it is tied to that.',
    section: 'RFC 9449 §7.1',
    rule: 'C-26',
    codes: proof,
  },
  'token-key': {
    says: 'The access token is tied to another key than the one that the request proves.',
    section: 'RFC 9449 §4.3-12',
    rule: 'K-9',
    codes: ['invalid_token'],
  },
  'proof-required': {
    says: 'The client has only tokens that are tied to a key, and the token request proves none.',
    section: 'RFC 9449 §5.2',
    codes: ['invalid_request'],
  },
  'code-key': {
    says: 'The code is tied to a key, and the token request does not prove that key.',
    section: 'RFC 9449 §10',
    codes: ['invalid_grant'],
  },
  'refresh-key': {
    says: 'The refresh token is tied to a key, and the token request does not prove that key.',
    section: 'RFC 9449 §5',
    codes: ['invalid_grant'],
  },
} as const satisfies Reasons
