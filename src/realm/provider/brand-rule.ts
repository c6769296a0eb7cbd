import { contrastRatio, isColour } from '../../base/contrast.ts'
import type { TextRule } from '../../protocol/value/text.ts'

/**
 * What accents lie on, and what is written on them, in the colours of the stylesheet
 * (`src/page/parapet.css`).
 */
export const accentGrounds = {
  brandAccent: { ground: '#ffffff', ink: '#ffffff' },
  brandAccentDark: { ground: '#181e2a', ink: '#0d1729' },
} as const

/** WCAG 2.2 §1.4.3, level AA, for text of usual size. */
export const leastContrast = 4.5

/** A picture in an address (RFC 2397), of the kinds that browsers show. */
export const pictureData =
  /^data:(image\/(?:png|jpeg|gif|webp|svg\+xml));base64,([A-Za-z0-9+/]+={0,2})$/

const address = String.raw`https:\/\/[!-~]{1,2000}`
const locale = String.raw`[A-Za-z]{2,3}(?:[\-_][A-Za-z0-9]+)*\|`

/** Characters of an address that holds a picture of 32 KiB. */
const longestPicture = 45_000

/** A picture for every page: loaded over https, or handed over here. */
export const logo: TextRule = {
  one: 'an https address or a picture of at most 32 KiB',
  many: 'addresses of pictures',
  schema: {
    type: 'string',
    maxLength: longestPicture,
    pattern: `^${address}$|${pictureData.source}`,
    format: 'picture',
  },
  wrong: (text) =>
    isAddress(text) || (text.length <= longestPicture && pictureData.test(text))
      ? undefined
      : `must be ${logo.one}`,
}

/** `address` or `locale|address`. */
export const pageAddress: TextRule = {
  one: 'an https address',
  many: 'https addresses',
  schema: { type: 'string', pattern: `^(?:${locale})?${address}$`, format: 'page-address' },
  wrong: (text) =>
    isAddress(text.replace(new RegExp(`^${locale}`), ''))
      ? undefined
      : `must be ${pageAddress.one}`,
}

function isAddress(text: string): boolean {
  if (!new RegExp(`^${address}$`).test(text) || !URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username === '' && password === ''
}

/** WCAG 2.2 §1.4.3: a colour that can be read as a link on the page, and under the text of a button. */
export function accent(name: keyof typeof accentGrounds): TextRule {
  const { ground, ink } = accentGrounds[name]
  const one = `a colour like #1f4f9c with a contrast of at least ${leastContrast}:1 to ${[...new Set([ground, ink])].join(' and ')}`
  return {
    one,
    many: 'colours',
    schema: {
      type: 'string',
      pattern: '^#[0-9A-Fa-f]{6}$',
      format: `colour-on-${ground.slice(1)}`,
    },
    wrong(text) {
      if (!isColour(text)) return `must be ${one}`
      const contrast = Math.min(contrastRatio(text, ground), contrastRatio(text, ink))
      return contrast >= leastContrast ? undefined : `must be ${one}; it has ${ratio(contrast)}`
    },
  }
}

/** Rounded down, so that what falls short never looks as if it did not. */
function ratio(contrast: number): string {
  return `${Math.floor(contrast * 100) / 100}:1`
}
