import { setting, text, texts } from '../../protocol/setting.ts'

const own = 'parapetConfig'

/** How a realm looks on the pages people see. */
export const brandProvider = {
  brandName: setting(
    own,
    'brandName',
    texts,
    [],
    'Whose pages these are, as `text` or `locale|text`, above every page of the realm.',
  ),
  brandLogo: setting(
    own,
    'brandLogo',
    text,
    '',
    'Picture beside that name: an https address, or the picture itself as a `data:image/…;base64,` address of at most 32 KiB.',
  ),
  brandAccent: setting(
    own,
    'brandAccent',
    text,
    '',
    'Colour of buttons and links, `#rrggbb`. On light pages it needs a contrast of 4.5:1 (WCAG 2.2 §1.4.3).',
  ),
  brandAccentDark: setting(
    own,
    'brandAccentDark',
    text,
    '',
    'The same on dark pages. Unset: `brandAccent`, lightened until it can be read.',
  ),
  brandHelp: setting(
    own,
    'brandHelp',
    texts,
    [],
    'Where people find help, as `address` or `locale|address`; a link below every page.',
  ),
  brandPrivacy: setting(
    own,
    'brandPrivacy',
    texts,
    [],
    'What the realm says about privacy, as `address` or `locale|address`; a link below every page.',
  ),
} as const

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
