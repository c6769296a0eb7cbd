import type { Html } from '../base/html.ts'
import { html } from '../base/html.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { shownAddress } from './address.ts'
import { foreign, linkList, outerLink } from './layout.ts'
import type { Messages } from './messages/message.ts'

/** What pages say of a client. Addresses may be as registered: pages show only fit ones. */
export interface ClientView {
  readonly name: string
  /** One sentence of the client's own, for the consent page. */
  readonly description?: string | undefined
  readonly logo_uri?: string | undefined
  readonly policy_uri?: string | undefined
  readonly tos_uri?: string | undefined
  readonly client_uri?: string | undefined
}

/** One scope for the consent page; without words of its own it gets the built-in ones, or its name. */
export interface ScopeView {
  readonly name: string
  readonly text?: string | undefined
}

/** A resource that access is for; its name is its identifier. */
export interface ResourceView {
  readonly name: string
  readonly text: string
}

type Registered = Pick<
  ClientMetadata,
  | 'display_names'
  | 'descriptions'
  | 'client_name'
  | 'logo_uri'
  | 'policy_uri'
  | 'tos_uri'
  | 'client_uri'
  | 'scopes'
> & { readonly client_id: string }

/** A registered client as pages show it, in the language of the page. */
export function clientView(client: Registered, lang: string): ClientView {
  return {
    name:
      localised(client.display_names, lang) ||
      localised(client.client_name, lang) ||
      client.client_id,
    description: localised(client.descriptions, lang) || undefined,
    logo_uri: localised(client.logo_uri, lang),
    policy_uri: localised(client.policy_uri, lang),
    tos_uri: localised(client.tos_uri, lang),
    client_uri: localised(client.client_uri, lang),
  }
}

/** What a client is called, as it is registered: entries for `localised`. */
export function registeredNames(
  client: Pick<Registered, 'display_names' | 'client_name' | 'client_id'>,
): readonly string[] {
  const lists = [client.display_names, client.client_name]
  return lists.find((list) => list.some((entry) => parsed(entry).text !== '')) ?? [client.client_id]
}

/** The words a client registered for scopes: `scope`, `scope|text` or `scope|locale|text` (PingAM). */
export function scopeViews(
  client: Registered,
  scopes: Iterable<string>,
  lang: string,
): ScopeView[] {
  return [...scopes].map((name) => {
    const texts = client.scopes
      .filter((entry) => entry.startsWith(`${name}|`))
      .map((entry) => entry.slice(name.length + 1))
    return { name, text: localised(texts, lang) || undefined }
  })
}

/** Resources as pages name them; one that has no name in any language is called by its identifier. */
export function resourceViews(
  resources: readonly { readonly identifier: string; readonly displayNames: readonly string[] }[],
  lang: string,
): readonly ResourceView[] {
  return resources.map(({ identifier: name, displayNames }) => ({
    name,
    text: localised(displayNames, lang) || name,
  }))
}

/** The built-in words for a scope or a claim, or its name. */
export function wordsFor(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] as string) : name
}

/** The logo a page may load, for its policy. */
export function shownLogo(client: ClientView | undefined): string | undefined {
  return shownAddress(client?.logo_uri)
}

/** Links to what the client says of itself (OIDC Registration §2); undefined when it has none. */
export function clientLinks(messages: Messages, client: ClientView | undefined): Html | undefined {
  if (client === undefined) return undefined
  const { about, policy, terms } = messages.client
  const links: readonly (readonly [string, string | undefined, Html])[] = [
    ['client_uri', shownAddress(client.client_uri), about(foreign(client.name))],
    ['policy_uri', shownAddress(client.policy_uri), html`${policy}`],
    ['tos_uri', shownAddress(client.tos_uri), html`${terms}`],
  ]
  const shown = links.flatMap(([id, href, text]) =>
    href === undefined ? [] : [outerLink(messages, id, href, text)],
  )
  return shown.length === 0 ? undefined : linkList(shown)
}

/**
 * The entry for a language among `text` and `locale|text` entries: the same tag, then the same
 * primary language, then one without a locale, then the first. Empty, too, where it has nothing to be seen.
 */
export function localised(entries: readonly string[], lang: string): string {
  const all = entries.map(parsed)
  const found =
    all.find(({ locale }) => locale === lang) ??
    all.find(({ locale }) => locale.split('-', 1)[0] === lang) ??
    all.find(({ locale }) => locale === '') ??
    all[0]
  return found?.text ?? ''
}

function parsed(entry: string): { readonly locale: string; readonly text: string } {
  const [, locale = '', text = entry] = /^([a-z]{2,3}(?:[-_][a-z0-9]+)*)\|(.*)$/is.exec(entry) ?? []
  const shown = unseen.test(text) ? '' : text
  return { locale: locale.replaceAll('_', '-').toLowerCase(), text: shown }
}

/** Spaces, and characters that show nothing: a name of these alone would be a gap in a sentence. */
const unseen = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u
