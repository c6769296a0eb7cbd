import { setting } from '../../protocol/setting.ts'
import { shortLine } from '../../protocol/value/name.ts'
import { orNone, textOf, textsOf } from '../../protocol/value/text.ts'
import { accent, logo, pageAddress } from './brand-rule.ts'

const own = 'parapetConfig'

/** How a realm looks on the pages people see. */
export const brandProvider = {
  brandName: setting(
    own,
    'brandName',
    textsOf(shortLine),
    [],
    'Whose pages these are, as `text` or `locale|text`, above every page of the realm.',
  ),
  brandLogo: setting(
    own,
    'brandLogo',
    textOf(orNone(logo)),
    '',
    'Picture beside that name: an https address, or the picture itself as a `data:image/…;base64,` address of at most 32 KiB.',
  ),
  brandAccent: setting(
    own,
    'brandAccent',
    textOf(orNone(accent('brandAccent'))),
    '',
    'Colour of buttons and links, `#rrggbb`. On light pages it needs a contrast of 4.5:1 (WCAG 2.2 §1.4.3).',
  ),
  brandAccentDark: setting(
    own,
    'brandAccentDark',
    textOf(orNone(accent('brandAccentDark'))),
    '',
    'The same on dark pages. Unset: `brandAccent`, lightened until it can be read.',
  ),
  brandHelp: setting(
    own,
    'brandHelp',
    textsOf(pageAddress),
    [],
    'Where people find help, as `address` or `locale|address`; a link below every page.',
  ),
  brandPrivacy: setting(
    own,
    'brandPrivacy',
    textsOf(pageAddress),
    [],
    'What the realm says about privacy, as `address` or `locale|address`; a link below every page.',
  ),
} as const
