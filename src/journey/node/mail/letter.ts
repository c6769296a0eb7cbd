import { sourceOf } from '../../../base/address.ts'
import type { JsonObject } from '../../../base/json.ts'
import { member } from '../../../base/json.ts'
import { event } from '../../../base/log.ts'
import { builtInTemplates } from '../../../mail/built-in.ts'
import type { Letter } from '../../../mail/letter.ts'
import { readAddress } from '../../../mail/letter.ts'
import type { Mail } from '../../../mail/mail.ts'
import type { Template } from '../../../mail/template.ts'
import { letterOf, readTemplate } from '../../../mail/template.ts'
import { logHash } from '../../../realm/log-hash.ts'
import { counted, ratesOf } from '../../../realm/quota.ts'
import type { Realm } from '../../../realm/realm.ts'
import { NodeError } from '../../journey.ts'
import { localized } from '../../node-setting.ts'
import { idmDocument } from '../../person/idm-configuration.ts'

/** The way letters leave. @throws NodeError where there is none. */
export function mailOf({ mail }: Realm): Mail {
  if (mail?.ready === true) return mail
  throw new NodeError(
    'no mail can be sent: neither PARAPET_SMTP_URL nor PARAPET_MAIL_DIRECTORY is set',
  )
}

/** The template of that name that somebody saved, else the one that is there from the start. */
export async function templateOf(
  realm: Pick<Realm, 'settings'>,
  name: string,
  locales: readonly string[],
): Promise<Template | undefined> {
  const own = Object.hasOwn(builtInTemplates, name) ? builtInTemplates[name] : undefined
  const document = (await idmDocument(realm, `emailTemplate/${name}`)) ?? own
  if (document === undefined) return undefined
  const fallback = member(document, 'defaultLocale')
  const languages = typeof fallback === 'string' ? [...locales, fallback] : locales
  return readTemplate(document, (texts) => localized(texts, languages))
}

/** What a letter is about. */
export interface Subject {
  readonly template: string
  /** To whom: the first that is an address. */
  readonly address: unknown
  /** The account that has this address, where whoever asks has shown that it is theirs. */
  readonly account?: string | undefined
  /** What the template may say. */
  readonly object: JsonObject
  readonly locales: readonly string[]
  /** Where whoever asks for it comes from. */
  readonly peer: string
  /** Of all tries at this one letter, see `mayWriteOnce`. */
  readonly mayWrite: MayWrite
}

/** The letter, unless there is nobody to write to, nothing to say, or too much was said to them of late. */
export async function letterFor(
  realm: Realm,
  { template: name, address, account, object, locales, peer, mayWrite: may }: Subject,
): Promise<Letter | undefined> {
  const to = typeof address === 'string' ? readAddress(address) : undefined
  const own = member(object, 'preferredLocale')
  const languages = typeof own === 'string' ? [own, ...locales] : locales
  const template = await templateOf(realm, name, languages)
  if (to === undefined || template === undefined) {
    const reason = to ? 'no template' : 'no address'
    event('mail.withheld', { realm: realm.path, letter: name, reason })
    return undefined
  }
  if (!(await may(realm, to.address, peer, account))) {
    withheld(realm, name, 'too many letters')
    return undefined
  }
  return letterOf(template, to, withoutSecrets(object))
}

/** Says that a letter is not sent because of how many were. */
export function withheld({ path }: Realm, letter: string, reason: string): void {
  event('mail.withheld', { realm: path, letter, reason }, 'warn')
}

/**
 * Letters to one address that anybody may ask for: so many at once, then one in ten minutes; nobody's mailbox is filled
 * by whoever knows it. As many for an account by whoever has shown that it is theirs, which no stranger uses up.
 */
const toOne = { most: 10, perSecond: 1 / 600, free: 0 } as const

/** And because of what comes from one place, whoever they go to. */
const fromOne = { most: 100, perSecond: 1 / 10, free: 0 } as const

export async function mayWrite(
  realm: Realm,
  address: string,
  peer: string,
  account?: string,
): Promise<boolean> {
  const rates = ratesOf(realm.records)
  const source = counted(realm, 'letters', `from ${logHash(realm, sourceOf(peer))}`)
  if ((await rates.take(source, fromOne, realm.now)) > 0) return false
  const name = account === undefined ? logHash(realm, address.toLowerCase()) : `of ${account}`
  return (await rates.take(counted(realm, 'letters', name), toOne, realm.now)) === 0
}

type MayWrite = typeof mayWrite

/** The same for all tries at one letter: where a mail server did not take it, the next one takes nothing more. */
export function mayWriteOnce(): MayWrite {
  const asked = new Map<string, boolean>()
  return async (realm, address, peer, account) => {
    const known = asked.get(address)
    if (known !== undefined) return known
    const free = await mayWrite(realm, address, peer, account)
    asked.set(address, free)
    return free
  }
}

/** What proves somebody is in no letter. */
function withoutSecrets(object: JsonObject): JsonObject {
  const { password: _, kbaInfo: __, ...rest } = object
  return rest
}
