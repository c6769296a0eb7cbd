import type { Reasons } from './reason.ts'

/** Who is calling, and how that is proven. */
export const clientAuthenticationReasons = {
  'client-id-missing': {
    says: 'No client_id was sent, and no credentials that name a client.',
    section: 'RFC 6749 §2.2',
    codes: ['invalid_client', 'invalid_request'],
  },
  'client-unknown': {
    says: 'No client is registered in this realm by the client_id.',
    section: 'RFC 6749 §2.2',
    codes: ['invalid_client'],
  },
  'client-inactive': {
    says: 'The client is registered and not active.',
    section: 'PingAM: oauth2-client',
    codes: ['invalid_client'],
  },
  'client-ids-differ': {
    says: 'The client_id of the form is another one than that of the credentials.',
    section: 'RFC 6749 §2.3',
    codes: ['invalid_client'],
  },
  'client-methods-two': {
    says: 'The request proves its client by two methods at once.',
    section: 'RFC 6749 §2.3',
    codes: ['invalid_request'],
  },
  'client-method-other': {
    says: 'The client authenticated by a method it has not registered, or its profile has not.',
    section: 'OIDC Core §9',
    codes: ['invalid_client'],
  },
  'client-method-openid': {
    says: 'OpenID Connect requests are held to the registered method, where plain OAuth may mix two.',
    section: 'PingAM: oauth2-authz-grant-par',
    codes: ['invalid_client'],
  },
  'client-credentials-missing': {
    says: 'A confidential client named itself and proved nothing.',
    section: 'RFC 6749 §3.2.1',
    codes: ['invalid_client'],
  },
  'client-secret-wrong': {
    says: 'The client secret is wrong.',
    section: 'RFC 6749 §2.3.1',
    codes: ['invalid_client'],
  },
  'authorization-repeated': {
    says: 'There is more than one Authorization header.',
    section: 'RFC 9110 §11.6.2',
    codes: ['invalid_request'],
  },
  'authorization-unreadable': {
    says: 'The Authorization header is not Basic with a form-encoded id and secret.',
    section: 'RFC 6749 §2.3.1',
    codes: ['invalid_client'],
  },
  'public-client-credentials': {
    says: 'A public client sent credentials, and it has none.',
    section: 'RFC 6749 §2.1',
    codes: ['invalid_client'],
  },
  'public-client-unserved': {
    says: 'The profile serves no public clients.',
    section: 'FAPI 2.0 §5.3.2.1',
    codes: ['invalid_client'],
  },
  'public-client-introspects': {
    says: 'A public client cannot introspect: it proves nothing.',
    section: 'RFC 7662 §2.1',
    codes: ['invalid_client'],
  },
  'client-tries': {
    says: 'Too many failed attempts for this client; some seconds later it may try again.',
    section: 'RFC 6749 §2.3.1',
    rule: 'C-34',
    codes: ['too_many_requests'],
  },
  'client-tries-waiting': {
    says: 'Too many secrets wait to be compared; the same request may succeed later.',
    section: 'RFC 6749 §2.3.1',
    rule: 'C-34',
    codes: ['temporarily_unavailable'],
  },
  'certificate-missing': {
    says: 'The client authenticates by certificate, and none was shown.',
    section: 'RFC 8705 §2',
    codes: ['invalid_client'],
  },
  'certificate-repeated': {
    says: 'The proxy handed on more than one certificate header.',
    section: 'RFC 9440 §2.2',
    codes: ['invalid_client'],
  },
  'certificate-unreadable': {
    says: 'The certificate cannot be read.',
    section: 'RFC 8705 §2',
    codes: ['invalid_client'],
  },
  'certificate-not-in-force': {
    says: 'The certificate is not in force.',
    section: 'RFC 8705 §2.2',
    codes: ['invalid_client'],
  },
  'certificate-subject': {
    says: 'The certificate is about another subject than the registered one.',
    section: 'RFC 8705 §2.1',
    codes: ['invalid_client'],
  },
  'certificate-untrusted': {
    says: 'The certificate leads to no CA of the realm by a path that is in force.',
    section: 'RFC 8705 §2.1',
    codes: ['invalid_client'],
  },
  'certificate-unregistered': {
    says: 'The certificate is none that the client has registered.',
    section: 'RFC 8705 §2.2',
    codes: ['invalid_client'],
  },
  'certificate-unserved': {
    says: 'Client or realm asks for a check of certificates that this server does not serve.',
    section: 'RFC 8705 §2.1',
    rule: 'C-39',
    codes: ['invalid_client'],
  },
} as const satisfies Reasons
