import type { Address } from '../../../mail/letter.ts'
import { oneLine, readAddress } from '../../../mail/letter.ts'
import type { SmtpServer } from '../../../mail/smtp.ts'
import { smtp } from '../../../mail/smtp.ts'
import { oneOf, text } from '../../../protocol/setting.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { NodeResult, Turn } from '../../journey.ts'
import { NodeError, passed } from '../../journey.ts'
import type { LocalText, NodeValues } from '../../node-setting.ts'
import { localized, nodeSetting, wholeOrText } from '../../node-setting.ts'
import { putShared, putTransient, textIn, without } from '../../state.ts'
import { mailOf, mayWrite, withheld } from './letter.ts'

/** Of the server that a node sends by; without a host name it is this server's own. */
export const senderSettings = {
  hostName: nodeSetting(
    'Mail Server Host Name',
    text,
    '',
    'Empty: letters leave as all others do.',
  ),
  hostPort: nodeSetting(
    'Mail Server Host Port',
    wholeOrText(0, 65_535),
    25,
    'Port of that server; exports have 0 where no server is named.',
  ),
  username: nodeSetting('Mail Server Authentication Username', text, '', 'Its user; empty: none.'),
  password: nodeSetting('Mail Server Authentication Password', text, '', 'The user’s password.', {
    secret: true,
  }),
  fromEmailAddress: nodeSetting('Email From Address', text, '', 'Whom the letter comes from.'),
  sslOption: nodeSetting(
    'Mail Server Secure Connection',
    oneOf('SSL', 'NON_SSL', 'START_TLS'),
    'SSL',
    'Whether the connection begins with TLS, goes over to it, or has none.',
  ),
  smsGatewayImplementationClass: nodeSetting(
    'Gateway Implementation Class',
    text,
    'com.sun.identity.authentication.modules.hotp.DefaultSMSGatewayImpl',
    'Kept; nothing goes by it.',
  ),
  secretLabelIdentifier: nodeSetting(
    'Secret Label Identifier',
    text,
    '',
    'Kept; nothing goes by it.',
  ),
} as const

/** What is sent. */
export interface Code {
  /** Kind of node, for the log. */
  readonly letter: string
  readonly address: string
  /** As of `Subject`. */
  readonly account?: string | undefined
  readonly subject: LocalText
  readonly content: LocalText
  /** The account whose address it is; absent: nobody’s. */
  readonly of?: string | undefined
}

const usual = {
  subject: { en: 'One-time password', de: 'Einmalpasswort' },
  content: { en: '{{OTP}}' },
}

/**
 * Sends the password that was drawn (PingAM: `{{OTP}}` is where it stands). Where too many letters were sent of late
 * none is, the journey goes on the same, and no password is right. @throws NodeError where that cannot be.
 */
export async function sendCode(
  { realm, state, visit }: Turn,
  values: NodeValues<typeof senderSettings>,
  { letter, address, account, subject, content, of }: Code,
): Promise<NodeResult> {
  const code = textIn(state, 'oneTimePassword')
  if (code === undefined) throw new NodeError('oneTimePassword not present in state')
  const to = readAddress(address)
  if (to === undefined)
    throw new NodeError('the account has no address to send a one-time password to')
  const choose = (own: LocalText, fallback: LocalText): string =>
    localized(own, visit.locales) ?? localized(fallback, visit.locales) ?? ''
  const body = choose(content, usual.content)
  const filled = body.includes('{{OTP}}') ? body.replaceAll('{{OTP}}', code) : `${body}\n\n${code}`
  const html = /^\s*</.test(filled) ? filled : undefined
  const made = {
    ...{ to, from: readAddress(values.fromEmailAddress), html },
    subject: oneLine(choose(subject, usual.subject).replaceAll('{{OTP}}', code)),
    text: html === undefined ? filled : code,
  }
  const by = ownServer(values)
  const mail = by === undefined ? mailOf(realm) : realm.mail
  // Asked now and not when the letter is made: what is never sent must not be guessed either.
  const free = await mayWrite(realm, to.address, visit.peer, account)
  if (!free) withheld(realm, letter, 'too many letters')
  const make = async () => (free ? made : undefined)
  const deliver = by && smtp(by, made.from ?? nobody, !isAllowed(realm, by))
  if (mail?.send({ realm: realm.path, letter }, make, deliver) !== true)
    throw new NodeError('the one-time password could not be sent')
  const before = without(state, 'oneTimePasswordWithheld', 'oneTimePasswordTo')
  // Whose tries count together where no account says it.
  const sent = of === undefined ? putTransient(before, { oneTimePasswordTo: to.address }) : before
  // Drawn before anybody was known: it is whose address it was sent to.
  const unclaimed = of !== undefined && textIn(state, 'oneTimePasswordOf') === ''
  const open = unclaimed ? putTransient(sent, { oneTimePasswordOf: of }) : sent
  return passed('outcome', free ? open : putShared(open, { oneTimePasswordWithheld: true }))
}

/** What an operator lets the realm's scripts ask although it is not public serves its nodes as well. */
function isAllowed({ path, scripts }: Realm, { host, port }: SmtpServer): boolean {
  return scripts?.values[path]?.addresses.includes(`${host}:${port}`) === true
}

const nobody: Address = { name: '', address: 'noreply@localhost' }

const tlsOf = { SSL: 'from the start', START_TLS: 'required', NON_SSL: 'offered' } as const

function ownServer(values: NodeValues<typeof senderSettings>): SmtpServer | undefined {
  const { hostName: host, hostPort: port, username, password, sslOption } = values
  if (host === '') return undefined
  const known = username === '' ? {} : { user: username, password }
  return { host, port, tls: tlsOf[sslOption], ...known }
}
