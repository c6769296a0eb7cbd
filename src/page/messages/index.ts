import { de } from './de.ts'
import { en } from './en.ts'
import type { Messages } from './message.ts'

/** The languages there are, the fallback first. */
export const languages: readonly Messages[] = [en, de]

/**
 * The language to speak: `ui_locales` in the order sent (OIDC Core §3.1.2.1), then the browser's
 * Accept-Language by weight (RFC 9110 §12.5.4), then English. `de-AT` finds `de`.
 */
export function chooseMessages(
  ui_locales: readonly string[] = [],
  acceptLanguage: string | undefined = undefined,
): Messages {
  for (const tag of [...ui_locales, ...acceptedTags(acceptLanguage ?? '')]) {
    const primary = tag.split('-', 1)[0]?.toLowerCase()
    const found = languages.find(({ lang }) => lang === primary)
    if (found !== undefined) return found
  }
  return en
}

/** Language ranges of the field, heaviest first; weight 0 says "not this one". */
function acceptedTags(field: string): string[] {
  const weighted = field
    .slice(0, 1000)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((each) => each.trim())
      const q = parameters.find((each) => /^q=/i.test(each))
      return { tag, weight: q === undefined ? 1 : Number(q.slice(2)) }
    })
  return weighted
    .filter(({ weight }) => weight > 0 && weight <= 1)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}
