/** The page of the rules that profile, realm and client decide together. */
import type { Term } from '../../src/client/terms/row.ts'
import { terms } from '../../src/client/terms.ts'
import { code, codes, page, table } from './markdown.ts'

/** `terms.md`: one line for each row. */
export function termsPage(): string {
  const rows = Object.entries<Term<unknown>>(terms).map(([name, row]) => [
    code(name),
    row.says,
    codes(row.profile ?? []),
    codes(row.realm ?? []),
    codes(row.client ?? []),
    row.combine,
    row.section,
  ])
  return page(
    'Terms',
    'src/client/terms.ts',
    'What a client is held to, where its profile, the realm and the client itself have a say: the setting of each, and how they become one value. What a profile says is in [profiles](profiles.md), the settings are in [realm settings](realm-settings.md) and [client metadata](client-metadata.md). Discovery shows what holds for a client of the realm’s own profile that has registered nothing of its own.',
    table(['Rule', 'What it is', 'Profile', 'Realm', 'Client', 'Together', 'From'], rows),
  )
}
