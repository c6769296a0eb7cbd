import type { Reasons } from './reason.ts'

/** What a request for resources is refused for, and a token that is for another one (RFC 8707). */
export const resourceReasons = {
  'resource-malformed': {
    says: 'The resource is no absolute URI, or has a fragment.',
    section: 'RFC 8707 §2',
    codes: ['invalid_target'],
  },
  'resource-unknown': {
    says: 'The realm has no resource of that identifier.',
    section: 'RFC 8707 §2',
    codes: ['invalid_target'],
  },
  'resource-not-allowed': {
    says: 'The client may not ask for the resource: neither it lists it, nor is the resource for every client.',
    section: 'RFC 8707 §2',
    codes: ['invalid_target'],
  },
  'resource-scope': {
    says: 'Nothing of the scope means anything at the resources that are asked for.',
    section: 'RFC 8707 §2, RFC 9068 §3',
    codes: ['invalid_scope'],
  },
  'resource-not-granted': {
    says: 'The token request names a resource that was not granted; it may only name fewer.',
    section: 'RFC 8707 §2.2',
    codes: ['invalid_target'],
  },
  'resource-taken-back': {
    says: 'None of the resources that were granted is there for this client any more.',
    section: 'RFC 8707 §2.2',
    codes: ['invalid_target'],
  },
  'token-audience': {
    says: 'The access token is for resources of which this server is none.',
    section: 'RFC 8707 §2, RFC 9068 §4',
    codes: ['invalid_token'],
  },
} as const satisfies Reasons
