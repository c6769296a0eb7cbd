import { hash } from 'node:crypto'
import { isColour, mixed, readableOn } from '../base/contrast.ts'
import { memo } from '../base/memo.ts'
import type { OAuth2Provider } from '../realm/oauth2-provider.ts'
import { accentGrounds, leastContrast, pictureData } from '../realm/provider/brand-rule.ts'
import type { Realm } from '../realm/realm.ts'
import { shownAddress } from './address.ts'
import { localised } from './client-view.ts'
import type { Messages } from './messages/message.ts'
import type { StaticFile } from './static-file.ts'

/** How a realm shows itself, in the language of a page. */
export interface Brand {
  /** Empty where the realm has none. */
  readonly name: string
  /** Address of its picture; of our own where the setting holds the picture itself. */
  readonly logo?: string | undefined
  readonly help?: string | undefined
  readonly privacy?: string | undefined
  /** Address of the stylesheet with its colours. */
  readonly colours?: string | undefined
}

/** What every page has: the language it speaks, and whose it is. */
export interface Frame {
  readonly messages: Messages
  readonly brand: Brand
}

/** The frame of a page of this realm; without one, of a page that belongs to none. */
export function frameOf(realm: Realm | undefined, messages: Messages): Frame {
  return { messages, brand: realm === undefined ? unbranded : brandOf(realm, messages.lang) }
}

const unbranded: Brand = { name: '' }

function brandOf(realm: Realm, lang: string): Brand {
  const { brandName, brandLogo, brandHelp, brandPrivacy } = realm.provider
  const { colours, logo } = brandFiles(realm)
  return {
    name: localised(brandName, lang),
    logo: logo?.href ?? shownAddress(brandLogo),
    help: shownAddress(localised(brandHelp, lang)),
    privacy: shownAddress(localised(brandPrivacy, lang)),
    colours: colours?.href,
  }
}

/** What a realm’s settings give browsers to load. */
export interface BrandFiles {
  readonly colours: StaticFile | undefined
  readonly logo: StaticFile | undefined
}

export function brandFiles({ path, provider }: Pick<Realm, 'path' | 'provider'>): BrandFiles {
  const { colours, logo } = filesOf(provider)
  const inRealm = (file: StaticFile): StaticFile => ({
    ...file,
    href: `/am${file.path}?realm=${encodeURIComponent(path)}&v=${file.etag.slice(1, -1)}`,
  })
  return { colours: colours && inRealm(colours), logo: logo && inRealm(logo) }
}

const filesOf = memo((provider: OAuth2Provider): BrandFiles => {
  const css = colourSheet(provider)
  const [, type, data = ''] = pictureData.exec(provider.brandLogo) ?? []
  return {
    colours:
      css === '' ? undefined : fileOf(colourPath, 'text/css;charset=UTF-8', Buffer.from(css)),
    logo: type === undefined ? undefined : fileOf(logoPath, type, Buffer.from(data, 'base64')),
  }
})

/** Below `/am`. */
export const colourPath = '/XUI/brand.css'
export const logoPath = '/XUI/brand-logo'

function fileOf(path: string, type: string, body: Buffer): StaticFile {
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 16)}"`
  return { path, type, body, etag, href: '' }
}

/**
 * The realm’s colours over those of `parapet.css`. A dark accent that is not set is made of the light
 * one; what lies under the pointer stands out more, so it can be read no worse.
 */
function colourSheet({ brandAccent, brandAccentDark }: OAuth2Provider): string {
  const { ground } = accentGrounds.brandAccentDark
  const light = isColour(brandAccent) ? rule(brandAccent, '#000000', 'brandAccent') : ''
  const dark = isColour(brandAccentDark)
    ? brandAccentDark
    : light && readableOn(ground, '#ffffff', brandAccent, leastContrast)
  const inDark = dark && rule(dark, '#ffffff', 'brandAccentDark')
  return light + (inDark && `@media (prefers-color-scheme: dark) {\n${inDark}}\n`)
}

function rule(accent: string, away: string, name: keyof typeof accentGrounds): string {
  const strong = mixed(accent, away, 0.25)
  const { ink } = accentGrounds[name]
  return `:root {\n  --accent: ${accent};\n  --accent-strong: ${strong};\n  --on-accent: ${ink};\n}\n`
}
