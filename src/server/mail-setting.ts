import type { Address } from '../mail/letter.ts'
import { readAddress } from '../mail/letter.ts'
import type { SmtpServer } from '../mail/smtp.ts'
import { readSmtpUrl } from '../mail/smtp.ts'
import type { ReadSetting, ServerSetting } from './setting.ts'
import { directory } from './setting.ts'

const smtpServer: ReadSetting<SmtpServer> = (value) => {
  const server = readSmtpUrl(value)
  if (server !== undefined) return server
  throw new Error(
    'must be smtp:// or smtps://, with user:password@ where it wants them, host and port',
  )
}

const mailAddress: ReadSetting<Address> = (value) => {
  const address = readAddress(value)
  if (address !== undefined) return address
  throw new Error('must be an address, as in Example <noreply@example.com>')
}

/** How letters leave: rows of `serverSettings`. */
export const mailSettings = {
  smtpUrl: {
    environment: 'PARAPET_SMTP_URL',
    read: smtpServer,
    secret: true,
    about:
      'Server that letters are sent by: smtp://user:password@host:587, or smtps:// for TLS from the start; a password only leaves this machine by TLS',
  },
  mailFrom: {
    environment: 'PARAPET_MAIL_FROM',
    read: mailAddress,
    about: 'Whom letters come from, unless their template says it: Example <noreply@example.com>',
  },
  mailDirectory: {
    environment: 'PARAPET_MAIL_DIRECTORY',
    read: directory,
    about:
      'In place of PARAPET_SMTP_URL: a directory in which each letter is a file, for trying out',
  },
} as const satisfies Record<string, ServerSetting<unknown>>

/** What is wrong with how letters are to leave. */
export function mailProblems({
  smtpUrl,
  mailFrom,
  mailDirectory,
  baseUrls = [],
  trustedProxies = [],
}: {
  readonly smtpUrl: SmtpServer | undefined
  readonly mailFrom: Address | undefined
  readonly mailDirectory: string | undefined
  readonly baseUrls?: readonly string[] | undefined
  readonly trustedProxies?: readonly string[] | undefined
}): readonly string[] {
  const problems: string[] = []
  if (smtpUrl !== undefined && mailFrom === undefined)
    problems.push('PARAPET_SMTP_URL: needs PARAPET_MAIL_FROM, whom letters come from')
  const sends = smtpUrl !== undefined || mailDirectory !== undefined
  if (sends && trustedProxies.length > 0 && baseUrls.length === 0)
    problems.push(
      'PARAPET_BASE_URL: needed where letters are sent and PARAPET_TRUSTED_PROXIES is set: links in letters would begin with whatever host a request names',
    )
  return problems
}
