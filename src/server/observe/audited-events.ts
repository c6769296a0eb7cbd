import type { EventFields } from '../../base/log.ts'

/** An event of which the audit log has a line. */
export interface Audited {
  /** What it says, for the reference page. */
  readonly about: string
  /** That something was refused, or did not come about. */
  readonly failure?: true
  /** Which of them; absent: all. */
  readonly when?: (fields: EventFields) => boolean
  /** The events it is of, where the log calls it otherwise than the audit log. */
  readonly of?: readonly string[]
}

/** What an auditor wants to know, by the audit log's names; all else is for operators alone. */
export const auditedEvents: Readonly<Record<string, Audited>> = {
  'server.started': { about: 'The server answers from now on.' },
  'server.stopped': { about: 'It does not any more.' },
  'store.accepted': {
    about: 'A store that had lost something, or comes from a backup, may be served.',
  },
  'store.moved': { about: 'Everything was moved to another store, which is served from now on.' },
  'clock.accepted': { about: 'An operator said that the wall clock is right.' },

  'login.succeeded': { about: 'Somebody proved who they are, by a journey.' },
  'login.failed': { about: 'A journey ended without that.', failure: true },
  'login.wrong': { about: 'A password was wrong, or the name nobody’s.', failure: true },
  'login.held_off': {
    about: 'A password was not looked at: there were too many tries.',
    failure: true,
  },
  'session.started': { about: 'A session was begun; `sid` is its public id.' },
  'session.ended': { about: 'A session was ended: by its browser, or whom `by` names.' },
  'sessions.ended': { about: 'All sessions of somebody were ended, or all but one.' },
  'password.changed': { about: 'Somebody gave themselves another password.' },

  'par.stored': {
    about: 'A pushed authorization request was taken.',
    of: ['request'],
    when: ({ endpoint, bytes }) => endpoint === '/par' && bytes !== undefined,
  },
  'par.refused': {
    about: 'A pushed authorization request was refused.',
    failure: true,
    of: ['request'],
    when: ({ endpoint, error }) => endpoint === '/par' && error !== undefined,
  },
  'visit.refused': {
    about:
      'A visit at the authorization endpoint was refused, by a page: the client is told nothing.',
    failure: true,
    of: ['request'],
    when: ({ endpoint, error, status }) =>
      endpoint === '/authorize' && error !== undefined && Number(status) >= 400,
  },
  'consent.given': {
    about: 'A user allowed an application what it asked for; `saved`: for later too.',
  },
  'consent.denied': { about: 'A user did not.', failure: true },
  'application.withdrawn': {
    about: 'What a user allowed an application was taken back, with its tokens.',
  },
  'passkey.added': { about: 'Somebody got a passkey.' },
  'device.removed': { about: 'A device that somebody logs in with was taken from their account.' },
  'authorization.issued': { about: 'An authorization response with a code, or tokens, was sent.' },
  'authorization.refused': { about: 'One with an error was.', failure: true },
  'code.redeemed': { about: 'Tokens were issued for a code.' },
  'refresh.redeemed': { about: 'Tokens were issued for a refresh token.' },
  'token.issued': { about: 'A token was issued to whoever asked for it directly.' },
  'token.revoked': { about: 'A client revoked an access token.' },
  'grant.revoked': { about: 'A client revoked a refresh token, and with it all of the grant.' },
  'grant.ended': {
    about: 'A grant was ended, since its code or refresh token was used twice.',
    failure: true,
  },
  'client.refused': { about: 'Somebody did not prove to be a client.', failure: true },
  'client.certificate_refused': { about: 'A certificate did not prove a client.', failure: true },

  'admin.refused': { about: 'Somebody asked for what is for administrators.', failure: true },
  'client.saved': { about: 'A client was registered or changed.' },
  'client.deleted': { about: 'A client was removed.' },
  'provider.saved': { about: 'The settings of a realm were changed.' },
  'authentication.saved': { about: 'How people log in to a realm was changed.' },
  'realm.saved': { about: 'A realm was made or changed.' },
  'realm.aliases.moved': { about: 'A realm lost host names that were given to another one.' },
  'realm.removed': { about: 'A realm was removed, with all there is in it.' },
  'user.saved': { about: 'An account was made or changed.' },
  'user.deleted': { about: 'An account was removed.' },
  'group.saved': { about: 'A group was made or changed.' },
  'group.members': { about: 'Who is in a group was set.' },
  'group.deleted': { about: 'A group was removed.' },
  'resource.saved': { about: 'A resource that tokens can be for was made or changed.' },
  'resource.deleted': { about: 'A resource was removed: no new token is for it.' },
  'details_type.saved': {
    about: 'A type of authorization details was made or changed (RFC 9396).',
  },
  'details_type.deleted': { about: 'A type of authorization details was removed.' },
  'journey.saved': { about: 'A journey was made or changed.' },
  'journey.deleted': { about: 'A journey was removed; its nodes stay.' },
  'journey_node.saved': { about: 'A node of a journey was made or changed.' },
  'journey_node.deleted': { about: 'A node of a journey was removed.' },
  'script.saved': { about: 'A script was made or changed.' },
  'script.deleted': { about: 'A script was removed.' },
  'service_account.saved': { about: 'A service account was made or changed.' },
  'service_account.deleted': { about: 'A service account was removed.' },
  'remote_consent_agent.saved': { about: 'A remote consent agent was made or changed.' },
  'remote_consent_agent.deleted': { about: 'A remote consent agent was removed.' },
  'kept.saved': {
    about: 'A document was set that is kept and given back, whether or not it is obeyed.',
    of: ['kept.saved', 'config.unserved'],
    when: ({ kind = 'kept' }) => kind === 'kept',
  },
  'kept.deleted': { about: 'A document that was kept was removed.' },
  'compliance.reset': {
    about: 'An administrator had forgotten what was counted of what is only watched.',
  },
  'keys.rotated': { about: 'An administrator had keys of a realm replaced.' },
  'keys.changed': {
    about: 'Keys of a realm were replaced: they were old, or somebody asked for it.',
  },
  'key.removed': { about: 'A key that was no longer used was removed.' },
  'document.applied': {
    about: 'A configuration document was applied; its changes have lines of their own.',
  },
  'document.superseded': {
    about: 'One was not, since a newer one was applied before.',
    failure: true,
  },
}
