/** Looked for in this order: many browsers also carry the names of others. */
const browsers: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:(?:Headless)?Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
]

const systems: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Windows', /\bWindows\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac(?:intosh| OS X)\b/],
  ['Linux', /\bLinux\b/],
]

/**
 * What a user can tell a browser by, made of its User-Agent: `Firefox, Windows`. Of a program the name
 * it gives itself; empty where nothing is known. Of the header no more than that is kept.
 */
export function deviceName(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, 512)
  const known = [browsers, systems].flatMap((names) => {
    const found = names.find(([, sign]) => sign.test(text))
    return found === undefined ? [] : [found[0]]
  })
  if (known.length > 0) return known.join(', ')
  return /^[\w.-]{1,32}(?=\/)/.exec(text)?.[0] ?? ''
}
