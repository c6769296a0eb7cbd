import { contrastRatio, isColour } from '../base/contrast.ts'
import { accentGrounds, leastContrast, pictureData } from '../realm/provider/brand.ts'

type Accent = keyof typeof accentGrounds

const locale = /^[a-z]{2,3}(?:[-_][a-z0-9]+)*\|/i

/** Characters of an address that holds a picture of 32 KiB. */
const longestPicture = 45_000

/** A picture for every page: loaded over https, or handed over here. */
export function isLogo(text: string): boolean {
  if (text === '' || isAddress(text)) return true
  return text.length <= longestPicture && pictureData.test(text)
}

/** `address` or `locale|address`. */
export function isLocalisedAddress(text: string): boolean {
  return isAddress(text.replace(locale, ''))
}

function isAddress(text: string): boolean {
  if (!/^https:\/\/[!-~]{1,2000}$/.test(text) || !URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username === '' && password === ''
}

/** WCAG 2.2 §1.4.3: as a link on the page, and under the text of a button. */
export function isReadable(accent: Accent): (text: string) => boolean {
  return (text) => text === '' || (isColour(text) && contrastOf(accent, text) >= leastContrast)
}

/** What an accent has to be, and how far from it this one is. */
export function contrastWanted(accent: Accent): (text: string) => string {
  const { ground, ink } = accentGrounds[accent]
  const wants = `a colour like #1f4f9c with a contrast of at least ${leastContrast}:1 to ${[...new Set([ground, ink])].join(' and ')}`
  return (text) => (isColour(text) ? `${wants}; it has ${ratio(contrastOf(accent, text))}` : wants)
}

function contrastOf(accent: Accent, text: string): number {
  const { ground, ink } = accentGrounds[accent]
  return Math.min(contrastRatio(text, ground), contrastRatio(text, ink))
}

/** Rounded down, so that what falls short never looks as if it did not. */
function ratio(contrast: number): string {
  return `${Math.floor(contrast * 100) / 100}:1`
}
