import type { TextRule } from './text.ts'

/**
 * What a client can be held to that may also only be watched (C-31), by the names of the terms: what breaks it
 * is told, and nothing is refused for it.
 */
export const requirements = {
  require_pushed: 'Requests are pushed (RFC 9126 §5).',
  require_signed: 'Requests are signed request objects (RFC 9101 §10.5).',
  require_challenge: 'Requests for a code have a `code_challenge`, made by S256 (RFC 7636 §4.4.1).',
  require_signed_response:
    'Requests ask for a response in a JWT (FAPI 2.0 Message Signing §5.4.1).',
  required_binding: 'Access tokens are tied to a key (RFC 9449 §5.2, FAPI 2.0 §5.3.2.1).',
  auth_methods:
    'The client proves itself by a method of FAPI 2.0 (§5.3.2.1), and is no public one.',
  assertion_algorithms: 'Client assertions are signed with an algorithm of FAPI 2.0 (§5.4.1).',
  assertion_audience: 'Client assertions are for the issuer alone (RFC 10070, FAPI 2.0 §5.3.2.1).',
  request_object_signing: 'Request objects are signed with an algorithm of FAPI 2.0 (§5.4.1).',
  request_object_audience: 'Request objects are for the issuer (RFC 9101 §4).',
  dpop_algorithms: 'DPoP proofs are signed with an algorithm of FAPI 2.0 (§5.4.1).',
} as const

export type RequirementName = keyof typeof requirements

/**
 * What nobody may set to be only watched, and why: without it a request is somebody else’s, or counts twice.
 * Some have the name of a term.
 */
const enforced: Readonly<Record<string, string>> = {
  signatures: 'who sent it would not be known',
  replay: 'what may be used once would count twice',
  redirect_uris: 'answers would go to others',
  code_verifier: 'a stolen code could be redeemed',
  expiry: 'what is over would go on',
  client_binding: 'what belongs to one client would be good for another',
}

/** A name of a requirement that may be watched; of what may not, the refusal says so by its name. */
export const requirementName: TextRule = {
  one: 'a requirement that may be watched',
  many: 'requirements that may be watched',
  schema: { enum: Object.keys(requirements) },
  wrong(text) {
    if (Object.hasOwn(requirements, text)) return undefined
    const why = Object.hasOwn(enforced, text) ? enforced[text] : undefined
    if (why !== undefined) return `${text} is never only watched: ${why}`
    return `not one of ${Object.keys(requirements).join(', ')}`
  },
}
